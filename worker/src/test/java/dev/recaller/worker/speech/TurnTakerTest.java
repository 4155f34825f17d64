package dev.recaller.worker.speech;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recaller.worker.speech.TurnTaker.Action;
import dev.recaller.worker.speech.TurnTaker.Action.Begin;
import dev.recaller.worker.speech.TurnTaker.Action.Doubted;
import dev.recaller.worker.speech.TurnTaker.Action.Drop;
import dev.recaller.worker.speech.TurnTaker.Action.Expect;
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

    private final TurnTaker turns = new TurnTaker(new EndOfTurn(SHORT, LONG, true));
    /** The last that was asked for. */
    private int attempt;

    @Test
    void asksForATranscriptAfterAShortSilenceAndEndsTheTurnAfterALongerOne() {
        assertThat(speech(1_000)).containsExactly(new Begin());
        assertThat(silence(64)).isEmpty();
        assertThat(silence(32)).containsExactly(new Transcribe(1));
        assertThat(turns.transcribed(1, "My name is John.")).containsExactly(new Expect("My name is John."));
        assertThat(silence(192)).isEmpty();
        assertThat(silence(32)).containsExactly(new Took("My name is John.", SHORT));
        assertThat(turns.inTurn()).isFalse();
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
    void dropsTheTranscriptOfACallerWhoGoesOnAndAsksAgain() {
        speech(992);
        assertThat(silence(96)).containsExactly(new Transcribe(1));
        assertThat(speech(32)).containsExactly(new Drop(1));
        assertThat(speech(960)).isEmpty();
        assertThat(silence(96)).containsExactly(new Transcribe(2));
        assertThat(turns.transcribed(1, "My name")).isEmpty();
        silence(320);
        assertThat(turns.transcribed(2, "My name is John.")).containsExactly(new Took("My name is John.", SHORT));
    }

    @Test
    void doubtsWhatItExpectedWhenTheCallerGoesOn() {
        speech(992);
        silence(96);
        assertThat(turns.transcribed(1, "I need a table.")).containsExactly(new Expect("I need a table."));
        assertThat(speech(32)).containsExactly(new Doubted());
        assertThat(speech(500)).isEmpty();
        assertThat(silence(96)).containsExactly(new Transcribe(2));
    }

    @Test
    void expectsNothingWhileTheSentenceIsOpen() {
        speech(992);
        silence(96);
        assertThat(turns.transcribed(1, "I would like to")).isEmpty();
        assertThat(speech(32)).isEmpty();
    }

    @Test
    void takesAYesSoonerWhereYesOrNoWasAsked() {
        turns.asked(Asked.by("Shall I book it?"));
        speech(500);
        silence(192);
        turns.transcribed(1, "Yes, please.");
        assertThat(silence(32)).containsExactly(new Took("Yes, please.", Duration.ofMillis(200)));
    }

    @Test
    void waitsForTheNextGroupOfANumberItAskedFor() {
        turns.asked(Asked.by("What is your account number?"));
        speech(500);
        silence(320);
        assertThat(turns.transcribed(1, "4155.")).isEmpty();
        assertThat(silence(1_024)).isEmpty();
        assertThat(speech(500)).isEmpty();
    }

    @Test
    void hearsTheEndBeforeTheVoiceDetectorDoesWhenItIsQuiet() {
        speech(992);
        assertThat(windows(64, 30, 0.9f)).isEmpty();
        assertThat(silence(32)).containsExactly(new Transcribe(1));
    }

    @Test
    void mergesWhatCameAfterAPauseInAnUnfinishedSentence() {
        speech(500);
        silence(320);
        turns.transcribed(1, "My name is");
        silence(1_000);
        assertThat(speech(500)).isEmpty();
        silence(320);
        assertThat(turns.transcribed(2, "My name is John.")).containsExactly(new Expect("My name is John."));
        // half of the pause of 1,344 ms and the two windows in which it was noticed that it is over
        assertThat(silence(1_000)).containsExactly(new Took("My name is John.", Duration.ofMillis(704)));
    }

    @Test
    void waitsForACallerWhoPausesLongerThanForOneWhoDoesNot() {
        for (int time = 0; time < 3; time++) {
            thinking("I would like to", 900, "I would like to book a room.");
        }
        speech(500);
        silence(96);
        assertThat(turns.transcribed(attempt, "I come at nine.")).containsExactly(new Expect("I come at nine."));
        assertThat(silence(800)).isEmpty();
        assertThat(speech(500)).containsExactly(new Doubted());
        said("I come at nine with my wife.");
        for (int time = 0; time < 12; time++) {
            silence(3_000);
            said("Thank you, that is all.");
        }
        speech(500);
        silence(320);
        assertThat(turns.transcribed(attempt, "Good bye.")).containsExactly(new Took("Good bye.", SHORT));
    }

    @Test
    void whoIsAnsweredTooSoonIsGivenMoreTimeTheNextTime() {
        for (int time = 0; time < 3; time++) {
            said("It is on Monday.");
            silence(500);
            said("In the evening.");
            silence(3_000);
        }
        speech(500);
        silence(320);
        assertThat(turns.transcribed(attempt, "It is on Friday.")).containsExactly(new Expect("It is on Friday."));
        assertThat(silence(300)).isEmpty();
    }

    @Test
    void pausesBetweenTheGroupsOfANumberSayNothingAboutSentences() {
        turns.asked(Asked.by("What is your account number?"));
        speech(500);
        silence(320);
        turns.transcribed(attempt, "4155.");
        silence(800);
        said("4155 5512 8834 1199.");
        turns.asked(Asked.ANYTHING);
        speech(500);
        silence(320);
        assertThat(turns.transcribed(attempt, "Thank you very much."))
                .containsExactly(new Took("Thank you very much.", SHORT));
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
    void countsAsSpokenWhatSoundedBeforeAndBetweenItsVoicedPartsButNoPauses() {
        silence(320);
        windows(96, 3_000, 0.2f);
        speech(160);
        windows(96, 1_000, 0.2f);
        speech(64);
        assertThat(turns.spokenMillis()).isEqualTo(96 + 160 + 96 + 64);
        windows(320, 10, 0.2f);
        speech(64);
        assertThat(turns.spokenMillis())
                .as("of what follows a pause all but the step in which it was noticed")
                .isEqualTo(96 + 160 + 96 + 64 + 32);
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

    /** A turn with a pause in it. */
    private void thinking(String open, int pause, String whole) {
        speech(500);
        silence(96);
        turns.transcribed(attempt, open);
        silence(pause - 96);
        said(whole);
        silence(3_000);
    }

    /** Speech, and the silence until it is taken for a turn. */
    private void said(String text) {
        speech(500);
        silence(96);
        turns.transcribed(attempt, text);
        for (int waited = 0; turns.inTurn() && waited < 5_000; waited += SpeechDetector.STEP) {
            silence(SpeechDetector.STEP);
        }
        assertThat(turns.inTurn()).as(text).isFalse();
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
        for (Action action : actions) {
            if (action instanceof Transcribe(int number)) {
                attempt = number;
            }
        }
        return actions;
    }
}
