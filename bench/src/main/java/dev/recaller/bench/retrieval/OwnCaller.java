package dev.recaller.bench.retrieval;

import static java.util.Objects.requireNonNull;

import dev.recaller.memory.recall.Passage;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One invented caller: which topics came up in which call, how turns are worded, and what is asked afterwards. */
final class OwnCaller {

    private static final Instant YEAR = Instant.parse("2025-01-06T08:00:00Z");
    private static final Duration ASKED_AFTER = Duration.ofDays(3);
    private static final List<String> NAMES = List.of("Anna", "Peter", "Joan", "Omar", "Helga", "Luis");
    private static final Pattern SLOT = Pattern.compile("\\{(\\w+)}");
    private static final Pattern CHOICE = Pattern.compile("\\[([^\\]]*)]");
    private static final DateTimeFormatter MONTH = DateTimeFormatter.ofPattern("MMMM", Locale.ENGLISH);
    private static final DateTimeFormatter DAY = DateTimeFormatter.ofPattern("d MMMM", Locale.ENGLISH);

    private static final int SINGLE = 4;
    private static final Pattern WORD = Pattern.compile("[A-Za-z]{4,}");
    private static final Set<String> SMALL = Set.of(
            "about", "after", "again", "because", "been", "before", "could", "from", "have", "here", "just", "like",
            "more", "much", "need", "only", "please", "said", "should", "some", "than", "that", "their", "then",
            "there", "they", "this", "want", "well", "were", "what", "when", "where", "which", "will", "with", "would",
            "your");
    private static final List<String> IN_ITS_WORDS = List.of(
            "What did {I} say about the {}?",
            "Did {I} mention the {}?",
            "What was it with the {}?",
            "What about {my} {}?",
            "Tell me about the {}.",
            "What was {my} remark on the {}?");

    /** Callers are told apart by their numbers: who says "caller", who has a name, how many share the phone. */
    private enum Kind {
        ROLE,
        NAMED,
        SHARED
    }

    /** A topic in this caller's life, its slots filled. */
    private record Story(
            String id, OwnCalls.Topic topic, Map<String, String> slots, String speaker, Map<String, Passage> marked) {}

    private final OwnCalls file;
    private final String id;
    private final SplittableRandom random;
    private final int group;
    private final Kind kind;
    private final boolean recognized;
    private final boolean extracted;
    private final List<Passage> passages = new ArrayList<>();
    private final List<Passage> facts = new ArrayList<>();
    private final List<History.Probe> probes = new ArrayList<>();
    private Instant now = YEAR;

    OwnCaller(OwnCalls file, int number, SplittableRandom random) {
        this.file = file;
        this.random = random;
        id = "caller " + number;
        group = number % OwnCalls.GROUPS;
        kind = Kind.values()[number / OwnCalls.GROUPS % Kind.values().length];
        recognized = random.nextInt(3) == 0;
        extracted = random.nextInt(3) == 0;
    }

    History history() {
        List<OwnCalls.Topic> topics = file.topics(group);
        List<List<Story>> calls = new ArrayList<>();
        for (int call = 0; call < 24; call++) {
            calls.add(new ArrayList<>());
        }
        List<Story> stories = new ArrayList<>();
        int count = random.nextInt(18, 28);
        for (int i = 0; i < count; i++) {
            OwnCalls.Topic topic = topics.get(random.nextInt(topics.size()));
            Story story = story("story " + i, topic);
            long same = stories.stream()
                    .filter(other -> other.topic().equals(topic))
                    .count();
            if (same > 1) {
                continue;
            }
            stories.add(story);
            int at = random.nextInt(calls.size() - 4);
            for (int part = 0; part < topic.calls().size(); part++) {
                calls.get(at).add(story);
                at = Math.min(calls.size() - 1, at + random.nextInt(1, 4));
            }
        }
        Map<String, Integer> told = new HashMap<>();
        for (List<Story> call : calls) {
            if (!call.isEmpty()) {
                call(call, told);
            }
        }
        Instant end = now;
        List<Passage> all = new ArrayList<>(passages);
        all.addAll(facts);
        stories.forEach(story -> ask(story, stories, end));
        stories.forEach(story -> askInItsWords(story, end.plus(ASKED_AFTER)));
        return new History(id, all, probes);
    }

    /** Most people ask in words that were said: of the turn, or of the one it answers. */
    private void askInItsWords(Story story, Instant askedAt) {
        for (OwnCalls.Line line :
                story.topic().calls().stream().flatMap(List::stream).toList()) {
            for (String mark : line.kind() == '?' ? List.<String>of() : line.marks()) {
                Passage said = story.marked().get(mark);
                int place = said == null ? -1 : passages.indexOf(said);
                if (said == null || place < 1 || !story.speaker().equals(said.speaker())) {
                    continue;
                }
                List<String> own = telling(said.text());
                List<String> before = telling(passages.get(place - 1).text());
                if (own.isEmpty() || before.isEmpty()) {
                    continue;
                }
                String words =
                        switch (random.nextInt(3)) {
                            case 0 -> pick(own);
                            case 1 -> pick(own) + " and the " + pick(own);
                            default -> pick(before) + " and the " + pick(own);
                        };
                String text = asked(pick(IN_ITS_WORDS).replace("{}", words), story.speaker());
                probes.add(new History.Probe(text, SINGLE, Set.of(said.id()), askedAt));
            }
        }
    }

    private static List<String> telling(String text) {
        return WORD.matcher(text)
                .results()
                .map(MatchResult::group)
                .filter(word -> !SMALL.contains(word.toLowerCase(Locale.ROOT)))
                .toList();
    }

    private Story story(String id, OwnCalls.Topic topic) {
        Map<String, String> slots = new HashMap<>();
        for (List<OwnCalls.Line> call : topic.calls()) {
            for (OwnCalls.Line line : call) {
                for (Matcher slot = SLOT.matcher(line.text()); slot.find(); ) {
                    String name = slot.group(1);
                    if (!Set.of("I", "my", "My", "me").contains(name) && !slots.containsKey(name)) {
                        slots.put(name, pick(file.values(name)));
                    }
                }
            }
        }
        String speaker =
                switch (kind) {
                    case ROLE -> "caller";
                    case NAMED -> NAMES.getFirst();
                    case SHARED -> NAMES.get(1 + random.nextInt(2));
                };
        return new Story(id, topic, slots, speaker, new HashMap<>());
    }

    private void call(List<Story> stories, Map<String, Integer> told) {
        now = now.plus(Duration.ofHours(random.nextInt(30, 24 * 28)));
        UUID session = History.uuid(id, now.toString());
        String speaker = stories.getFirst().speaker();
        say(file.around("greeting"), speaker, session);
        for (int i = 0; i < stories.size(); i++) {
            if (i > 0 || random.nextInt(3) == 0) {
                say(file.around("between"), speaker, session);
            }
            Story story = stories.get(i);
            int part = told.merge(story.id(), 1, Integer::sum) - 1;
            tell(story, story.topic().calls().get(part), session);
        }
        say(file.around("closing"), speaker, session);
    }

    private void say(OwnCalls.Topic around, String speaker, UUID session) {
        for (OwnCalls.Line line : pick(around.calls())) {
            turn(line, speaker, session, worded(line.text()));
        }
    }

    private void tell(Story story, List<OwnCalls.Line> lines, UUID session) {
        for (OwnCalls.Line line : lines) {
            String text = worded(filled(line.text(), story));
            if (line.kind() == 'A' || line.kind() == 'C') {
                Passage said = turn(line, story.speaker(), session, text);
                line.marks().forEach(mark -> story.marked().put(mark, said));
            } else if (line.kind() == '!' && extracted) {
                List<UUID> sources = line.marks().stream()
                        .map(mark ->
                                requireNonNull(story.marked().get(mark), mark).id())
                        .toList();
                facts.add(new Passage(
                        History.uuid(id, "fact", Integer.toString(facts.size())),
                        false,
                        text,
                        null,
                        session,
                        now,
                        sources));
            }
        }
    }

    private Passage turn(OwnCalls.Line line, String speaker, UUID session, String text) {
        boolean agent = line.kind() == 'A';
        now = now.plusSeconds(7);
        var said = new Passage(
                History.uuid(id, Integer.toString(passages.size())),
                true,
                recognized && !agent ? heard(text) : text,
                agent ? "agent" : speaker,
                session,
                now,
                List.of());
        passages.add(said);
        return said;
    }

    private void ask(Story story, List<Story> stories, Instant end) {
        for (List<OwnCalls.Line> call : story.topic().calls()) {
            for (OwnCalls.Line line : call) {
                if (line.kind() != '?') {
                    continue;
                }
                Set<UUID> evidence = new HashSet<>();
                Set<LocalDate> days = new HashSet<>();
                for (String mark : line.marks()) {
                    Passage said = requireNonNull(story.marked().get(mark), mark);
                    evidence.add(said.id());
                    days.add(LocalDate.ofInstant(said.saidAt(), ZoneOffset.UTC));
                }
                boolean twice = stories.stream()
                        .anyMatch(other ->
                                !other.id().equals(story.id()) && other.topic().equals(story.topic()));
                String text = asked(filled(line.text(), story), story.speaker());
                Instant askedAt = end.plus(ASKED_AFTER);
                if (days.size() == 1 && line.category() != 2 && (twice || random.nextInt(6) == 0)) {
                    text = dated(text, days.iterator().next(), LocalDate.ofInstant(askedAt, ZoneOffset.UTC));
                }
                probes.add(new History.Probe(text, line.category(), evidence, askedAt));
            }
        }
    }

    /** Puts the caller in: by name where there is one, else as "I" or as "the caller". */
    private String asked(String text, String speaker) {
        boolean self = kind == Kind.ROLE && random.nextBoolean();
        String name = kind == Kind.ROLE ? "the caller" : speaker;
        String person = text.replace("{I}", self ? "I" : name)
                .replace("{me}", self ? "me" : name)
                .replace("{my}", self ? "my" : name + "'s");
        return self ? person : person.replace("did you ", "did the agent ").replace(" you ", " the agent ");
    }

    private String dated(String text, LocalDate day, LocalDate today) {
        long ago = ChronoUnit.DAYS.between(day, today);
        String when =
                switch (random.nextInt(4)) {
                    case 0 -> "on " + DAY.format(day);
                    case 1 -> ago > 10 && ago < 28 ? (ago + 3) / 7 + " weeks ago" : "in " + MONTH.format(day);
                    default -> "in " + MONTH.format(day);
                };
        return text.substring(0, text.length() - 1) + " " + when + "?";
    }

    private static String filled(String text, Story story) {
        return SLOT.matcher(text)
                .replaceAll(slot -> Matcher.quoteReplacement(story.slots().getOrDefault(slot.group(1), slot.group())));
    }

    private String worded(String text) {
        return CHOICE.matcher(text)
                .replaceAll(choice -> pick(List.of(choice.group(1).split("\\|", -1))));
    }

    /** As a speech recognizer writes it that leaves case and marks out. */
    private static String heard(String text) {
        return text.toLowerCase(Locale.ROOT).replaceAll("[?!,]|\\.(?!\\d)", "");
    }

    private <T> T pick(List<T> values) {
        return values.get(random.nextInt(values.size()));
    }
}
