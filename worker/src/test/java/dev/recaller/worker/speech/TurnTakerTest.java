package dev.recaller.worker.speech;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recaller.worker.speech.TurnTaker.Action;
import dev.recaller.worker.speech.TurnTaker.Action.Drop;
import dev.recaller.worker.speech.TurnTaker.Action.Nothing;
import dev.recaller.worker.speech.TurnTaker.Action.Took;
import dev.recaller.worker.speech.TurnTaker.Action.Transcribe;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class TurnTakerTest {

    private static final Duration SHORT = Duration.ofMillis(300);
    private static final Duration LONG = Duration.ofMillis(2500);

    private final TurnTaker turns = new TurnTaker(new EndOfTurn(SHORT, LONG));

    @Test
    void asksForATranscriptAfterAShortSilenceAndEndsTheTurnAfterALongerOne() {
        assertThat(speech(1_000)).isEmpty();
        assertThat(silence(128)).isEmpty();
        var asked = silence(32);
        assertThat(asked).singleElement().isInstanceOf(Transcribe.class);
        assertThat(turns.transcribed(1, "My name is John.")).isEmpty();
        assertThat(silence(128)).isEmpty();
        assertThat(silence(32)).containsExactly(new Took("My name is John.", SHORT));
        assertThat(turns.inTurn()).isFalse();
    }

    @Test
    void hearsWhatWasSaidJustBeforeSpeechWasNoticed() {
        silence(2_000);
        speech(992);
        var request = (Transcribe) silence(160).getFirst();
        assertThat(request.audio().length() / 16).isBetween(300 + 992 + 128, 352 + 992 + 160);
    }

    @Test
    void waitsLongerForASentenceThatIsNotFinished() {
        speech(500);
        silence(320);
        assertThat(turns.transcribed(1, "My name is")).isEmpty();
        assertThat(silence(2_144)).isEmpty();
        assertThat(silence(64)).containsExactly(new Took("My name is", LONG));
    }

    @Test
    void endsAtOnceWhenTheTranscriptComesLate() {
        speech(500);
        silence(5_000);
        assertThat(turns.inTurn()).isTrue();
        assertThat(turns.transcribed(1, "Hello.")).containsExactly(new Took("Hello.", SHORT));
    }

    @Test
    void dropsTheTranscriptOfACallerWhoGoesOnAndAsksForTheWhole() {
        speech(992);
        int first = ((Transcribe) silence(160).getFirst()).audio().length();
        assertThat(speech(32)).containsExactly(new Drop(1));
        assertThat(speech(960)).isEmpty();
        var second = (Transcribe) silence(160).getFirst();
        assertThat(second.attempt()).isEqualTo(2);
        assertThat(second.audio().length()).isGreaterThan(2 * first - 16 * 352);
        assertThat(turns.transcribed(1, "My name")).isEmpty();
        silence(320);
        assertThat(turns.transcribed(2, "My name is John.")).containsExactly(new Took("My name is John.", SHORT));
    }

    @Test
    void mergesWhatCameAfterAPauseInAnUnfinishedSentence() {
        speech(500);
        silence(320);
        turns.transcribed(1, "My name is");
        silence(1_000);
        assertThat(speech(500)).isEmpty();
        silence(320);
        assertThat(turns.transcribed(2, "My name is John.")).containsExactly(new Took("My name is John.", SHORT));
    }

    @Test
    void keepsTheTranscriptOfALongBeginningInsteadOfAskingForItAgain() {
        speech(16_000);
        silence(320);
        turns.transcribed(1, "a long story and");
        speech(500);
        var request = (Transcribe) silence(320).getFirst();
        assertThat(request.before()).isEqualTo("a long story and");
        assertThat(request.audio().length()).isLessThan(16 * 1_500);
        assertThat(turns.transcribed(2, "its end.")).containsExactly(new Took("a long story and its end.", SHORT));
    }

    @Test
    void takesInventionsForNothing() {
        speech(96);
        silence(500);
        assertThat(turns.transcribed(1, "Thank you.")).containsExactly(new Nothing());
        assertThat(turns.inTurn()).isFalse();
    }

    @Test
    void ignoresAClick() {
        speech(32);
        silence(1_000);
        assertThat(turns.inTurn()).isFalse();
    }

    @Test
    void endsWithWhatWasSaidWhenNoMoreIsToBeHeard() {
        speech(500);
        assertThat(turns.close()).singleElement().isInstanceOf(Transcribe.class);
        assertThat(turns.close()).isEmpty();
        assertThat(turns.transcribed(1, "My name is")).containsExactly(new Took("My name is", Duration.ZERO));
    }

    @Test
    void endsATurnThatNeverPauses() {
        var actions = speech(61_000);
        assertThat(actions).filteredOn(Transcribe.class::isInstance).hasSize(1);
        assertThat(turns.transcribed(1, "on and on")).containsExactly(new Took("on and on", Duration.ZERO));
    }

    @Test
    void losesOnlyTheTurnWhoseTranscriptFailed() {
        speech(500);
        silence(320);
        turns.failed(1);
        assertThat(turns.inTurn()).isFalse();
        speech(500);
        silence(320);
        assertThat(turns.transcribed(2, "Hello?")).containsExactly(new Took("Hello?", SHORT));
    }

    private List<Action> speech(int millis) {
        return windows(millis, 3_000, 0.95f);
    }

    private List<Action> silence(int millis) {
        return windows(millis, 0, 0.02f);
    }

    private List<Action> windows(int millis, int level, float probability) {
        var actions = new ArrayList<Action>();
        for (int at = 0; at < millis; at += SpeechDetector.STEP) {
            var window = new short[VoiceActivity.WINDOW];
            Arrays.fill(window, (short) level);
            actions.addAll(turns.window(window, probability));
        }
        return actions;
    }
}
