package dev.recaller.memory.extract;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The closed registry of preferences that have one value: a newer statement closes the older one. All others add up. */
public enum PreferenceKey {
    /** How to reach the caller: {@code sms}, {@code email}, {@code phone}, {@code whatsapp}, {@code post}. */
    CONTACT_CHANNEL("contact", "preferred_contact_method", "contact_method", "preferred_contact", "preferred_channel"),
    /** How not to; values as above. */
    CONTACT_AVOID("contact", "do_not_contact"),
    /** When to, in the caller's words: {@code after five}. */
    CONTACT_TIME(
            "contact", "preferred_time", "best_time", "best_time_to_call", "preferred_contact_time", "callback_time"),
    CALLBACK_NUMBER("contact", "phone", "phone_number", "contact_number", "callback", "mobile", "mobile_number"),
    EMAIL("contact", "e_mail", "email_address", "mail"),
    ADDRESS("contact", "home_address", "postal_address", "street_address"),
    LANGUAGE("language", "preferred_language", "spoken_language");

    private final String category;

    @SuppressWarnings("ImmutableEnumChecker") // made by List.of
    private final List<String> otherNames;

    PreferenceKey(String category, String... otherNames) {
        this.category = category;
        this.otherNames = List.of(otherNames);
    }

    /** The key of that name, or of one a model may give it. */
    public static Optional<PreferenceKey> of(String key) {
        String name = key.strip().toLowerCase(Locale.ROOT);
        return Arrays.stream(values())
                .filter(known -> known.key().equals(name) || known.otherNames.contains(name))
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

    /** A value as the table has it: numbers as digits, languages, channels and addresses of e-mail in lower case. */
    public String normal(String value) {
        String plain = value.strip();
        return switch (this) {
            case CALLBACK_NUMBER -> plain.replaceAll("[^0-9+]", "");
            case CONTACT_CHANNEL, CONTACT_AVOID, CONTACT_TIME, EMAIL, LANGUAGE -> plain.toLowerCase(Locale.ROOT);
            case ADDRESS -> plain;
        };
    }
}
