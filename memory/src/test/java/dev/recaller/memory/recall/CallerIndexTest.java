package dev.recaller.memory.recall;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class CallerIndexTest {

    private static final List<String> PASSAGES = List.of(
            "I like my coffee black.",
            "My daughter plays the violin.",
            "We moved to Café Street in May.",
            "The delivery was late again.",
            "I'd like to plan a birthday party for my daughter.");

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    how do you take your coffee        | 0
                    who is playing a violin            | 1
                    when did you move                  | 2
                    a cafe                             | 2
                    deliveries                         | 3
                    planning parties                   | 4
                    """)
    void findsTheWordsWhateverTheirForm(String query, int passage) {
        assertThat(places(PASSAGES, query, 1)).containsExactly(passage);
    }

    @Test
    void rareWordsCountMoreThanCommonOnes() {
        assertThat(places(PASSAGES, "daughter violin", 5)).containsExactly(1, 4);
    }

    @Test
    void findsTheOnlyPassageThereIs() {
        assertThat(places(List.of("I play the tuba."), "tuba", 5)).containsExactly(0);
        assertThat(places(List.of("I play the tuba."), "opera", 5)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "the of and", "zebra", "?!"})
    void findsNothingWhereNoWordIsShared(String query) {
        assertThat(places(PASSAGES, query, 5)).isEmpty();
        assertThat(places(List.of(), query, 5)).isEmpty();
    }

    @Test
    void theOnlyPassageIsFound() {
        CallerIndex one = CallerIndex.of(Said.call("caller: I love opera."));

        assertThat(Said.found(one, "opera")).containsExactly(0);
        assertThat(Said.found(one, "jazz")).isEmpty();
        assertThat(Said.found(CallerIndex.of(List.of()), "opera")).isEmpty();
    }

    @Test
    void longAndOddTextIsSearchedToo() {
        List<String> odd = List.of("word ".repeat(2000), "😀 😀", "\uD800", "", "東京 ночь", "x".repeat(10_000));

        assertThat(places(odd, "ночь", 5)).containsExactly(4);
        assertThat(places(odd, "word ".repeat(2000), 5)).containsExactly(0);
        assertThat(places(odd, "😀", 5)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void ranksAsTheFormulaSays(long seed) {
        RandomGenerator random = new SplittableRandom(seed);
        List<String> passages = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            passages.add(words(random, random.nextInt(2, 12)));
        }
        String query = words(random, 3);

        double best = search(passages, query, 1).stream()
                .mapToDouble(hit -> bm25(passages, query, place(hit)))
                .max()
                .orElse(1);
        for (CallerIndex.Hit hit : search(passages, query, 100)) {
            assertThat(hit.score()).isCloseTo(bm25(passages, query, place(hit)) / best, offset(1e-9));
        }
    }

    private static List<Integer> places(List<String> passages, String query, int limit) {
        return search(passages, query, limit).stream()
                .map(CallerIndexTest::place)
                .toList();
    }

    private static int place(CallerIndex.Hit hit) {
        return (int) hit.passage().id().getLeastSignificantBits();
    }

    private static List<CallerIndex.Hit> search(List<String> passages, String query, int limit) {
        List<Passage> rows = new ArrayList<>();
        for (String text : passages) {
            rows.add(new Passage(new UUID(0, rows.size()), true, text, null, null, Instant.EPOCH, List.of()));
        }
        var weights = new Weights(Map.of(), Map.of(), Map.of(Signal.WORDS, 1.0));
        return CallerIndex.of(rows).search(new Question(query, null, Instant.EPOCH), limit, weights);
    }

    private static String words(RandomGenerator random, int count) {
        List<String> words = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            words.add("w" + random.nextInt(20));
        }
        return String.join(" ", words);
    }

    private static double bm25(List<String> passages, String query, int passage) {
        List<List<String>> all =
                passages.stream().map(text -> List.of(text.split(" "))).toList();
        double average = all.stream().mapToInt(List::size).average().orElseThrow();
        double score = 0;
        for (String word : List.of(query.split(" ")).stream().distinct().toList()) {
            long documents = all.stream().filter(words -> words.contains(word)).count();
            double rarity = Math.log(1 + (all.size() - documents + 0.5) / (documents + 0.5));
            long count = all.get(passage).stream().filter(word::equals).count();
            double length = all.get(passage).size() / average;
            score += rarity * count * 1.9 / (count + 0.9 * (0.6 + 0.4 * length));
        }
        return score;
    }
}
