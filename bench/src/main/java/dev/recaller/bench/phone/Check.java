package dev.recaller.bench.phone;

import dev.recaller.memory.Speaker;
import org.jspecify.annotations.Nullable;

/** What must be so; texts are looked for whatever their case. */
sealed interface Check {

    /** The caller is greeted by this name; null: by none. */
    record Greets(@Nullable String name) implements Check {}

    record Prefers(String key, String value) implements Check {}

    record NoPreference(String key) implements Check {}

    /** Somebody the caller is or spoke of. */
    record Knows(String name) implements Check {}

    record DoesNotKnow(String name) implements Check {}

    /** Something recalled has this in it; said by this side when one is given. */
    record Recalls(String text, @Nullable Speaker by) implements Check {}

    /** Nothing recalled has this in it; nothing of this side's when one is given. */
    record DoesNotRecall(String text, @Nullable Speaker by) implements Check {}

    record RecallsNothing() implements Check {}

    /** A table has so many rows. */
    record Rows(String table, long count) implements Check {}

    /** A preference that was replaced is still readable. */
    record Formerly(String key, String value) implements Check {}

    /** The text is stored, or stored nowhere. */
    record Stored(String text, boolean anywhere) implements Check {}
}
