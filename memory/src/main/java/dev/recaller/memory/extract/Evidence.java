package dev.recaller.memory.extract;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.time.format.TextStyle;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The caller's words that a proposal names as its evidence, and whether they bear it out. A model may rephrase; it may not
 * add.
 *
 * <ul>
 *   <li>A number, an e-mail address or a name (a word with a capital inside a sentence) has to be said, as digits or spelled
 *       out.
 *   <li>A short value (up to three words that mean something) has to be said whole; of a longer one and of a sentence at
 *       least {@value #SHARE} of the words, in any form: works, working.
 *   <li>A relation has to be said by one of its words or by a cue of its kind: "at Acme" for {@code works_for}.
 *   <li>What is said as a denial is not stored as its contrary: "I don't like tea".
 * </ul>
 *
 * <p>Limits: words are compared, not meanings. A synonym drops what is true ("physician" said as "doctor"); words said of
 * somebody else, or in another order, can bear out what is false. English cues only; a language without blanks between
 * words has few.
 */
public final class Evidence {

    static final double SHARE = 0.5;

    private static final int SHORT = 3;
    private static final Pattern EMAIL = Pattern.compile("[^\\s@]+@[^\\s@]+");
    private static final Pattern DIGITS = Pattern.compile("\\d[\\d ().+-]*\\d|\\d");
    private static final Pattern CAPITALISED = Pattern.compile("(?<=[\\p{L}\\p{N},;'\")] )\\p{Lu}[\\p{L}'’]+");
    private static final Pattern CLAUSE =
            Pattern.compile("[.,;!?\\n]+|\\bbut\\b|\\bthough\\b", Pattern.CASE_INSENSITIVE);
    private static final Pattern DENIAL = Pattern.compile(
            "\\b(?:not|no|never|none|nor|neither|without|cannot|stop|stopped|quit|hates?|dislikes?|avoids?|refuses?|no longer)\\b|n't\\b"
                    + "|\\b(?:dont|cant|wont|isnt|doesnt|didnt)\\b",
            Pattern.CASE_INSENSITIVE);

    private static final Map<String, Set<String>> SAID_OF = Map.ofEntries(
            Map.entry("sms", Set.of("sms", "text", "texts", "texting", "message", "messages")),
            Map.entry("email", Set.of("email", "emails", "mail", "e")),
            Map.entry("phone", Set.of("phone", "telephone", "call", "calls", "calling", "ring", "mobile", "cell")),
            Map.entry("post", Set.of("post", "mail", "letter", "letters")),
            Map.entry("whatsapp", Set.of("whatsapp", "whats")));

    /** Words that are said where a relation holds, for relations whose own words are seldom said. */
    private static final Map<String, Set<String>> CUES = Map.ofEntries(
            Map.entry(
                    "works",
                    Set.of(
                            "work",
                            "job",
                            "employed",
                            "employee",
                            "employer",
                            "at",
                            "company",
                            "boss",
                            "colleague",
                            "office",
                            "hired")),
            Map.entry("employed", Set.of("work", "job", "at", "company", "employer", "hired")),
            Map.entry(
                    "lives",
                    Set.of("live", "home", "house", "apartment", "moved", "move", "reside", "from", "address", "here")),
            Map.entry("resides", Set.of("live", "home", "house", "apartment", "moved", "move", "address")),
            Map.entry("located", Set.of("in", "at", "near", "from")),
            Map.entry("is", Set.of("in", "at", "is", "are", "called", "named")),
            Map.entry("married", Set.of("wife", "husband", "spouse", "wedding", "marry", "partner")),
            Map.entry(
                    "parent",
                    Set.of(
                            "son",
                            "daughter",
                            "child",
                            "children",
                            "kid",
                            "kids",
                            "mother",
                            "father",
                            "mom",
                            "dad",
                            "mum")),
            Map.entry("child", Set.of("son", "daughter", "mother", "father", "mom", "dad", "mum", "parents")),
            Map.entry("sibling", Set.of("brother", "sister")),
            Map.entry("owns", Set.of("my", "bought", "own", "have", "our")),
            Map.entry("has", Set.of("my", "have", "got", "our")),
            Map.entry("travels", Set.of("trip", "fly", "flight", "going", "travel", "vacation", "holiday")));

    private static final Set<String> TRUE = Set.of("true", "yes");
    private static final Set<String> FALSE = Set.of("false", "no");

    private final List<String> clauses;
    private final List<List<String>> words;
    private final String digits;
    private final String letters;

    private Evidence(List<String> turns) {
        this.clauses = turns.stream()
                .flatMap(turn -> CLAUSE.splitAsStream(turn.replace('’', '\'')))
                .filter(clause -> !clause.isBlank())
                .toList();
        this.words = clauses.stream().map(Wording::words).toList();
        var said = new StringBuilder();
        turns.forEach(turn -> {
            Wording.words(turn).stream().filter(Wording::isNumber).forEach(said::append);
            said.append(' ');
        });
        this.digits = said.toString();
        this.letters = squeezed(
                String.join(" ", turns).replaceAll("(?i)\\s+at\\s+", "@").replaceAll("(?i)\\s+dot\\s+", "."));
    }

    /** Turns of the caller; those that dictate what to store are none. */
    public static Evidence of(List<String> turns) {
        return new Evidence(
                turns.stream().filter(turn -> !Instructions.areIn(turn)).toList());
    }

    /** Whether a name of somebody or something was said. */
    public boolean names(String name) {
        return bearsOut(name, true);
    }

    /** Whether a sentence about the caller or about somebody they named is borne out. */
    public boolean says(String sentence) {
        return bearsOut(sentence, false) && agrees(sentence, Wording.words(sentence));
    }

    /** Whether no number, e-mail address or name of it is new; for a summary, which says the rest in its own words. */
    public boolean introducesNothing(String sentence) {
        return numbersAreSaid(sentence) && emailsAreSaid(sentence) && namesAreSaid(sentence);
    }

    /** Whether the caller stated a preference: its value, or with {@code true} and {@code false} its key. */
    public boolean states(String key, String value) {
        String subject = key.replace('_', ' ');
        String plain = value.strip().toLowerCase(Locale.ROOT);
        Set<String> spoken = PreferenceKey.of(key).isPresent() ? SAID_OF.get(plain) : null;
        if (spoken != null) {
            return words.stream().anyMatch(clause -> clause.stream().anyMatch(spoken::contains));
        }
        if (TRUE.contains(plain) || FALSE.contains(plain)) {
            String claim = FALSE.contains(plain) ? "not " + subject : subject;
            return bearsOut(subject, true) && agrees(claim, Wording.words(subject));
        }
        if (EMAIL.matcher(plain).matches()) {
            return letters.contains(squeezed(plain));
        }
        return bearsOut(value, true) && agrees(subject + " " + value, Wording.words(value));
    }

    /** Whether a relation, lower case words joined by {@code _}, was said. */
    public boolean relates(String relation) {
        List<String> said = words.stream().flatMap(List::stream).toList();
        for (String word : Wording.words(relation.replace('_', ' '))) {
            boolean own = Wording.isContent(word) && said.stream().anyMatch(other -> Wording.alike(word, other));
            boolean cued = CUES.entrySet().stream()
                    .filter(cue -> Wording.alike(cue.getKey(), word))
                    .anyMatch(cue -> said.stream()
                            .anyMatch(other -> cue.getValue().contains(other)
                                    || cue.getValue().stream()
                                            .anyMatch(kind -> kind.length() > 3 && Wording.alike(kind, other))));
            if (own || cued) {
                return true;
            }
        }
        return false;
    }

    /**
     * The date of an event as far as the caller said it: day and month have to be, a year that was not is the one that
     * brings it nearest to {@code saidAt}. What was said as "tomorrow" stays as it was said.
     *
     * @param proposed as {@code 2026-12-03}
     * @return null when it is no date or was not said
     */
    public @Nullable String date(String proposed, Instant saidAt) {
        LocalDate date;
        try {
            date = LocalDate.parse(proposed);
        } catch (DateTimeParseException e) {
            return null;
        }
        List<String> said = words.stream().flatMap(List::stream).toList();
        String month =
                date.getMonth().getDisplayName(TextStyle.FULL, Locale.ENGLISH).toLowerCase(Locale.ROOT);
        boolean monthSaid =
                said.stream().anyMatch(word -> word.equals(month) || (word.length() >= 3 && month.startsWith(word)));
        if (!monthSaid || !said.contains(Integer.toString(date.getDayOfMonth()))) {
            return null;
        }
        if (said.contains(Integer.toString(date.getYear()))) {
            return date.toString();
        }
        LocalDate then = LocalDate.ofInstant(saidAt, ZoneOffset.UTC);
        return Stream.of(-1, 0, 1)
                .map(year -> date.withYear(then.getYear() + year))
                .min(Comparator.comparingLong(near -> Math.abs(ChronoUnit.DAYS.between(then, near))))
                .map(LocalDate::toString)
                .orElse(null);
    }

    private boolean bearsOut(String text, boolean value) {
        if (!introducesNothing(text)) {
            return false;
        }
        List<String> all = Wording.words(EMAIL.matcher(text).replaceAll(" "));
        List<String> content = content(all);
        if (content.isEmpty()) {
            return value && !all.isEmpty() && all.stream().allMatch(word -> Wording.isNumber(word) || isSaid(word));
        }
        long said = content.stream().filter(this::isSaid).count();
        return said >= (value && content.size() <= SHORT ? content.size() : Math.ceil(SHARE * content.size()));
    }

    private boolean numbersAreSaid(String text) {
        return DIGITS.matcher(text)
                .results()
                .allMatch(number -> digits.contains(number.group().replaceAll("\\D", "")));
    }

    private boolean emailsAreSaid(String text) {
        return EMAIL.matcher(text)
                .results()
                .allMatch(email -> letters.contains(squeezed(email.group().replaceFirst("[.,;!?]+$", ""))));
    }

    private boolean namesAreSaid(String text) {
        return CAPITALISED
                .matcher(text)
                .results()
                .flatMap(name -> Wording.words(name.group()).stream())
                .filter(Wording::isContent)
                .allMatch(this::isSaid);
    }

    /** Whether a clause that speaks of it denies it exactly if the claim does. */
    private boolean agrees(String claim, List<String> claimed) {
        List<String> content = content(claimed);
        boolean denied = DENIAL.matcher(claim.replace('’', '\'')).find();
        long most = 0;
        List<Integer> best = new ArrayList<>();
        for (int i = 0; i < clauses.size(); i++) {
            List<String> clause = words.get(i);
            long shared = content.stream()
                    .filter(word -> clause.stream().anyMatch(other -> Wording.alike(word, other)))
                    .count();
            if (shared > most) {
                best.clear();
                most = shared;
            }
            if (shared == most && shared > 0) {
                best.add(i);
            }
        }
        return best.isEmpty()
                || best.stream().anyMatch(i -> DENIAL.matcher(clauses.get(i)).find() == denied);
    }

    private boolean isSaid(String word) {
        return words.stream().anyMatch(clause -> clause.stream().anyMatch(said -> Wording.alike(word, said)));
    }

    /** Numbers are compared as digits. */
    private static List<String> content(List<String> words) {
        return words.stream()
                .filter(word -> Wording.isContent(word) && !Wording.isNumber(word))
                .distinct()
                .toList();
    }

    /** Letter by letter: "j o h n at acme dot com" is john@acme.com. */
    private static String squeezed(String text) {
        return text.toLowerCase(Locale.ROOT).replaceAll("[\\s-]+", "");
    }
}
