package dev.recaller.worker.openai;

import com.openai.models.realtime.ConversationItem;
import dev.recaller.flow.model.ChatModel.FunctionCall;
import dev.recaller.flow.model.ChatModel.Message;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * A message of the talk, or a part of one, as an item of a realtime model's conversation.
 *
 * @param text of calls and results the call's id
 * @param item makes it, with this id
 */
record WantedItem(Kind kind, String text, Function<String, ConversationItem> item) {

    enum Kind {
        CALLER,
        AGENT,
        CALL,
        RESULT
    }

    static List<WantedItem> of(List<Message> messages) {
        List<WantedItem> all = new ArrayList<>();
        for (Message message : messages) {
            switch (message) {
                case Message.Caller(String text) ->
                    all.add(new WantedItem(Kind.CALLER, text, id -> RealtimeRequests.caller(id, text)));
                case Message.Agent(String text) -> all.add(agent(text));
                case Message.Called(String said, List<FunctionCall> calls) -> {
                    if (!said.isBlank()) {
                        all.add(agent(said));
                    }
                    calls.forEach(call ->
                            all.add(new WantedItem(Kind.CALL, call.id(), id -> RealtimeRequests.called(id, call))));
                }
                case Message.Returned(String callId, String result) ->
                    all.add(new WantedItem(Kind.RESULT, callId, id -> RealtimeRequests.returned(id, callId, result)));
            }
        }
        return all;
    }

    private static WantedItem agent(String text) {
        return new WantedItem(Kind.AGENT, text, id -> RealtimeRequests.agent(id, text));
    }
}
