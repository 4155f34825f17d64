package dev.recaller.flow.node;

import java.text.Normalizer;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/** How somebody is asked whether they take a call, and how they answer, in the languages of {@link StockPhrase}. */
final class TakingOver {

    enum Answer {
        YES,
        NO,
        UNCLEAR
    }

    /** Who says more than that talks of something else; a mailbox does. */
    private static final int LONGEST = 60;

    private static final TakingOver ENGLISH = new TakingOver(
            "To take the call, say yes or press 1. Otherwise press 2.",
            "I have a caller for you.",
            "yes|yeah|yep|yup|sure|ok|okay|of course|go ahead|put (?:him|her|them) through|i'll take it|i will take it",
            "no|nope|not|busy|later|can't|cannot|don't|won't");

    private static final Map<String, TakingOver> BY_LANGUAGE = Map.of(
            "en",
            ENGLISH,
            "de",
            new TakingOver(
                    "Um das Gespräch anzunehmen, sagen Sie Ja oder drücken Sie die 1. Sonst drücken Sie die 2.",
                    "Ich habe jemanden für Sie in der Leitung.",
                    "ja|jawohl|jo|klar|gerne|gern|ok|okay|in ordnung|stellen sie durch|durchstellen",
                    "nein|nee|ne|nicht|spater|kein|keine"),
            "es",
            new TakingOver(
                    "Para atender la llamada, diga sí o pulse 1. Si no, pulse 2.",
                    "Tengo a alguien en línea para usted.",
                    "si|claro|vale|de acuerdo|por supuesto|adelante|ok",
                    "no|ahora no|luego|despues"),
            "fr",
            new TakingOver(
                    "Pour prendre l'appel, dites oui ou appuyez sur 1. Sinon, appuyez sur 2.",
                    "J'ai quelqu'un en ligne pour vous.",
                    "oui|ouais|d'accord|bien sur|allez-y|ok",
                    "non|pas|plus tard"),
            "it",
            new TakingOver(
                    "Per prendere la chiamata, dica sì o prema 1. Altrimenti, prema 2.",
                    "Ho una persona in linea per lei.",
                    "si|certo|va bene|d'accordo|ok|volentieri",
                    "no|non|piu tardi|dopo"),
            "nl",
            new TakingOver(
                    "Om het gesprek aan te nemen, zegt u ja of drukt u op 1. Druk anders op 2.",
                    "Ik heb iemand voor u aan de lijn.",
                    "ja|jazeker|goed|oke|ok|prima|natuurlijk|graag",
                    "nee|niet|geen|later"),
            "pt",
            new TakingOver(
                    "Para atender a chamada, diga sim ou prima 1. Caso contrário, prima 2.",
                    "Tenho alguém em linha para si.",
                    "sim|claro|esta bem|ok|com certeza|pode passar",
                    "nao|agora nao|depois|mais tarde"));

    private final String question;
    private final String announcement;
    private final Pattern yes;
    private final Pattern no;

    private TakingOver(String question, String announcement, String yes, String no) {
        this.question = question;
        this.announcement = announcement;
        this.yes = word(yes);
        this.no = word(no);
    }

    /** What they are asked. */
    static String question(Locale locale) {
        return in(locale).question;
    }

    /** What they are told where nothing else is known. */
    static String announcement(Locale locale) {
        return in(locale).announcement;
    }

    /** What they mean; "no, yes, put her through" is neither. */
    static Answer answer(String words, Locale locale) {
        String plain = Normalizer.normalize(words.toLowerCase(Locale.ROOT), Normalizer.Form.NFD)
                .replace('\u2019', '\'')
                .replaceAll("\\p{M}", "");
        TakingOver ways = in(locale);
        boolean yes = ways.yes.matcher(plain).find();
        boolean no = ways.no.matcher(plain).find();
        return words.length() > LONGEST || yes == no ? Answer.UNCLEAR : yes ? Answer.YES : Answer.NO;
    }

    private static TakingOver in(Locale locale) {
        return BY_LANGUAGE.getOrDefault(locale.getLanguage(), ENGLISH);
    }

    private static Pattern word(String words) {
        return Pattern.compile("(?<![\\p{L}'])(?:" + words + ")(?![\\p{L}'])");
    }
}
