package dev.recaller.memory;

import java.util.List;
import java.util.UUID;

/**
 * A chunk as it was read.
 *
 * @param memory id of the row of {@code user_memory} it belongs to
 * @param sources the turns a fact came from
 */
record Remembered(UUID memory, MemoryChunk chunk, List<UUID> sources) {

    UUID id() {
        return chunk.id().value();
    }

    boolean isTurn() {
        return chunk.type() == MemoryChunk.Type.CONVERSATION;
    }
}
