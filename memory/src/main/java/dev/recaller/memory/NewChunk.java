package dev.recaller.memory;

import static java.util.Objects.requireNonNull;

import java.util.List;

/** Something to remember beside the turns of a call. */
public record NewChunk(String content, MemoryChunk.Type type, double importance, List<String> topics) {
    public NewChunk {
        requireNonNull(content, "content is null");
        requireNonNull(type, "type is null");
        if (content.isBlank()) {
            throw new IllegalArgumentException("content is blank");
        }
        if (!(importance >= 0 && importance <= 1)) {
            throw new IllegalArgumentException("importance: " + importance + " is not 0 to 1");
        }
        topics = List.copyOf(topics);
    }
}
