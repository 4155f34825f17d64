package dev.recaller.bench.retrieval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.DOUBLE;
import static org.assertj.core.data.Offset.offset;

import dev.recaller.memory.recall.Passage;
import dev.recaller.memory.recall.Signal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.UUID;
import org.junit.jupiter.api.Test;

final class FittingTest {

    private static final int PLACES = 20;

    @Test
    void findsTheWeightsThatMadeTheAnswersLikely() {
        var random = new SplittableRandom(1);
        var list = new Listwise(Map.of(Signal.WORDS, 1.0, Signal.DATE, 1.0, Signal.TIME, 1.0), 0.001);
        for (int question = 0; question < 4000; question++) {
            double[] words = random.doubles(PLACES).toArray();
            double[] date = random.doubles(PLACES).toArray();
            double[] noise = random.doubles(PLACES).toArray();
            double best = Double.NEGATIVE_INFINITY;
            int answer = 0;
            for (int place = 0; place < PLACES; place++) {
                double gumbel = -Math.log(-Math.log(random.nextDouble()));
                double score = 4 * words[place] - 2 * date[place] + gumbel;
                answer = score > best ? place : answer;
                best = Math.max(best, score);
            }
            list.add(Map.of(Signal.WORDS, words, Signal.DATE, date, Signal.TIME, noise), new int[] {answer});
        }

        Map<Signal, Double> fitted = list.fit();

        assertThat(fitted).extractingByKey(Signal.WORDS, DOUBLE).isCloseTo(4, offset(0.3));
        assertThat(fitted).extractingByKey(Signal.DATE, DOUBLE).isCloseTo(-2, offset(0.3));
        assertThat(fitted).extractingByKey(Signal.TIME, DOUBLE).isCloseTo(0, offset(0.3));
    }

    @Test
    void theBasisIsTheDirectionsOfMostDifference() {
        var random = new SplittableRandom(2);
        List<float[]> vectors = new ArrayList<>();
        for (int i = 0; i < 2000; i++) {
            vectors.add(new float[] {
                (float) (5 + random.nextGaussian()),
                (float) (3 * random.nextGaussian()),
                (float) (0.1 * random.nextGaussian())
            });
        }

        double[][] basis = Basis.of(vectors, 2);

        assertThat(basis[0][0]).isCloseTo(5, offset(0.2));
        assertThat(Math.abs(basis[1][1])).isCloseTo(1, offset(0.01));
        assertThat(Math.abs(basis[2][0])).isCloseTo(1, offset(0.01));
    }

    @Test
    void theOwnCallersAreTheSameInEveryRunAndAnswerTheirQuestions() {
        List<History> histories = OwnCalls.histories();

        assertThat(histories).isEqualTo(OwnCalls.histories()).hasSize(60);
        for (History history : histories) {
            Set<UUID> turns = new HashSet<>();
            history.passages().stream().filter(Passage::turn).forEach(passage -> turns.add(passage.id()));
            assertThat(history.probes()).isNotEmpty().allSatisfy(probe -> {
                assertThat(turns).containsAll(probe.evidence());
                assertThat(probe.text()).doesNotContain("{", "[");
            });
            assertThat(history.passages())
                    .allSatisfy(passage -> assertThat(passage.text()).doesNotContain("{", "["));
        }
    }
}
