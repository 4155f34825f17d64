package dev.recaller.memory.privacy;

import dev.recaller.memory.Entity;
import dev.recaller.memory.MemoryChunk;
import dev.recaller.memory.Preference;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What another organization lets be read of a caller, as far as its consent goes.
 *
 * @param name null: not shared, not known, or several people have the number
 * @param facts and events, oldest first
 * @param conversation turns, oldest first
 */
public record SharedMemory(
        Consent consent,
        @Nullable String name,
        List<Preference> preferences,
        List<MemoryChunk> facts,
        List<Entity> entities,
        List<MemoryChunk> conversation) {
    public SharedMemory {
        preferences = List.copyOf(preferences);
        facts = List.copyOf(facts);
        entities = List.copyOf(entities);
        conversation = List.copyOf(conversation);
    }
}
