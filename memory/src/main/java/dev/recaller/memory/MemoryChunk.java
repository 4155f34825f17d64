package dev.recaller.memory;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One remembered piece: a turn of a call, or a fact, preference or event.
 *
 * @param importance 0 to 1
 * @param callId, turn, speaker of a conversation chunk; absent where it came from elsewhere
 * @param tokens estimated model tokens of the content
 */
public record MemoryChunk(
        ChunkId id,
        Type type,
        String content,
        double importance,
        List<String> topics,
        @Nullable UUID callId,
        @Nullable Integer turn,
        @Nullable Speaker speaker,
        Instant saidAt,
        int tokens) {

    public enum Type {
        CONVERSATION,
        FACT,
        PREFERENCE,
        EVENT
    }

    public MemoryChunk {
        requireNonNull(id, "id is null");
        requireNonNull(type, "type is null");
        requireNonNull(content, "content is null");
        requireNonNull(saidAt, "saidAt is null");
        topics = List.copyOf(topics);
    }
}
