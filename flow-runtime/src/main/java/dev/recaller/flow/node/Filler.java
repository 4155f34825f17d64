package dev.recaller.flow.node;

import java.util.Locale;
import java.util.Map;

/** What a caller is told who waits for a tool. */
final class Filler {

    private static final String ENGLISH = "One moment, please.";

    private static final Map<String, String> BY_LANGUAGE = Map.of(
            "de", "Einen Moment, bitte.",
            "es", "Un momento, por favor.",
            "fr", "Un instant, s'il vous plaît.",
            "it", "Un momento, per favore.",
            "nl", "Een ogenblik, alstublieft.",
            "pt", "Um momento, por favor.");

    private Filler() {}

    static String in(Locale locale) {
        return BY_LANGUAGE.getOrDefault(locale.getLanguage(), ENGLISH);
    }
}
