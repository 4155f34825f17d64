package dev.recaller.memory.extract;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

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

    /** The key whose same value this one takes back: who wants no text messages does not prefer them. Null: none. */
    public @Nullable PreferenceKey contrary() {
        return switch (this) {
            case CONTACT_CHANNEL -> CONTACT_AVOID;
            case CONTACT_AVOID -> CONTACT_CHANNEL;
            case CONTACT_TIME, CALLBACK_NUMBER, EMAIL, ADDRESS, LANGUAGE -> null;
        };
    }

    public String category() {
        return category;
    }
}
