package dev.recaller.worker.caller;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What a carrier says of a caller's number after it verified its signature (STIR/SHAKEN; 3GPP TS 24.229, 7.2A.20). */
enum Verstat {
    /** Attestation A: the caller is known and may use the number. Carriers write it with and without the letter. */
    FULL,
    /** B or C, not signed, or the signature is wrong. */
    LESS;

    private static final Pattern PARAMETER = Pattern.compile(";\\s*verstat\\s*=\\s*\"?([^;>\"@\\s]+)");

    /** The parameter {@code verstat} of a telephone number or a URI; null when there is none. */
    static @Nullable Verstat in(@Nullable String telephone) {
        if (telephone == null) {
            return null;
        }
        Matcher parameter = PARAMETER.matcher(telephone.toLowerCase(Locale.ROOT));
        return parameter.find() ? of(parameter.group(1)) : null;
    }

    /** A value that stands by itself; null when it is empty. */
    static @Nullable Verstat of(@Nullable String value) {
        if (value == null || value.isBlank()) {
            return null;
        }
        return switch (value.strip().toLowerCase(Locale.ROOT)) {
            case "tn-validation-passed", "tn-validation-passed-a" -> FULL;
            default -> LESS;
        };
    }
}
