package dev.recaller.flow.node;

import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** What a dot behind a word means in a language. Words are compared in lower case. */
final class Abbreviations {

    enum Dot {
        /** The word needs none: the dot ends a sentence. */
        NONE,
        /** It belongs to the word, and more follows. */
        INSIDE,
        /** It belongs to the word where a number follows: {@code No. 5}. */
        BEFORE_A_NUMBER,
        /** The word is a number, which may be an ordinal. */
        NUMBER,
        /** It belongs to the word, which often is the last of a sentence as well: {@code at 8 a.m.} */
        MAY_END
    }

    private static final Pattern NUMBER = Pattern.compile("\\d{1,3}");
    private static final Pattern INITIAL = Pattern.compile("\\p{L}");
    private static final Pattern DOTTED = Pattern.compile("(?:\\p{L}\\.)+\\p{L}");
    private static final Pattern BEFORE_WORD = Pattern.compile("^[^\\p{L}\\p{N}]+|^\\d+(?=\\p{L})");

    /** Where ordinals are written with a dot: {@code am 5. Mai}. */
    private static final Set<String> ORDINALS = Set.of(
            "de", "da", "nb", "nn", "no", "fi", "cs", "sk", "pl", "hu", "tr", "hr", "sr", "sl", "et", "lv", "is");

    private static final Set<String> EVERYWHERE = Set.of("dr", "prof", "st", "tel", "mr", "mrs", "ms");

    private static final Map<String, Set<String>> INSIDE = Map.of(
            "en",
            words("rev gen sgt capt lt col gov sen rep mt ave blvd rd vs approx dept est esp incl hon messrs jr sr"),
            "de",
            words("hr fr frl bzw ca evtl ggf inkl exkl zzgl abzgl vgl mind str std mio mrd bspw sog geb gest tägl"
                    + " wöchentl allg nr abs jan feb aug sept okt nov dez usf"),
            "fr",
            words("m mm mme mlle me ste env av boul bd éts apr resp"),
            "es",
            words("ee.uu sra sr srta d dña ud uds vd avda av núm pág aprox dto dpto gral"),
            "it",
            words("sig sig.ra dott dott.ssa avv ing geom arch rag egr spett pag ca"),
            "pt",
            words("sr sra srta dra eng exmo exma av pág aprox"),
            "nl",
            words("dhr mevr mw drs ir ing bijv bv blz ca evt incl excl d.w.z"));

    private static final Map<String, Set<String>> BEFORE_A_NUMBER = Map.of(
            "en", words("no nos ext fig vol ch pp p art sec jan feb mar apr jun jul aug sep sept oct nov dec"),
            "de", words("max min art kap s"),
            "fr", words("no n p art chap vol"),
            "es", words("n nº no art vol cap p"),
            "it", words("n nr art vol cap p"),
            "pt", words("n nº art vol cap p"),
            "nl", words("nr art p no"));

    private static final Map<String, Set<String>> MAY_END = Map.of(
            "en", words("etc inc ltd co corp a.m p.m bros"),
            "de", words("usw etc u.a u.ä"),
            "fr", words("etc"),
            "es", words("etc a.m p.m"),
            "it", words("ecc"),
            "pt", words("etc"),
            "nl", words("enz etc"));

    private final String language;

    private Abbreviations(String language) {
        this.language = language;
    }

    static Abbreviations of(Locale locale) {
        return new Abbreviations(locale.getLanguage());
    }

    /**
     * @param written what stands before a dot, back to a space
     * @param first nothing stands before it in its sentence: a number is that of a list's entry
     */
    Dot before(String written, boolean first) {
        String cased = BEFORE_WORD.matcher(written).replaceAll("");
        String word = cased.toLowerCase(Locale.ROOT);
        if (NUMBER.matcher(word).matches()) {
            return first || (word.length() <= 2 && ORDINALS.contains(language)) ? Dot.INSIDE : Dot.NUMBER;
        }
        if (has(MAY_END, word)) {
            // A capital tells nothing where every noun has one.
            return language.equals("de") ? Dot.INSIDE : Dot.MAY_END;
        }
        if (has(BEFORE_A_NUMBER, word)) {
            return Dot.BEFORE_A_NUMBER;
        }
        boolean initial = INITIAL.matcher(word).matches() && !(language.equals("en") && word.equals("i"));
        return initial || DOTTED.matcher(word).matches() || EVERYWHERE.contains(word) || has(INSIDE, word)
                ? Dot.INSIDE
                : Dot.NONE;
    }

    private boolean has(Map<String, Set<String>> byLanguage, String word) {
        return byLanguage.getOrDefault(language, Set.of()).contains(word);
    }

    private static Set<String> words(String all) {
        return Set.copyOf(Arrays.asList(all.split(" ", -1)));
    }
}
