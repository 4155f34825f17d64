package dev.recaller.bench.retrieval;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * The project's own callers, the same in every run: each has calls over a year, made of the topics in
 * {@code own-calls.txt}. In it {@code == topic} begins a topic and {@code --} its next call; {@code C:} and {@code A:} are
 * turns of caller and agent, {@code #mark} names one; {@code ?2 question -> marks} asks for turns, {@code !fact -> marks}
 * is what an extractor would keep of them; {@code {slot}} takes a value of the lists at the head, the same throughout a
 * topic, and {@code [a|b]} one of two. Topics that begin with = are what is said around the others.
 */
final class OwnCalls {

    private static final String FILE = "own-calls.txt";
    /** Callers take turns in these. */
    static final int GROUPS = 3;

    private static final int CALLERS = 60;
    private static final long SEED = 4711;

    /** A turn, question or fact as it stands in the file. */
    record Line(char kind, int category, String text, List<String> marks) {}

    /** @param calls the lines of each */
    record Topic(String name, List<List<Line>> calls) {}

    private final Map<String, List<String>> slots = new HashMap<>();
    private final Map<String, Topic> around = new HashMap<>();
    private final List<Topic> topics = new ArrayList<>();
    private @Nullable Topic current;

    private OwnCalls() {}

    static List<History> histories() {
        var calls = new OwnCalls();
        try (InputStream file = requireNonNull(OwnCalls.class.getResourceAsStream(FILE), FILE)) {
            calls.read(new String(file.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        var random = new SplittableRandom(SEED);
        List<History> histories = new ArrayList<>();
        for (int caller = 0; caller < CALLERS; caller++) {
            histories.add(new OwnCaller(calls, caller, random.split()).history());
        }
        return histories;
    }

    /** What callers of a group talk about; no two groups share a topic. */
    List<Topic> topics(int group) {
        List<Topic> some = new ArrayList<>();
        for (int i = group; i < topics.size(); i += GROUPS) {
            some.add(topics.get(i));
        }
        return some;
    }

    Topic around(String name) {
        return requireNonNull(around.get(name), name);
    }

    List<String> values(String slot) {
        return requireNonNull(slots.get(slot), () -> FILE + " has no values for {" + slot + "}");
    }

    private void read(String text) {
        for (String line : text.lines().toList()) {
            int equals = line.indexOf(" = ");
            if (line.startsWith("== ")) {
                var topic = new Topic(line.substring(3), new ArrayList<>(List.of(new ArrayList<>())));
                if (topic.name().startsWith("=")) {
                    around.put(topic.name().substring(1), topic);
                } else {
                    topics.add(topic);
                }
                current = topic;
            } else if (line.equals("--")) {
                calls().add(new ArrayList<>());
            } else if (equals > 0 && current == null) {
                slots.put(
                        line.substring(0, equals),
                        List.of(line.substring(equals + 3).split("\\|", -1)));
            } else if (!line.isEmpty() && !line.startsWith("#")) {
                calls().getLast().add(line(line));
            }
        }
    }

    private List<List<Line>> calls() {
        return requireNonNull(current, FILE + " must begin with slots, then == topics")
                .calls();
    }

    private static Line line(String line) {
        char kind = line.charAt(0);
        boolean turn = kind == 'A' || kind == 'C';
        String mark = turn ? " #" : " -> ";
        int at = line.lastIndexOf(mark);
        List<String> marks =
                at < 0 ? List.of() : List.of(line.substring(at + mark.length()).split(" ", -1));
        String rest = at < 0 ? line : line.substring(0, at);
        int begin = turn || kind == '?' ? 3 : 1;
        return new Line(kind, kind == '?' ? rest.charAt(1) - '0' : 0, rest.substring(begin), marks);
    }
}
