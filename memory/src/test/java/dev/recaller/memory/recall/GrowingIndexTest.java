package dev.recaller.memory.recall;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An index that grew answers as one made at once; vectors count when half of the passages have them. */
final class GrowingIndexTest {

    private static final int SIZE = 16;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void growingIsTheSameAsBeginningWithAll(long seed) {
        RandomGenerator random = new SplittableRandom(seed);
        List<Passage> passages = passages(random, 60);
        Map<UUID, Vectors> vectors = vectors(random, passages, random.nextInt(0, 101));
        CallerIndex grown = CallerIndex.of(List.of());
        for (int from = 0; from < passages.size(); ) {
            int to = Math.min(passages.size(), from + random.nextInt(1, 9));
            List<Passage> more = passages.subList(from, to);
            grown = grown.with(more, random.nextBoolean() ? vectors : Map.of());
            from = to;
        }
        grown = grown.with(List.of(), vectors);
        CallerIndex fresh = CallerIndex.of(passages, vectors);

        assertThat(grown.size()).isEqualTo(fresh.size());
        for (int i = 0; i < 20; i++) {
            Question question = asked(random, i % 2 == 0);
            assertThat(grown.search(question, 20)).isEqualTo(fresh.search(question, 20));
        }
    }

    @Test
    void withoutVectorsWordsDecideWhateverTheQuestionHas() {
        RandomGenerator random = new SplittableRandom(7);
        List<Passage> passages = passages(random, 40);
        Question question = asked(random, true);
        List<CallerIndex.Hit> words =
                CallerIndex.of(passages).search(new Question(question.text(), null, question.askedAt()), 50);

        assertThat(CallerIndex.of(passages).search(question, 50)).isEqualTo(words);
        assertThat(CallerIndex.of(passages, vectors(random, passages, 40)).search(question, 50))
                .as("less than half have vectors")
                .isEqualTo(words);
        assertThat(CallerIndex.of(passages, vectors(random, passages, 100)).search(question, 50))
                .isNotEqualTo(words)
                .as("all passages have a meaning")
                .hasSize(CallerIndex.of(passages).passages().size());
    }

    @Test
    void aTurnNotYetEmbeddedIsFoundByItsWords() {
        RandomGenerator random = new SplittableRandom(11);
        List<Passage> passages = new ArrayList<>(passages(random, 40));
        Map<UUID, Vectors> vectors = vectors(random, passages, 100);
        CallerIndex index = CallerIndex.of(passages, vectors)
                .with(Said.call(500, Said.NOW, "caller: The telescope is in the shed."), Map.of());

        assertThat(index.search(new Question("where is the telescope", embedding(random), Said.NOW), 3))
                .first()
                .extracting(Said::number)
                .isEqualTo(500);
    }

    @Test
    void manyThreadsGetTheSameAnswers() throws Exception {
        RandomGenerator random = new SplittableRandom(5);
        List<Passage> passages = passages(random, 200);
        CallerIndex index = CallerIndex.of(passages, vectors(random, passages, 100));
        Question question = asked(random, false);
        List<CallerIndex.Hit> expected = CallerIndex.of(passages).search(question, 10);
        try (var threads = Executors.newFixedThreadPool(8)) {
            List<Callable<List<CallerIndex.Hit>>> searches = new ArrayList<>();
            for (int i = 0; i < 64; i++) {
                searches.add(() -> index.search(question, 10));
            }
            for (Future<List<CallerIndex.Hit>> search : threads.invokeAll(searches)) {
                assertThat(search.get()).isEqualTo(expected);
            }
        }
    }

    private static List<Passage> passages(RandomGenerator random, int count) {
        List<Passage> passages = new ArrayList<>();
        while (passages.size() < count) {
            int id = passages.size();
            boolean fact = id > 10 && random.nextInt(8) == 0;
            passages.add(new Passage(
                    new UUID(0, id),
                    !fact,
                    words(random),
                    fact ? null : random.nextBoolean() ? "caller" : "agent",
                    new UUID(1, id / 12 + random.nextInt(2)),
                    Said.NOW.minus(Duration.ofDays(count - id)),
                    fact ? List.of(new UUID(0, random.nextInt(id))) : List.of()));
        }
        return passages;
    }

    private static Map<UUID, Vectors> vectors(RandomGenerator random, List<Passage> passages, int percent) {
        Map<UUID, Vectors> vectors = new HashMap<>();
        for (Passage passage : passages) {
            if (random.nextInt(100) < percent) {
                Embedding like = embedding(random);
                vectors.put(
                        passage.id(),
                        new Vectors(like.vector(), embedding(random).vector(), like.tokens()));
            }
        }
        return vectors;
    }

    private static Question asked(RandomGenerator random, boolean embedded) {
        return new Question(words(random), embedded ? embedding(random) : null, Said.NOW);
    }

    private static Embedding embedding(RandomGenerator random) {
        float[] vector = new float[SIZE];
        for (int i = 0; i < SIZE; i++) {
            vector[i] = random.nextFloat() - 0.5f;
        }
        byte[] tokens = new byte[TokenBasis.TOKEN * random.nextInt(0, 6)];
        for (int i = 0; i < tokens.length; i++) {
            tokens[i] = (byte) (i % TokenBasis.TOKEN == 1 ? 0 : random.nextInt(-60, 60));
        }
        return new Embedding(TokenBasis.unit(vector), tokens);
    }

    private static String words(RandomGenerator random) {
        List<String> words = new ArrayList<>();
        for (int i = random.nextInt(1, 9); i > 0; i--) {
            words.add("word" + random.nextInt(30));
        }
        return String.join(" ", words) + (random.nextInt(4) == 0 ? "?" : ".");
    }
}
