package dev.recaller.flow.node;

import dev.recaller.flow.FlowContext;
import dev.recaller.flow.expression.Data;
import dev.recaller.flow.model.ChatModel.FunctionCall;
import dev.recaller.flow.model.ChatModel.Message;
import dev.recaller.memory.Turn;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The talk as one agent's model is given it: what was said in the call, what functions were called and what they
 * returned, and in place of what was too much a summary. For the flow's thread.
 */
final class AgentConversation {

    /** As elsewhere: three bytes of UTF-8 a token, which overestimates. */
    private static final int BYTES_A_TOKEN = 3;

    private final FlowContext context;
    private final List<Message> messages = new ArrayList<>();
    private int seen;
    private String summary = "";

    AgentConversation(FlowContext context) {
        this.context = context;
    }

    /** Takes in what was said since. */
    void follow() {
        List<Turn> turns = context.turns();
        for (Turn turn : turns.subList(seen, turns.size())) {
            switch (turn.speaker()) {
                case CALLER -> hear(messages, turn.text());
                case AGENT ->
                    messages.add(new Message.Agent(
                            context.wasInterrupted(turn) ? turn.text() + " ... (interrupted)" : turn.text()));
            }
        }
        seen = turns.size();
    }

    /** As it will be when the caller says this. */
    List<Message> with(String words) {
        List<Message> all = new ArrayList<>(messages);
        hear(all, words);
        return all;
    }

    /** Who goes on before an answer was heard says one thing in two pieces. */
    private static void hear(List<Message> messages, String words) {
        if (!messages.isEmpty() && messages.getLast() instanceof Message.Caller(String before)) {
            messages.removeLast();
            messages.add(new Message.Caller(before + " " + words));
        } else {
            messages.add(new Message.Caller(words));
        }
    }

    /**
     * An answer that called functions, with what they returned; what was said since {@link #follow} belongs to it, and is
     * not taken in again.
     */
    void called(String said, List<FunctionCall> calls, List<Message.Returned> results) {
        messages.add(new Message.Called(said, calls));
        messages.addAll(results);
        seen = context.turns().size();
    }

    List<Message> messages() {
        return List.copyOf(messages);
    }

    /** What stands for the messages that are not there any more, as a part of the instructions; empty when all are. */
    String before() {
        return summary.isEmpty() ? "" : "\nWhat was said earlier in this call, in short: " + Data.quote(summary);
    }

    int tokens() {
        return tokens(messages) + tokens(summary);
    }

    /** How many of the oldest messages to give up so that the whole is so many tokens at most; the last one stays. */
    int older(int tokens) {
        int count = 0;
        int left = tokens();
        for (int end = next(0); end < messages.size() && left > tokens; end = next(end)) {
            left -= tokens(messages.subList(count, end));
            count = end;
        }
        return count;
    }

    /** The oldest messages as lines, for a model to sum up; what anybody said is marked as data. */
    String lines(int count) {
        String lines =
                messages.subList(0, count).stream().map(AgentConversation::line).collect(Collectors.joining("\n"));
        return summary.isEmpty() ? lines : "before: " + Data.quote(summary) + "\n" + lines;
    }

    /** Gives up the oldest messages for this summary of them and of all before. */
    void sumUp(int count, String text) {
        messages.subList(0, count).clear();
        summary = text;
    }

    /** Gives up the oldest messages for nothing. */
    void drop(int count) {
        messages.subList(0, count).clear();
    }

    /** Where the next message begins that may be the first: none that a call before it asked for. */
    private int next(int from) {
        int next = from + 1;
        while (next < messages.size() && messages.get(next) instanceof Message.Returned) {
            next++;
        }
        return next;
    }

    private static String line(Message message) {
        return switch (message) {
            case Message.Caller(String text) -> "caller: " + Data.quote(text);
            case Message.Agent(String text) -> "you: " + Data.quote(text);
            case Message.Called(String said, List<FunctionCall> calls) ->
                "you: " + Data.quote(said) + " and called "
                        + calls.stream()
                                .map(call -> call.name() + " " + Data.quote(call.arguments()))
                                .collect(Collectors.joining(", "));
            case Message.Returned(String id, String result) -> "function returned: " + Data.quote(result);
        };
    }

    private static int tokens(List<Message> messages) {
        return messages.stream()
                .mapToInt(message -> switch (message) {
                    case Message.Caller(String text) -> tokens(text);
                    case Message.Agent(String text) -> tokens(text);
                    case Message.Called(String said, List<FunctionCall> calls) ->
                        tokens(said)
                                + calls.stream()
                                        .mapToInt(call -> tokens(call.name()) + tokens(call.arguments()))
                                        .sum();
                    case Message.Returned(String id, String result) -> tokens(result);
                })
                .sum();
    }

    private static int tokens(String text) {
        return Math.ceilDiv(text.getBytes(StandardCharsets.UTF_8).length, BYTES_A_TOKEN);
    }
}
