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
import java.util.List;

final class OpenAiChat implements ChatModel {

    private final OpenAIClient client;
    private final RequestOptions options;
    private final String model;

    OpenAiChat(OpenAIClient client, RequestOptions options, String model) {
        this.client = client;
        this.options = options;
        this.model = model;
    }

    @Override
    @SuppressWarnings("MustBeClosedChecker") // the answer closes it, or failed to open and did
    public Answer answer(Request request) {
        String what = "answer by " + model;
        try {
            return StreamedAnswer.open(what, client.chat().completions().createStreaming(params(request), options));
        } catch (OpenAIException e) {
            throw Failures.model(what, e);
        }
    }

    private ChatCompletionCreateParams params(Request request) {
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
