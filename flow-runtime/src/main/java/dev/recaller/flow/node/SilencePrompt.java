package dev.recaller.flow.node;

import java.util.Locale;
import java.util.Map;

/** What a silent caller is asked. */
final class SilencePrompt {

    private static final String ENGLISH = "Are you still there?";

    private static final Map<String, String> BY_LANGUAGE = Map.of(
            "de", "Sind Sie noch da?",
            "es", "¿Sigue ahí?",
            "fr", "Vous êtes toujours là ?",
            "it", "È ancora in linea?",
            "nl", "Bent u er nog?",
            "pt", "Ainda está aí?");

    private SilencePrompt() {}

    static String in(Locale locale) {
        return BY_LANGUAGE.getOrDefault(locale.getLanguage(), ENGLISH);
    }
}
