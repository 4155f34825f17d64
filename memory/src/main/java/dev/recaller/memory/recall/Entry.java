package dev.recaller.memory.recall;

import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** One passage and all that a search needs to know of it, made once. Immutable to those who look. */
final class Entry {

    private static final Set<String> SELF = Set.of("i", "my", "me", "we", "our", "us", "mine", "ours", "myself");
    private static final Set<String> ASKING = Set.of(
            ("are can could did do does has have how is may shall should was were what when where which who whose why will"
                            + " would")
                    .split(" "));
    private static final Set<String> TIMES = Set.of(
            ("ago afternoon afternoons april august autumn birthday day days december evening evenings february fortnight"
                            + " friday fridays hour hours january july june last march midday midnight minute minutes monday"
                            + " mondays month months morning mornings next night noon november october recently saturday"
                            + " saturdays september since spring summer sunday sundays thursday thursdays today tomorrow"
                            + " tonight tuesday tuesdays wednesday wednesdays week weekend weekends weeks winter year years"
                            + " yesterday")
                    .split(" "));
    private static final Set<String> NUMBERS = Set.of(
            ("couple double dozen eight eighteen eighty eleven fifteen fifty first five forty four fourteen half hundred"
                            + " hundreds nine nineteen ninety once one second seven seventeen seventy several single six"
                            + " sixteen sixty ten third thirteen thirty thousand three triple twelve twenty twice two")
                    .split(" "));
    private static final Pattern YEAR_OR_DAY = Pattern.compile("(?:19|20)\\d\\d|\\d{1,2}(?:st|nd|rd|th|am|pm)");

    private final Passage passage;
    private final @Nullable Vectors vectors;
    private final Terms words;
    private final boolean asks;
    private final boolean personal;
    private final boolean time;
    private final boolean number;
    private volatile @Nullable Terms letters;
    private volatile @Nullable Terms phrases;

    Entry(Passage passage, @Nullable Vectors vectors, Vocabulary vocabulary) {
        this.passage = passage;
        this.vectors = vectors;
        List<String> said = Words.said(passage.text());
        words = vocabulary.terms(passage.speaker() == null ? List.of() : vocabulary.speaker(passage.speaker()), said);
        String text = passage.text().strip();
        asks = text.endsWith("?") || (!said.isEmpty() && !endsAsSentence(text) && ASKING.contains(said.getFirst()));
        boolean self = false;
        boolean count = false;
        boolean when = false;
        for (String word : said) {
            boolean digits = Character.isDigit(word.charAt(0));
            self |= SELF.contains(word);
            count |= digits || NUMBERS.contains(word);
            when |= TIMES.contains(word) || (digits && YEAR_OR_DAY.matcher(word).matches());
        }
        personal = self;
        number = count;
        time = when;
    }

    private Entry(Entry entry, Vectors vectors) {
        passage = entry.passage;
        this.vectors = vectors;
        words = entry.words;
        asks = entry.asks;
        personal = entry.personal;
        time = entry.time;
        number = entry.number;
        letters = entry.letters;
        phrases = entry.phrases;
    }

    Entry with(Vectors made) {
        return new Entry(this, made);
    }

    Passage passage() {
        return passage;
    }

    @Nullable
    Vectors vectors() {
        return vectors;
    }

    Terms words() {
        return words;
    }

    /** Made when first asked for: only a search without vectors does. */
    Terms letters() {
        Terms made = letters;
        if (made == null) {
            made = Terms.letters(Words.of(Unit.text(passage)));
            letters = made;
        }
        return made;
    }

    /** As {@link #letters}. */
    Terms phrases() {
        Terms made = phrases;
        if (made == null) {
            made = Terms.phrases(Words.of(Unit.text(passage)));
            phrases = made;
        }
        return made;
    }

    /** Whether it is a question; speech recognition may leave the question mark out. */
    boolean asks() {
        return asks;
    }

    boolean personal() {
        return personal;
    }

    boolean hasTime() {
        return time;
    }

    boolean hasNumber() {
        return number;
    }

    private static boolean endsAsSentence(String text) {
        return text.endsWith(".") || text.endsWith("!");
    }
}
