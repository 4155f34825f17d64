package dev.recaller.worker.speech;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What signs are called in a language.
 *
 * @param monthFirst dates with slashes begin with the month
 * @param dot in an address, as are the next four
 * @param dollars of $, € and £; of the first, a whole one and its hundredth are told apart in English only
 * @param hours between hours and minutes
 */
record SpokenWords(
        String language,
        boolean monthFirst,
        String dot,
        String at,
        String slash,
        String dash,
        String underscore,
        String dollars,
        String euros,
        String pounds,
        String percent,
        String and,
        String until,
        String hours,
        List<Abbreviation> abbreviations) {

    /** Read badly by voices, or not at all. */
    record Abbreviation(Pattern written, String said) {
        static Abbreviation of(String pattern, String said) {
            return new Abbreviation(Pattern.compile(pattern), said);
        }
    }

    private static final List<Abbreviation> ENGLISH = List.of(
            Abbreviation.of("\\b[eE]\\.g\\.", "for example"),
            Abbreviation.of("\\bi\\.e\\.", "that is"),
            Abbreviation.of("\\b[aA]pprox\\.", "approximately"),
            Abbreviation.of("\\bvs\\.", "versus"),
            Abbreviation.of("\\b[nN]o\\. ?(?=\\d)|#(?=\\d)", "number "),
            Abbreviation.of("\\bw/ ?(?=\\p{L})", "with "),
            Abbreviation.of("\\b24/7\\b", "24 7"),
            Abbreviation.of("(?<=\\d) ?km/h\\b", " kilometers an hour"),
            Abbreviation.of("(?<=\\d) ?mph\\b", " miles an hour"),
            Abbreviation.of("(?<=\\d) ?km\\b", " kilometers"),
            Abbreviation.of("(?<=\\d) ?kg\\b", " kilograms"),
            Abbreviation.of("(?<=\\d) ?cm\\b", " centimeters"),
            Abbreviation.of("(?<=\\d) ?mm\\b", " millimeters"),
            Abbreviation.of("(?<=\\d) ?lbs?\\b", " pounds"),
            Abbreviation.of("(?<=\\d) ?ft\\b", " feet"),
            Abbreviation.of("(?<=\\d) ?(?:hrs|h)\\b", " hours"),
            Abbreviation.of("(?<=\\d) ?mins?\\b", " minutes"),
            Abbreviation.of("(?<=\\d) ?°F\\b", " degrees Fahrenheit"),
            Abbreviation.of("(?<=\\d) ?°C\\b", " degrees Celsius"),
            Abbreviation.of("(?<=\\d) ?sq\\.? ?ft\\b", " square feet"));

    private static final List<Abbreviation> GERMAN = List.of(
            Abbreviation.of("\\bz\\. ?B\\.", "zum Beispiel"),
            Abbreviation.of("\\bd\\. ?h\\.", "das heißt"),
            Abbreviation.of("\\bbzw\\.", "beziehungsweise"),
            Abbreviation.of("\\bca\\.", "circa"),
            Abbreviation.of("\\busw\\.", "und so weiter"),
            Abbreviation.of("\\bNr\\. ?(?=\\d)", "Nummer "),
            Abbreviation.of("(?<=\\d) ?km/h\\b", " Kilometer pro Stunde"),
            Abbreviation.of("(?<=\\d) ?°C\\b", " Grad"),
            Abbreviation.of("(?<=\\d) ?km\\b", " Kilometer"),
            Abbreviation.of("(?<=\\d) ?kg\\b", " Kilogramm"));

    private static final Map<String, SpokenWords> BY_LANGUAGE = Map.of(
            "en",
                    new SpokenWords(
                            "en",
                            false,
                            "dot",
                            "at",
                            "slash",
                            "dash",
                            "underscore",
                            "dollars",
                            "euros",
                            "pounds",
                            "percent",
                            "and",
                            "to",
                            "",
                            ENGLISH),
            "de",
                    new SpokenWords(
                            "de",
                            false,
                            "Punkt",
                            "ät",
                            "Schrägstrich",
                            "Bindestrich",
                            "Unterstrich",
                            "Dollar",
                            "Euro",
                            "Pfund",
                            "Prozent",
                            "und",
                            "bis",
                            "Uhr",
                            GERMAN),
            "fr",
                    new SpokenWords(
                            "fr",
                            false,
                            "point",
                            "arobase",
                            "slash",
                            "tiret",
                            "tiret bas",
                            "dollars",
                            "euros",
                            "livres",
                            "pour cent",
                            "et",
                            "à",
                            "heures",
                            List.of()),
            "es",
                    new SpokenWords(
                            "es",
                            false,
                            "punto",
                            "arroba",
                            "barra",
                            "guion",
                            "guion bajo",
                            "dólares",
                            "euros",
                            "libras",
                            "por ciento",
                            "y",
                            "a",
                            "y",
                            List.of()),
            "it",
                    new SpokenWords(
                            "it",
                            false,
                            "punto",
                            "chiocciola",
                            "barra",
                            "trattino",
                            "trattino basso",
                            "dollari",
                            "euro",
                            "sterline",
                            "per cento",
                            "e",
                            "a",
                            "e",
                            List.of()),
            "pt",
                    new SpokenWords(
                            "pt",
                            false,
                            "ponto",
                            "arroba",
                            "barra",
                            "hífen",
                            "sublinhado",
                            "dólares",
                            "euros",
                            "libras",
                            "por cento",
                            "e",
                            "a",
                            "horas e",
                            List.of()),
            "nl",
                    new SpokenWords(
                            "nl",
                            false,
                            "punt",
                            "apenstaartje",
                            "slash",
                            "streepje",
                            "laag streepje",
                            "dollar",
                            "euro",
                            "pond",
                            "procent",
                            "en",
                            "tot",
                            "uur",
                            List.of()));

    /** Signs stay signs: what a voice makes of them is better than another language's words. */
    private static final SpokenWords UNKNOWN =
            new SpokenWords("", false, ".", "@", "/", "-", "_", "$", "€", "£", "%", "&", "-", ":", List.of());

    static SpokenWords of(Locale locale) {
        SpokenWords words = BY_LANGUAGE.getOrDefault(locale.getLanguage(), UNKNOWN);
        boolean american = locale.getLanguage().equals("en")
                && (locale.getCountry().isEmpty() || locale.getCountry().equals("US"));
        return american ? words.monthFirst(true) : words;
    }

    private SpokenWords monthFirst(boolean first) {
        return new SpokenWords(
                language,
                first,
                dot,
                at,
                slash,
                dash,
                underscore,
                dollars,
                euros,
                pounds,
                percent,
                and,
                until,
                hours,
                abbreviations);
    }

    /** Hours have a morning and an afternoon. */
    boolean halfDays() {
        return language.equals("en");
    }

    String inAddress(int letter) {
        return switch (letter) {
            case '.' -> spaced(dot);
            case '@' -> spaced(at);
            case '/' -> spaced(slash);
            case '-' -> spaced(dash);
            case '_' -> spaced(underscore);
            default -> Character.toString(letter);
        };
    }

    private String spaced(String word) {
        return language.isEmpty() ? word : " " + word + " ";
    }

    String time(int hour, String minutes) {
        if (language.isEmpty()) {
            return hour + ":" + minutes;
        }
        if (minutes.equals("00")) {
            return switch (language) {
                case "es", "it" -> String.valueOf(hour);
                case "pt" -> hour + " horas";
                default -> hour + " " + hours;
            };
        }
        return hour + " " + hours + " " + Integer.parseInt(minutes);
    }

    String currency(String sign) {
        return switch (sign) {
            case "$" -> dollars;
            case "£" -> pounds;
            default -> euros;
        };
    }

    String money(String whole, @Nullable String hundredths, String sign) {
        String name = currency(sign);
        boolean english = language.equals("en");
        String named = whole + " " + (whole.equals("1") && english ? name.substring(0, name.length() - 1) : name);
        if (hundredths == null || hundredths.equals("00")) {
            return named;
        }
        int cents = Integer.parseInt(hundredths);
        if (!english) {
            return named + " " + cents;
        }
        String part = sign.equals("£") ? "pence" : cents == 1 ? "cent" : "cents";
        return whole.equals("0") ? cents + " " + part : named + " and " + cents + " " + part;
    }
}
