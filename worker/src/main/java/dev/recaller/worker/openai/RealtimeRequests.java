package dev.recaller.worker.openai;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.openai.core.JsonValue;
import com.openai.core.ObjectMappers;
import com.openai.models.realtime.ConversationItem;
import com.openai.models.realtime.ConversationItemCreateEvent;
import com.openai.models.realtime.ConversationItemDeleteEvent;
import com.openai.models.realtime.ConversationItemTruncateEvent;
import com.openai.models.realtime.InputAudioBufferCommitEvent;
import com.openai.models.realtime.RealtimeAudioConfig;
import com.openai.models.realtime.RealtimeAudioConfigInput;
import com.openai.models.realtime.RealtimeAudioConfigOutput;
import com.openai.models.realtime.RealtimeAudioFormats.AudioPcm;
import com.openai.models.realtime.RealtimeClientEvent;
import com.openai.models.realtime.RealtimeConversationItemAssistantMessage;
import com.openai.models.realtime.RealtimeConversationItemFunctionCall;
import com.openai.models.realtime.RealtimeConversationItemFunctionCallOutput;
import com.openai.models.realtime.RealtimeConversationItemUserMessage;
import com.openai.models.realtime.RealtimeFunctionTool;
import com.openai.models.realtime.RealtimeResponseCreateParams;
import com.openai.models.realtime.RealtimeSessionCreateRequest;
import com.openai.models.realtime.ResponseCancelEvent;
import com.openai.models.realtime.ResponseCreateEvent;
import com.openai.models.realtime.SessionUpdateEvent;
import dev.recaller.flow.model.ChatModel;
import dev.recaller.flow.model.ChatModel.FunctionCall;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a realtime model is told, as events of the API. */
final class RealtimeRequests {

    /** Id of events that may come too late to be of use; the error that answers one means nothing. */
    static final String MAY_FAIL = "may-fail";

    private RealtimeRequests() {}

    /** The model speaks in this voice, and does nothing by itself: whose turn it is we decide. */
    static RealtimeClientEvent settings(String voice) {
        var pcm = AudioPcm.builder()
                .type(AudioPcm.Type.AUDIO_PCM)
                .rate(AudioPcm.Rate._24000)
                .build();
        var audio = RealtimeAudioConfig.builder()
                .input(RealtimeAudioConfigInput.builder()
                        .format(pcm)
                        .turnDetection(Optional.empty())
                        .build())
                .output(RealtimeAudioConfigOutput.builder()
                        .format(pcm)
                        .voice(voice)
                        .build())
                .build();
        return RealtimeClientEvent.ofSessionUpdate(SessionUpdateEvent.builder()
                .session(RealtimeSessionCreateRequest.builder()
                        .audio(audio)
                        .addOutputModality(RealtimeSessionCreateRequest.OutputModality.AUDIO)
                        .build())
                .build());
    }

    static RealtimeClientEvent commit() {
        return RealtimeClientEvent.ofInputAudioBufferCommit(
                InputAudioBufferCommitEvent.builder().build());
    }

    /** @param after the item before it; null for the last */
    static RealtimeClientEvent create(ConversationItem item, @Nullable String after) {
        var event = ConversationItemCreateEvent.builder().item(item);
        if (after != null) {
            event.previousItemId(after);
        }
        return RealtimeClientEvent.ofConversationItemCreate(event.build());
    }

    static RealtimeClientEvent delete(String item) {
        return RealtimeClientEvent.ofConversationItemDelete(ConversationItemDeleteEvent.builder()
                .eventId(MAY_FAIL)
                .itemId(item)
                .build());
    }

    /** @param millis more than 0, less than there are */
    static RealtimeClientEvent truncate(String item, long millis) {
        return RealtimeClientEvent.ofConversationItemTruncate(ConversationItemTruncateEvent.builder()
                .eventId(MAY_FAIL)
                .itemId(item)
                .contentIndex(0)
                .audioEndMs(millis)
                .build());
    }

    static RealtimeClientEvent cancel() {
        return RealtimeClientEvent.ofResponseCancel(
                ResponseCancelEvent.builder().eventId(MAY_FAIL).build());
    }

    /** @param id told by an error that refuses it */
    static RealtimeClientEvent answer(String id, ChatModel.Request request) {
        var response = RealtimeResponseCreateParams.builder()
                .addOutputModality(RealtimeResponseCreateParams.OutputModality.AUDIO)
                .instructions(request.system())
                .tools(request.functions().stream()
                        .map(RealtimeRequests::tool)
                        .map(RealtimeResponseCreateParams.Tool::ofRealtimeFunction)
                        .toList());
        return RealtimeClientEvent.ofResponseCreate(ResponseCreateEvent.builder()
                .eventId(id)
                .response(response.build())
                .build());
    }

    static ConversationItem caller(String id, String text) {
        return caller(
                id,
                RealtimeConversationItemUserMessage.Content.builder()
                        .type(RealtimeConversationItemUserMessage.Content.Type.INPUT_TEXT)
                        .text(text)
                        .build());
    }

    static ConversationItem callerSounds(String id, short[] pcm24k) {
        return caller(
                id,
                RealtimeConversationItemUserMessage.Content.builder()
                        .type(RealtimeConversationItemUserMessage.Content.Type.INPUT_AUDIO)
                        .audio(RealtimeSocket.base64(pcm24k))
                        .build());
    }

    static ConversationItem agent(String id, String text) {
        return ConversationItem.ofRealtimeConversationItemAssistantMessage(
                RealtimeConversationItemAssistantMessage.builder()
                        .id(id)
                        .addContent(RealtimeConversationItemAssistantMessage.Content.builder()
                                .type(RealtimeConversationItemAssistantMessage.Content.Type.OUTPUT_TEXT)
                                .text(text)
                                .build())
                        .build());
    }

    static ConversationItem called(String id, FunctionCall call) {
        return ConversationItem.ofFunctionCall(RealtimeConversationItemFunctionCall.builder()
                .id(id)
                .callId(call.id())
                .name(call.name())
                .arguments(call.arguments())
                .build());
    }

    static ConversationItem returned(String id, String callId, String result) {
        return ConversationItem.ofFunctionCallOutput(RealtimeConversationItemFunctionCallOutput.builder()
                .id(id)
                .callId(callId)
                .output(result)
                .build());
    }

    private static ConversationItem caller(String id, RealtimeConversationItemUserMessage.Content content) {
        return ConversationItem.ofRealtimeConversationItemUserMessage(RealtimeConversationItemUserMessage.builder()
                .id(id)
                .addContent(content)
                .build());
    }

    private static RealtimeFunctionTool tool(ChatModel.Function function) {
        try {
            return RealtimeFunctionTool.builder()
                    .type(RealtimeFunctionTool.Type.FUNCTION)
                    .name(function.name())
                    .description(function.description())
                    .parameters(
                            JsonValue.fromJsonNode(ObjectMappers.jsonMapper().readTree(function.parameters())))
                    .build();
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("the parameters of " + function.name() + " are no JSON", e);
        }
    }
}
