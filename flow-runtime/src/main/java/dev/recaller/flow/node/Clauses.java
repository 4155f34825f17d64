package dev.recaller.flow.node;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Finds where the beginning of an unfinished sentence may be spoken already: behind a comma, before a conjunction or a
 * finite verb, after some more words before a preposition. Never inside a number, a name, a quotation or brackets, and only
 * when enough was said for the rest to be ready before it is missed.
 */
final class Clauses {

    private static final int MIN_WORDS = 3;
    private static final int MIN_LETTERS = 15;
    /** "and" joins words more often than clauses. */
    private static final int WORDS_BEFORE_AND = 5;

    private static final int WORDS_BEFORE_PREPOSITION = 6;
    private static final int MIN_IDEOGRAPHS = 8;

    /**
     * Words of a language by what they do.
     *
     * @param verbs finite ones, and conjunctions and relatives that begin a clause
     * @param joining and, or
     * @param clinging those a speaker does not pause after: articles, pronouns, numbers' words
     */
    private record Words(Set<String> verbs, Set<String> joining, Set<String> prepositions, Set<String> clinging) {
        static Words of(String verbs, String joining, String prepositions, String clinging) {
            return new Words(split(verbs), split(joining), split(prepositions), split(clinging));
        }

        private static Set<String> split(String words) {
            return Set.copyOf(Arrays.asList(words.split(" ", -1)));
        }

        boolean clings(String word) {
            return clinging.contains(word) || prepositions.contains(word) || joining.contains(word);
        }
    }

    private static final Map<String, Words> BY_LANGUAGE = Map.of(
            "en",
            Words.of(
                    "is are was were will would can could has had should may might must does did isn't aren't won't"
                            + " can't but because if when while although which who unless whether",
                    "and or",
                    "at in on for from to with between until after before during about by of without",
                    "a an the my your our his her its their this that these those i you he she it we they who what"
                            + " which how where when there here not no so very too if because as but is are was were"
                            + " will would can could has have had do does did should may might must be i'm you're we're"
                            + " one two three four five six seven eight nine ten eleven twelve twenty thirty forty"
                            + " fifty hundred thousand mr mrs ms dr let's please"),
            "de",
            Words.of(
                    "ist sind war waren wird werden kann können hat haben hatte möchte muss müssen soll sollte darf"
                            + " würde dass weil wenn ob aber denn sondern",
                    "und oder",
                    "um am im in an auf für von mit zwischen bis nach vor bei zu zum zur",
                    "der die das den dem des ein eine einen einem einer mein meine ihr ihre ihren unser unsere ich du"
                            + " er sie es wir man was wer wie wo nicht kein keine sehr zu so dass weil wenn ob ist"
                            + " sind war wird kann hat eins zwei drei vier fünf sechs sieben acht neun zehn herr frau"),
            "fr",
            Words.of(
                    "est sont était sera seront peut pouvez avez avons a ont mais parce car lorsque si qui",
                    "et ou",
                    "à de du des pour avec entre dans sur après avant chez par en au aux",
                    "le la les l' un une mon ma mes votre vos notre nos son sa ses ce cette ces je tu il elle on nous"
                            + " vous ils elles que qui ne pas très si est sont a deux trois quatre cinq six sept huit"
                            + " neuf dix y"),
            "es",
            Words.of(
                    "es está están son será puede pueden tiene tienen hay ha han pero porque si cuando",
                    "y o",
                    "a de del para con entre en por hasta desde sobre después antes al",
                    "el la los las un una mi su sus nuestro nuestra este esta ese esa yo tú usted él ella nosotros que"
                            + " quien no muy si es está son se lo le dos tres cuatro cinco seis siete ocho nueve diez"),
            "it",
            Words.of(
                    "è sono sarà può possono ha hanno ma perché se quando",
                    "e o",
                    "a di da per con tra fra in su dopo prima al alla alle dal del della",
                    "il lo la i gli le un una uno mio mia suo sua nostro questa questo io lei lui noi che chi non molto"
                            + " se è sono ha si due tre quattro cinque sei sette otto nove dieci"),
            "pt",
            Words.of(
                    "é está estão são será pode podem tem têm há mas porque se quando",
                    "e ou",
                    "a de do da para com entre em no na por até desde sobre depois antes às ao",
                    "o os as um uma meu minha seu sua nosso nossa este esta eu você ele ela nós que quem não muito se é"
                            + " está são dois três quatro cinco seis sete oito nove dez"),
            "nl",
            Words.of(
                    "is zijn was waren wordt worden kan kunnen heeft hebben moet moeten zal zullen maar want omdat als",
                    "en of",
                    "om op in aan voor van met tussen tot na bij naar",
                    "de het een mijn uw onze ons zijn haar dit dat deze die ik u je jij hij zij wij we wat wie hoe waar"
                            + " niet geen zeer te is kan heeft twee drie vier vijf zes zeven acht negen tien"));

    private static final Words UNKNOWN = new Words(Set.of(), Set.of(), Set.of(), Set.of());

    private final Words words;

    private record Word(String text, int start, int end) {
        boolean capital() {
            return Character.isUpperCase(text.charAt(0));
        }

        char last() {
            return text.charAt(text.length() - 1);
        }

        String bare() {
            return text.toLowerCase(Locale.ROOT);
        }

        boolean isDash() {
            return text.equals("-") || text.equals("–") || text.equals("—");
        }

        boolean hasDigit() {
            return text.chars().anyMatch(Character::isDigit);
        }
    }

    private Clauses(Words words) {
        this.words = words;
    }

    static Clauses of(Locale locale) {
        return new Clauses(BY_LANGUAGE.getOrDefault(locale.getLanguage(), UNKNOWN));
    }

    /** Where to cut, behind a word; -1 for nowhere yet. */
    int end(CharSequence unfinished) {
        int wide = wideComma(unfinished);
        if (wide >= 0) {
            return wide;
        }
        List<Word> found = words(unfinished);
        for (int i = MIN_WORDS; i < found.size(); i++) {
            Word before = found.get(i - 1);
            if (before.end - found.getFirst().start >= MIN_LETTERS
                    && mayCut(before, found.get(i), i)
                    && nothingOpen(unfinished, before.end)) {
                return before.end;
            }
        }
        return -1;
    }

    private boolean mayCut(Word before, Word next, int count) {
        if (before.isDash() || next.isDash() || before.hasDigit() || next.hasDigit()) {
            return before.isDash() && !next.hasDigit();
        }
        if (",;:".indexOf(before.last()) >= 0) {
            return !next.capital() || next.bare().matches("i|i'm|i'll|i've");
        }
        boolean closed = "\")]”»".indexOf(before.last()) >= 0;
        if ((!Character.isLetter(before.last()) && !closed) || words.clings(before.bare())) {
            return false;
        }
        String word = next.bare();
        return words.verbs.contains(word)
                || (words.joining.contains(word) && count >= WORDS_BEFORE_AND && !before.capital())
                || (words.prepositions.contains(word) && count >= WORDS_BEFORE_PREPOSITION && !before.capital());
    }

    private static int wideComma(CharSequence text) {
        for (int i = MIN_IDEOGRAPHS; i + 1 < text.length(); i++) {
            if (text.charAt(i) == '，' && nothingOpen(text, i)) {
                return i + 1;
            }
        }
        return -1;
    }

    private static boolean nothingOpen(CharSequence text, int end) {
        int brackets = 0;
        int quotes = 0;
        for (int i = 0; i < end; i++) {
            char c = text.charAt(i);
            brackets += "([{“„«「『".indexOf(c) >= 0 ? 1 : 0;
            brackets -= ")]}”»」』".indexOf(c) >= 0 ? 1 : 0;
            quotes += "\"*`_".indexOf(c) >= 0 ? 1 : 0;
        }
        return brackets <= 0 && quotes % 2 == 0;
    }

    /**
     * All words; of the last, what is there. Models write a whole word at a time, so that it seldom becomes another; if it does,
     * the speech pauses where it need not. A single letter is the beginning of too many.
     */
    private static List<Word> words(CharSequence text) {
        List<Word> words = new ArrayList<>();
        int start = -1;
        for (int i = 0; i <= text.length(); i++) {
            boolean space = i == text.length() || Character.isWhitespace(text.charAt(i));
            if (!space && start < 0) {
                start = i;
            } else if (space && start >= 0) {
                if (i < text.length() || i - start > 1) {
                    words.add(new Word(text.subSequence(start, i).toString(), start, i));
                }
                start = -1;
            }
        }
        return words;
    }
}
