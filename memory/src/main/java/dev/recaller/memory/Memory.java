package dev.recaller.memory;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** One caller's memory as a row: who, how much, when last. */
public record Memory(
        MemoryId id,
        @Nullable String userId,
        @Nullable String phoneNumber,
        long conversationCount,
        long totalTokens,
        Instant createdAt,
        @Nullable Instant lastInteractionAt) {}
