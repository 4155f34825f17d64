package dev.recaller.memory;

import java.time.Duration;
import java.time.Instant;
import java.util.Locale;

/** How values of this package stand in the tables. */
final class Rows {

    private Rows() {}

    /** {@code CONVERSATION} as {@code conversation}. */
    static String text(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    static <E extends Enum<E>> E value(Class<E> type, String text) {
        return Enum.valueOf(type, text.toUpperCase(Locale.ROOT));
    }

    static dev.recaller.sql.schema.enums.Assurance stored(Assurance assurance) {
        return dev.recaller.sql.schema.enums.Assurance.valueOf(text(assurance));
    }

    static Instant expiry(Instant said, int retentionDays) {
        return said.plus(Duration.ofDays(retentionDays));
    }

    /** Model tokens, estimated: four characters each. */
    static int tokens(String text) {
        return Math.max(1, Math.ceilDiv(text.length(), 4));
    }
}
