package dev.recaller.worker.speech;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Decides when a turn of the caller begins, when to ask for its transcript and when it is over. Time is the number of
 * samples heard. Stepped by its owner with windows of audio and with transcripts; not thread safe.
 */
final class TurnTaker {

    /** Shorter pauses are within words; a transcript asked for sooner would mostly be dropped. */
    private static final int SPECULATE_AFTER = 3 * SpeechDetector.STEP;

    private static final int LONGEST_TURN = 60_000;

    /** What the owner is to do, in order. */
    sealed interface Action {
        /** A turn began a moment ago. */
        record Begin() implements Action {}

        /** Ask for a transcript of the turn and hand it to {@link #transcribed}. */
        record Transcribe(int attempt) implements Action {}

        /** The caller goes on: the transcript asked for is of no use. */
        record Drop(int attempt) implements Action {}

        /** The caller has probably said this and no more; {@link Took} or {@link Doubted} follows. */
        record Expect(String text) implements Action {}

        /** The caller goes on. */
        record Doubted() implements Action {}

        /** The turn is over. */
        record Took(String text, Duration waited) implements Action {}

        /** What seemed a turn was none. */
        record Nothing() implements Action {}
    }

    private final SpeechDetector detector = new SpeechDetector();
    private final Onset onset = new Onset();
    private final Pace pace = new Pace();
    private EndOfTurn endOfTurn;
    private Asked asked = Asked.ANYTHING;

    private long now;
    private boolean inTurn;
    private boolean closing;
    private long turnBegan;
    private long speechEnd;
    private int voicedMillis;
    private int spokenMillis;
    private double level;
    private double loudness;
    private int attempts;
    private boolean transcribing;
    private @Nullable String transcript;
    private boolean expecting;
    private boolean paused;
    /** A turn ended, of which it is not known yet whether it was all that the caller wanted to say. */
    private boolean took;

    TurnTaker(EndOfTurn endOfTurn) {
        this.endOfTurn = endOfTurn;
    }

    /** From now on. */
    void use(EndOfTurn endOfTurn) {
        this.endOfTurn = endOfTurn;
    }

    /** What the caller was asked last. */
    void asked(Asked asked) {
        this.asked = asked;
    }

    /** @param pcm {@link VoiceActivity#WINDOW} samples */
    List<Action> window(short[] pcm, float probability) {
        now += pcm.length;
        double before = level;
        level = loudness(pcm, 0, pcm.length);
        for (int at = 0; at < pcm.length; at += Onset.STEP) {
            onset.add(loudness(pcm, at, Onset.STEP));
        }
        var change = detector.step(probability, level);
        var actions = new ArrayList<Action>(1);
        if (!inTurn) {
            if (change == SpeechDetector.Change.STARTED) {
                begin(Math.max(before, level));
                actions.add(new Action.Begin());
            }
            return actions;
        }
        if (detector.voiced()) {
            long since = millis(silent());
            if (since >= SpeechDetector.MIN_SILENCE) {
                pausedFor(since);
            }
            goesOn(actions);
            voicedMillis += SpeechDetector.STEP;
            spokenMillis += since < SpeechDetector.MIN_SILENCE ? (int) since : SpeechDetector.STEP;
            loudness = Math.max(loudness, level);
            speechEnd = now;
            if (now - turnBegan >= samples(LONGEST_TURN)) {
                actions.addAll(close());
            }
        } else if (!transcribing && silent() >= samples(SPECULATE_AFTER)) {
            actions.add(ask());
        }
        conclude(actions);
        return actions;
    }

    /** The transcript asked for. */
    List<Action> transcribed(int attempt, String text) {
        if (!awaits(attempt)) {
            return List.of();
        }
        transcript = text.strip();
        var actions = new ArrayList<Action>(1);
        conclude(actions);
        if (actions.isEmpty() && endOfTurn.looksFinished(transcript, asked) && !isNoise(transcript)) {
            expecting = true;
            actions.add(new Action.Expect(transcript));
        }
        return actions;
    }

    /** The transcript will not come; the turn is lost. */
    void failed(int attempt) {
        if (awaits(attempt)) {
            reset();
        }
    }

    /** This transcript still matters. */
    boolean awaits(int attempt) {
        return inTurn && transcribing && attempt == attempts && transcript == null;
    }

    /** No more audio for this turn: it ends as soon as its transcript is there. */
    List<Action> close() {
        var actions = new ArrayList<Action>(1);
        if (inTurn && !closing) {
            closing = true;
            if (!transcribing) {
                actions.add(ask());
            }
            conclude(actions);
        }
        return actions;
    }

    boolean inTurn() {
        return inTurn;
    }

    /** The last window belonged to speech. */
    boolean voiced() {
        return inTurn && speechEnd == now;
    }

    /** How long the caller spoke in this turn, from the first sound on, with the gaps within words and without pauses. */
    int spokenMillis() {
        return inTurn ? spokenMillis : 0;
    }

    /** Milliseconds since the last speech of this turn. */
    long silentMillis() {
        return millis(silent());
    }

    /** Samples heard. */
    long now() {
        return now;
    }

    private void begin(double loudness) {
        if (took && silent() <= samples((int) endOfTurn.middle().toMillis())) {
            pace.pausedFor(millis(silent()));
        } else if (took && !paused) {
            pace.saidAtOnce();
        }
        took = false;
        paused = false;
        inTurn = true;
        turnBegan = now;
        speechEnd = now;
        voicedMillis = 2 * SpeechDetector.STEP;
        spokenMillis = onset.millis(loudness);
        this.loudness = loudness;
    }

    /** @param millis until it was noticed that it is over, as a turn that is waited for ends until then */
    private void pausedFor(long millis) {
        paused = true;
        if (transcript == null || !endOfTurn.isDictated(transcript, asked)) {
            pace.pausedFor(millis);
        }
    }

    private Action ask() {
        transcribing = true;
        return new Action.Transcribe(++attempts);
    }

    private void goesOn(List<Action> actions) {
        if (!transcribing || closing) {
            return;
        }
        if (transcript == null) {
            actions.add(new Action.Drop(attempts));
        } else if (expecting) {
            actions.add(new Action.Doubted());
        }
        transcribing = false;
        expecting = false;
        transcript = null;
    }

    private void conclude(List<Action> actions) {
        String text = transcript;
        if (text == null) {
            return;
        }
        Duration wait = endOfTurn.wait(text, asked, pace);
        if (closing || silent() >= samples((int) wait.toMillis())) {
            took = !isNoise(text);
            actions.add(took ? new Action.Took(text, closing ? Duration.ZERO : wait) : new Action.Nothing());
            reset();
        }
    }

    private boolean isNoise(String text) {
        return Transcripts.isNoise(text, voicedMillis, loudness);
    }

    private void reset() {
        inTurn = false;
        closing = false;
        transcribing = false;
        expecting = false;
        transcript = null;
        voicedMillis = 0;
        spokenMillis = 0;
        loudness = 0;
        detector.reset();
    }

    private long silent() {
        return now - speechEnd;
    }

    private static long millis(long samples) {
        return samples * 1000 / SpeechToText.RATE;
    }

    private static int samples(int millis) {
        return millis * (SpeechToText.RATE / 1000);
    }

    static double loudness(short[] pcm, int from, int count) {
        double sum = 0;
        for (int i = from; i < from + count; i++) {
            sum += (double) pcm[i] * pcm[i];
        }
        return Math.sqrt(sum / count);
    }
}
