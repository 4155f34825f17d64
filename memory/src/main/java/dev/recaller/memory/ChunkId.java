package dev.recaller.memory;

import static java.util.Objects.requireNonNull;

import java.util.UUID;

public record ChunkId(UUID value) {
    public ChunkId {
        requireNonNull(value, "value is null");
    }
}
