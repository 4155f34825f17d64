package dev.recaller.memory;

import static java.util.Objects.requireNonNull;

import java.util.UUID;

/** One caller's memory. The organization is part of the key, so an id alone never crosses organizations. */
public record MemoryId(String organizationId, UUID value) {
    public MemoryId {
        requireNonNull(organizationId, "organizationId is null");
        requireNonNull(value, "value is null");
    }
}
