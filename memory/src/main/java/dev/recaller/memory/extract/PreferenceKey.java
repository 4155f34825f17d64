package dev.recaller.memory.extract;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** The closed registry of preferences that have one value: a newer statement closes the older one. All others add up. */
public enum PreferenceKey {
    /** How to reach the caller: {@code sms}, {@code email}, {@code phone}, {@code whatsapp}, {@code post}. */
    CONTACT_CHANNEL("contact"),
    /** How not to; values as above. */
    CONTACT_AVOID("contact"),
    /** When to, in the caller's words: {@code after five}. */
    CONTACT_TIME("contact"),
    CALLBACK_NUMBER("contact"),
    EMAIL("contact"),
    ADDRESS("contact"),
    LANGUAGE("language");

    private final String category;

    PreferenceKey(String category) {
        this.category = category;
    }

    public static Optional<PreferenceKey> of(String key) {
        return Arrays.stream(values())
                .filter(known -> known.key().equals(key.strip().toLowerCase(Locale.ROOT)))
                .findFirst();
    }

    /** As it stands in the table: {@code contact_channel}. */
    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }

    public String category() {
        return category;
    }
}
