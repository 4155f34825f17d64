package dev.recaller.memory.recall;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Passages for tests, numbered by their ids from 0. */
final class Said {

    static final Instant NOW = Instant.parse("2026-03-20T10:00:00Z");

    private Said() {}

    /** A call of a day; turns as "caller: text". */
    static List<Passage> call(int firstId, Instant day, String... turns) {
        List<Passage> call = new ArrayList<>();
        for (String turn : turns) {
            int colon = turn.indexOf(": ");
            int id = firstId + call.size();
            call.add(new Passage(
                    new UUID(0, id),
                    true,
                    turn.substring(colon + 2),
                    turn.substring(0, colon),
                    new UUID(1, firstId),
                    day.plus(Duration.ofSeconds(id)),
                    List.of()));
        }
        return call;
    }

    static List<Passage> call(String... turns) {
        return call(0, NOW.minus(Duration.ofDays(30)), turns);
    }

    static Passage fact(int id, String text, Integer... sources) {
        return new Passage(
                new UUID(0, id),
                false,
                text,
                null,
                null,
                NOW,
                List.of(sources).stream().map(source -> new UUID(0, source)).toList());
    }

    static Question question(String text) {
        return new Question(text, null, NOW);
    }

    /** The numbers of what is found by one signal alone, best first; those it says nothing for left out. */
    static List<Integer> by(Signal signal, CallerIndex index, Question question) {
        var weights = new Weights(Map.of(signal, 1.0), Map.of(signal, 1.0), Map.of(signal, 1.0));
        return index.search(question, 100, weights).stream()
                .filter(hit -> hit.score() > 0)
                .map(Said::number)
                .toList();
    }

    static List<Integer> found(CallerIndex index, @Nullable String text) {
        return index.search(question(text == null ? "" : text), 100).stream()
                .map(Said::number)
                .toList();
    }

    static int number(CallerIndex.Hit hit) {
        return (int) hit.passage().id().getLeastSignificantBits();
    }
}
