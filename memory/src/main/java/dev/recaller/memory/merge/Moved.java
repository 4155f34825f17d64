package dev.recaller.memory.merge;

/** How many rows of each kind. */
public record Moved(int chunks, int calls, int entities, int relationships, int preferences) {}
