package dev.recaller.memory.extract;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.Test;

final class TranscriptTest {

    @Test
    void aShortCallIsShownAsItIs() {
        List<Utterance> call = List.of(
                new Utterance(0, false, "Where do you work?"), new Utterance(1, true, "I work for Acme in Boston."));

        assertThat(Transcript.of(call)).isEqualTo(call);
    }

    @Test
    void aCallerWhoSaidNothingIsNotShown() {
        assertThat(Transcript.of(List.of(
                        new Utterance(0, false, "We have a great offer on insurance and windows and cars."),
                        new Utterance(1, true, "Yes. Hello? Okay, thank you."))))
                .isEmpty();
        assertThat(Transcript.of(List.of())).isEmpty();
    }

    @Test
    void ofALongCallTheCallersNewestAndOldestTurnsAreKept() {
        List<Utterance> call = new ArrayList<>();
        for (int turn = 0; turn < 400; turn++) {
            call.add(new Utterance(turn, turn % 2 == 1, "something worth a hundred characters ".repeat(8)));
        }

        List<Utterance> shown = Transcript.of(call);

        int characters = shown.stream().mapToInt(turn -> turn.text().length()).sum();
        assertThat(characters).isBetween(4 * Transcript.TOKENS - 400, 4 * Transcript.TOKENS);
        assertThat(shown).extracting(Utterance::turn).contains(1, 3, 397, 399).doesNotContain(199, 201);
        assertThat(shown).isSortedAccordingTo(Comparator.comparingInt(Utterance::turn));
        assertThat(shown).allMatch(Utterance::byCaller);
    }

    @Test
    void aTurnThatDoesNotEndIsCut() {
        List<Utterance> shown = Transcript.of(List.of(new Utterance(0, true, "pizza pasta salad ".repeat(10_000))));

        assertThat(shown)
                .singleElement()
                .satisfies(turn -> assertThat(turn.text()).hasSize(4 * Transcript.TOKENS_OF_A_TURN));
    }
}
