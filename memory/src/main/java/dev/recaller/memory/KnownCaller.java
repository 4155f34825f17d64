package dev.recaller.memory;

import org.jspecify.annotations.Nullable;

/**
 * A caller of an organization, as a list shows one.
 *
 * @param name the current one; null when none was said or several people have the number
 */
public record KnownCaller(Memory memory, @Nullable String name) {}
