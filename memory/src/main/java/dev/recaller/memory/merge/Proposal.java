package dev.recaller.memory.merge;

import dev.recaller.memory.MemoryId;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A caller gave a user and a number that both have a memory: they may be one person's.
 *
 * @param into the user's memory
 * @param from the number's memory
 * @param proposedAt when both were given first
 */
public record Proposal(
        UUID id,
        MemoryId into,
        MemoryId from,
        @Nullable String userId,
        @Nullable String phoneNumber,
        Instant proposedAt) {}
