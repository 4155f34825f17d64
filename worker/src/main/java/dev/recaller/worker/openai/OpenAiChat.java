package dev.recaller.worker.openai;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.openai.client.OpenAIClient;
import com.openai.core.ObjectMappers;
import com.openai.core.RequestOptions;
import com.openai.errors.OpenAIException;
import com.openai.models.FunctionDefinition;
import com.openai.models.FunctionParameters;
import com.openai.models.chat.completions.ChatCompletionAssistantMessageParam;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.ChatCompletionFunctionTool;
import com.openai.models.chat.completions.ChatCompletionMessageFunctionToolCall;
import com.openai.models.chat.completions.ChatCompletionToolMessageParam;
import dev.recaller.flow.model.ChatModel;
import dev.recaller.flow.model.ModelException;
import dev.recaller.worker.speech.ProviderException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

final class OpenAiChat implements ChatModel {

    private static final Logger log = LoggerFactory.getLogger(OpenAiChat.class);

    private final OpenAIClient client;
    private final RequestOptions options;

    OpenAiChat(OpenAIClient client, RequestOptions options) {
        this.client = client;
        this.options = options;
    }

    @Override
    @SuppressWarnings("MustBeClosedChecker") // the answer closes it, or failed to open and did
    public Answer answer(Request request) {
        ProviderException last = null;
        for (String model : request.models()) {
            var params = params(request, model);
            try {
                return StreamedAnswer.open(
                        "answer by " + model, client.chat().completions().createStreaming(params, options));
            } catch (OpenAIException e) {
                last = Failures.provider("answer by " + model, e);
            } catch (ProviderException e) {
                last = e;
            }
            if (Thread.currentThread().isInterrupted()) {
                throw new ModelException("interrupted", last);
            }
            log.warn("{}", last.getMessage());
        }
        throw failed(last);
    }

    private static ModelException failed(@Nullable ProviderException last) {
        var cause = last == null ? ProviderException.refused("the request names no model", null) : last;
        return new ModelException("no model answered; " + cause.getMessage(), cause);
    }

    private static ChatCompletionCreateParams params(Request request, String model) {
        var params = ChatCompletionCreateParams.builder().model(model).addSystemMessage(request.system());
        for (var message : request.messages()) {
            switch (message) {
                case Message.Caller(var text) -> params.addUserMessage(text);
                case Message.Agent(var text) -> params.addAssistantMessage(text);
                case Message.Called(var said, var calls) -> params.addMessage(called(said, calls));
                case Message.Returned(var id, var result) ->
                    params.addMessage(ChatCompletionToolMessageParam.builder()
                            .toolCallId(id)
                            .content(result)
                            .build());
            }
        }
        request.functions().forEach(function -> params.addTool(tool(function)));
        return params.build();
    }

    private static ChatCompletionAssistantMessageParam called(String said, List<FunctionCall> calls) {
        var message = ChatCompletionAssistantMessageParam.builder();
        if (!said.isEmpty()) {
            message.content(said);
        }
        for (var call : calls) {
            message.addToolCall(ChatCompletionMessageFunctionToolCall.builder()
                    .id(call.id())
                    .function(ChatCompletionMessageFunctionToolCall.Function.builder()
                            .name(call.name())
                            .arguments(call.arguments())
                            .build())
                    .build());
        }
        return message.build();
    }

    private static ChatCompletionFunctionTool tool(Function function) {
        try {
            return ChatCompletionFunctionTool.builder()
                    .function(FunctionDefinition.builder()
                            .name(function.name())
                            .description(function.description())
                            .parameters(ObjectMappers.jsonMapper()
                                    .readValue(function.parameters(), FunctionParameters.class))
                            .build())
                    .build();
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(
                    "parameters of function " + function.name() + " are not a JSON object", e);
        }
    }
}
