package dev.recaller.memory.extract;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Finds the caller's own name in what the caller says. Pure: the same words give the same names. */
public final class Introductions {

    private enum About {
        /** What the name is: can correct it. */
        NAME,
        /** Who is on the line: another person perhaps. */
        PERSON
    }

    private record Trigger(Pattern words, NameReader.Trust trust, About about) {
        Trigger(String words, NameReader.Trust trust, About about) {
            this(ignoringCase(words), trust, about);
        }
    }

    private record Found(int at, String name, boolean correction) {}

    private static final List<Trigger> TRIGGERS = List.of(
            new Trigger(
                    "\\bmy (?:full |first |given |real |actual |correct |new )?name(?:'s| is|s)"
                            + "(?:,? (?:now|actually|really|still))*[,:]?\\s+",
                    NameReader.Trust.STRONG,
                    About.NAME),
            new Trigger("\\bthe name(?:'s| is)\\s+", NameReader.Trust.STRONG, About.NAME),
            new Trigger("\\bi(?:'m| am|m) (?:called|named)\\s+", NameReader.Trust.STRONG, About.NAME),
            new Trigger("\\bi (?:now )?go by(?: the name(?: of)?)?\\s+", NameReader.Trust.STRONG, About.NAME),
            new Trigger(
                    "\\bchanged my name(?: back)?(?: to|[,.]? (?:so |and |now )?(?:it's|it is)(?: now)?)\\s+",
                    NameReader.Trust.STRONG,
                    About.NAME),
            new Trigger(
                    "(?<!don't |do not |never |not |did |didn't )\\b(?:call|calls) me\\s+",
                    NameReader.Trust.WEAK,
                    About.NAME),
            new Trigger(
                    "\\b(?:no|nope|sorry|actually)[,.!]?\\s+(?:no[,.!]?\\s+)?(?:it's|it is|its|that's)(?: actually)?\\s+",
                    NameReader.Trust.WEAK,
                    About.NAME),
            new Trigger("(?<!\\bif )(?<!whether )\\bthis is(?: still)?\\s+", NameReader.Trust.WEAK, About.PERSON),
            new Trigger("\\byou(?:'re| are) (?:speaking|talking) (?:to|with)\\s+", NameReader.Trust.WEAK, About.PERSON),
            new Trigger("\\b(?:i'm|i am|im)(?: actually)?\\s+", NameReader.Trust.WEAK, About.PERSON),
            new Trigger(
                    "(?:^|[.,!?]\\s*|\\b(?:hi|hello|hey|yes|yeah)\\s+)(?:it's|it is|its)(?: me)?[,]?\\s+",
                    NameReader.Trust.KNOWN,
                    About.NAME));

    private static final Pattern NAME_FIRST = ignoringCase(
            "(?:^|[.,!?]\\s*|\\b(?:hi|hello|hey|yes|yeah|uh|um)\\s+)(\\p{L}[\\p{L}' -]{0,40}?),? (speaking|here|is my name)\\b");

    private static final Pattern CORRECTION = ignoringCase(
            "\\b(?:changed my name|actually|i meant|correction|name wrong"
                    + "|(?:no|nope|sorry)[,.!]? (?:it's|it is|its|that's|my name|the name)|(?:not|isn't|wasn't) \\p{L}+[,.]? (?:it's|it is|but|my name))\\b");
    private static final Pattern ACTUALLY = ignoringCase("\\b(?:actually|changed my name)\\b");

    private static final Pattern ASKED =
            ignoringCase("\\byour (?:full |first )?name\\b|\\bwho(?:m)? (?:am i|are you|is this"
                    + "|is calling|do i have|i'm (?:talking|speaking)|i am (?:talking|speaking))|\\bwho's (?:this|calling)|\\bmay i ask who"
                    + "|\\b(?:what|how) (?:may|should|can|do|shall) i (?:call|address) you");
    private static final Pattern ASKED_TO_SPELL = ignoringCase("\\bspell");
    private static final Pattern FILLERS = ignoringCase(
            "^(?:(?:uh|um|er|oh|well|hi|hello|hey|yes|yeah|yep|sure|sure thing|ok|okay|of course|please"
                    + "|good (?:morning|afternoon|evening|day)|it's|it is|its|that's|that is|that would be)[,.!]{0,3}\\s+){0,9}");
    private static final Pattern SPELLING =
            ignoringCase("(?<![\\p{L}\\d'])\\p{L}(?:(?:[-.]|,? |\\. |, )\\p{L}(?![\\p{L}\\d'])){1,40}");
    private static final Pattern SAYS_SPELLED =
            ignoringCase("\\bspell(?:ed|t|s)?\\b|\\bspelling\\b|\\bname(?:'s| is|s)\\b");

    private static final Pattern WITHOUT =
            ignoringCase("\\b(\\p{L}{3,})[,]? (?:but )?without (?:an?|the)(?: letter)? (\\p{L})\\b(?!')");

    private Introductions() {}

    /**
     * The names the caller goes by in one turn, in the order they were said.
     *
     * @param before what the agent said right before; absent when it said nothing
     */
    public static List<Introduction> in(Utterance said, @Nullable String before) {
        if (!said.byCaller()) {
            return List.of();
        }
        String text = RadioAlphabet.letters(Speech.tidy(said.text()));
        List<Found> found = stated(text);
        boolean asked = before != null && ASKED.matcher(before).find();
        if (found.isEmpty() && asked) {
            found = answered(text);
        }
        List<Introduction> introductions = new ArrayList<>();
        for (Found name : found) {
            introductions.add(new Introduction(said.turn(), name.name(), false, name.correction()));
        }
        String shorter = withoutALetter(text);
        if (shorter != null) {
            introductions.add(new Introduction(said.turn(), shorter, true, true));
            return List.copyOf(introductions);
        }
        String spelled = spelled(text);
        if (spelled != null) {
            boolean expected =
                    asked || (before != null && ASKED_TO_SPELL.matcher(before).find());
            spell(
                    introductions,
                    said.turn(),
                    spelled,
                    expected || SAYS_SPELLED.matcher(text).find());
        }
        return List.copyOf(introductions);
    }

    private static List<Found> stated(String text) {
        var reader = new NameReader(text);
        List<Found> found = new ArrayList<>();
        for (Trigger trigger : TRIGGERS) {
            Matcher matcher = trigger.words().matcher(text);
            while (matcher.find()) {
                String name = reader.read(matcher.end(), trigger.trust());
                if (name != null && found.stream().noneMatch(other -> other.at() == matcher.end())) {
                    found.add(new Found(matcher.end(), name, corrects(text.substring(0, matcher.end()), trigger)));
                }
            }
        }
        Matcher matcher = NAME_FIRST.matcher(text);
        while (matcher.find()) {
            NameReader.Trust trust =
                    matcher.group(2).equalsIgnoreCase("here") ? NameReader.Trust.KNOWN : NameReader.Trust.WEAK;
            String words = matcher.group(1).replaceAll("(?i)^(?:(?:hi|hello|hey|yes|yeah|uh|um)[ ,]+){1,9}", "");
            String name = new NameReader(words).read(0, trust);
            int at = matcher.start(1);
            if (name != null
                    && name.split(" ", -1).length == words.split(" ", -1).length
                    && found.stream().noneMatch(other -> other.at() >= at && other.at() <= matcher.end(1))) {
                found.add(new Found(at, name, false));
            }
        }
        found.sort(Comparator.comparingInt(Found::at));
        return found;
    }

    private static boolean corrects(String until, Trigger trigger) {
        return switch (trigger.about()) {
            case NAME -> CORRECTION.matcher(until).find();
            case PERSON ->
                !trigger.words().pattern().contains("this is")
                        && ACTUALLY.matcher(until).find();
        };
    }

    /** "John." and "John Smith, hello" where the agent has just asked. */
    private static List<Found> answered(String text) {
        Matcher fillers = FILLERS.matcher(text);
        int start = fillers.find() ? fillers.end() : 0;
        String name = new NameReader(text).read(start, NameReader.Trust.STRONG);
        if (name == null) {
            return List.of();
        }
        String rest = text.substring(Math.min(text.length(), start + name.length()));
        boolean ends = rest.isBlank()
                || rest.matches("(?s)\\s*[.,!?;].*|(?i)\\s+(?:and|from|speaking|here|calling|with)\\b.*");
        return ends
                ? List.of(new Found(
                        start,
                        name,
                        CORRECTION.matcher(text.substring(0, start)).find()))
                : List.of();
    }

    private static @Nullable String spelled(String text) {
        String plain = text.replaceAll("(?i)\\b(\\p{L}) (?:as in|like|for) \\p{L}+", "$1")
                .replaceAll("(?i)\\bdouble[- ](\\p{L})\\b", "$1-$1");
        Matcher matcher = SPELLING.matcher(plain);
        String longest = null;
        while (matcher.find()) {
            String letters = matcher.group().replaceAll("[^\\p{L}]", "");
            if (letters.length() >= 2 && (longest == null || letters.length() > longest.length())) {
                longest = letters;
            }
        }
        return longest == null ? null : NameReader.written(longest.toLowerCase(Locale.ROOT));
    }

    /** "John without an h" */
    private static @Nullable String withoutALetter(String text) {
        Matcher matcher = WITHOUT.matcher(text);
        if (!matcher.find()) {
            return null;
        }
        String name = new NameReader(matcher.group(1)).read(0, NameReader.Trust.KNOWN);
        return name == null || name.contains(" ")
                ? null
                : NameReader.written(name.toLowerCase(Locale.ROOT)
                        .replaceFirst(matcher.group(2).toLowerCase(Locale.ROOT), ""));
    }

    private static void spell(List<Introduction> introductions, int turn, String spelled, boolean expected) {
        if (introductions.isEmpty()) {
            if (expected && spelled.length() >= 3) {
                introductions.add(new Introduction(turn, spelled, true, false));
            }
            return;
        }
        Introduction last = introductions.getLast();
        String name = respell(last.name(), spelled);
        if (name != null) {
            introductions.set(introductions.size() - 1, new Introduction(turn, name, true, last.correction()));
        }
    }

    /** The name with the word that the spelling is of written as spelled; null when it is of none of its words. */
    static @Nullable String respell(String name, String letters) {
        String[] words = name.split(" ", -1);
        for (int i = 0; i < words.length; i++) {
            if (Names.alike(words[i], letters)) {
                words[i] = letters;
                return String.join(" ", words);
            }
        }
        for (int i = 0; i < words.length; i++) {
            if (words[i].regionMatches(true, 0, letters, 0, 1)) {
                words[i] = letters;
                return String.join(" ", words);
            }
        }
        return null;
    }

    private static Pattern ignoringCase(String words) {
        return Pattern.compile(words, Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE);
    }
}
