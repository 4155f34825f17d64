package dev.recaller.worker.speech;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Decides when a turn of the caller begins, when to ask for its transcript and when it is over. Time is the number of
 * samples heard. Stepped by its owner with windows of audio and with transcripts; not thread safe.
 */
final class TurnTaker {

    private static final int PREFIX = 300;
    private static final int SPECULATE_AFTER = 150;
    private static final int LONG_TURN = 15_000;
    private static final int LONGEST_TURN = 60_000;

    /** What the owner is to do, in order. */
    sealed interface Action {
        /** Ask for a transcript and hand it to {@link #transcribed}. */
        record Transcribe(int attempt, PcmBuffer audio, String before) implements Action {}

        /** The caller goes on: the transcript asked for is of no use. */
        record Drop(int attempt) implements Action {}

        /** The turn is over. */
        record Took(String text, Duration waited) implements Action {}

        /** What seemed a turn was none. */
        record Nothing() implements Action {}
    }

    private final EndOfTurn endOfTurn;
    private final SpeechDetector detector = new SpeechDetector();
    private final Deque<short[]> recent = new ArrayDeque<>();
    private final PcmBuffer audio = new PcmBuffer();

    private long now;
    private boolean inTurn;
    private boolean closing;
    private long speechEnd;
    private int voicedMillis;
    private double loudness;
    private String settled = "";
    private int attempts;
    private boolean asked;
    private @Nullable String transcript;

    TurnTaker(EndOfTurn endOfTurn) {
        this.endOfTurn = endOfTurn;
    }

    /** @param pcm {@link VoiceActivity#WINDOW} samples, kept by this object */
    List<Action> window(short[] pcm, float probability) {
        now += pcm.length;
        var change = detector.step(probability);
        if (!inTurn) {
            recent.addLast(pcm);
            if (change == SpeechDetector.Change.STARTED) {
                begin();
            } else if (recent.size() > samples(PREFIX) / VoiceActivity.WINDOW + 2) {
                recent.removeFirst();
            }
            return List.of();
        }
        audio.add(pcm);
        var actions = new ArrayList<Action>(1);
        if (detector.voiced()) {
            goesOn(actions);
            voicedMillis += SpeechDetector.STEP;
            loudness = Math.max(loudness, loudness(pcm));
            speechEnd = now;
            if (audio.length() >= samples(LONGEST_TURN)) {
                actions.addAll(close());
            }
        } else if (!asked && silent() >= samples(SPECULATE_AFTER)) {
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
        return inTurn && asked && attempt == attempts && transcript == null;
    }

    /** No more audio for this turn: it ends as soon as its transcript is there. */
    List<Action> close() {
        var actions = new ArrayList<Action>(1);
        if (inTurn && !closing) {
            closing = true;
            if (!asked) {
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

    /** How long the caller spoke in this turn, pauses left out. */
    int voicedMillis() {
        return inTurn ? voicedMillis : 0;
    }

    /** Milliseconds since the last speech of this turn. */
    long silentMillis() {
        return silent() * 1000 / SpeechToText.RATE;
    }

    /** Samples heard. */
    long now() {
        return now;
    }

    private void begin() {
        inTurn = true;
        speechEnd = now;
        voicedMillis = 2 * SpeechDetector.STEP;
        for (var window : recent) {
            audio.add(window);
            loudness = Math.max(loudness, loudness(window));
        }
        recent.clear();
    }

    private Action ask() {
        asked = true;
        return new Action.Transcribe(++attempts, audio.copy(), settled);
    }

    private void goesOn(List<Action> actions) {
        if (!asked || closing) {
            return;
        }
        if (transcript == null) {
            actions.add(new Action.Drop(attempts));
        } else if (audio.length() >= samples(LONG_TURN)) {
            settled = whole();
            audio.keepLast(samples(PREFIX));
        }
        asked = false;
        transcript = null;
    }

    private void conclude(List<Action> actions) {
        if (transcript == null) {
            return;
        }
        String text = whole();
        Duration wait = endOfTurn.wait(text);
        if (closing || silent() >= samples((int) wait.toMillis())) {
            actions.add(
                    Transcripts.isNoise(text, voicedMillis, loudness)
                            ? new Action.Nothing()
                            : new Action.Took(text, closing ? Duration.ZERO : wait));
            reset();
        }
    }

    private String whole() {
        return settled.isEmpty() ? String.valueOf(transcript) : settled + " " + transcript;
    }

    private void reset() {
        inTurn = false;
        closing = false;
        asked = false;
        transcript = null;
        settled = "";
        voicedMillis = 0;
        loudness = 0;
        audio.keepLast(0);
        detector.reset();
    }

    private long silent() {
        return now - speechEnd;
    }

    private static int samples(int millis) {
        return millis * (SpeechToText.RATE / 1000);
    }

    private static double loudness(short[] window) {
        double sum = 0;
        for (short sample : window) {
            sum += (double) sample * sample;
        }
        return Math.sqrt(sum / window.length);
    }
}
