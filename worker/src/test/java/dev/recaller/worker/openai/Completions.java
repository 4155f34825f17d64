package dev.recaller.worker.openai;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.openai.core.ObjectMappers;

/** Answers of a chat model as its API has them. */
public final class Completions {

    private Completions() {}

    public static String of(String content) {
        return of("stop", content);
    }

    static String of(String finishReason, String content) {
        return completion(finishReason, "\"content\":" + quoted(content));
    }

    static String refusal(String words) {
        return completion("stop", "\"content\":null,\"refusal\":" + quoted(words));
    }

    private static String completion(String finishReason, String message) {
        return "{\"id\":\"c\",\"object\":\"chat.completion\",\"created\":1,\"model\":\"m\",\"choices\":[{\"index\":0,"
                + "\"finish_reason\":\"" + finishReason + "\",\"message\":{\"role\":\"assistant\"," + message + "}}],"
                + "\"usage\":{\"prompt_tokens\":70,\"completion_tokens\":7,\"total_tokens\":77}}";
    }

    private static String quoted(String text) {
        try {
            return ObjectMappers.jsonMapper().writeValueAsString(text);
        } catch (JsonProcessingException e) {
            throw new AssertionError(e);
        }
    }
}
