package dev.recaller.worker.openai;

import dev.recaller.worker.speech.PcmBuffer;
import dev.recaller.worker.speech.SpeechToText;
import dev.recaller.worker.speech.Upsampler;
import org.jspecify.annotations.Nullable;

/**
 * One turn of a caller, and how much of its audio a realtime model was given. Forgets the audio when the model has all of it
 * and another turn has begun. With the lock of its owner held.
 */
final class HeardTurn {

    /** Samples: the API takes no less than 100 ms of what comes out of the upsampler. */
    private static final int LEAST = SpeechToText.RATE / 10 + Upsampler.REACH;

    private @Nullable PcmBuffer audio = new PcmBuffer();
    private Upsampler upsampler = new Upsampler();
    private String words = "";
    private String given = "";
    private boolean latest = true;
    private int streamed;
    private int taken;

    void add(short[] pcm) {
        if (audio != null) {
            audio.add(pcm);
        }
    }

    /** Whether its audio is still there. */
    boolean isKept() {
        return audio != null;
    }

    /** What was said, as far as the transcription has told. */
    String words() {
        return words;
    }

    void words(String text) {
        words = text;
    }

    /** Another turn has begun: the server's buffer is that one's. */
    void past(RealtimeSocket socket) {
        latest = false;
        if (streamed > taken) {
            socket.clear();
        }
        forgetWhatIsGiven();
    }

    /** The server of another connection knows nothing of it. */
    void unknown() {
        given = "";
        taken = 0;
        streamed = 0;
        upsampler = new Upsampler();
    }

    /** Sends what was not sent yet, while the caller speaks. */
    void stream(RealtimeSocket socket) {
        while (audio != null && latest && socket.open() && streamed < audio.length()) {
            int until = Math.min(streamed + SpeechToText.RATE, audio.length());
            socket.append(upsampler.add(audio.range(streamed, until)));
            streamed = until;
        }
    }

    /** Whether the model was given less than the words that are known by now. */
    boolean hasMore() {
        return audio != null && (taken == 0 || !RealtimeItems.key(words).equals(given));
    }

    /** What the model was not given yet is in the server's buffer, ready to be committed; false when it cannot be. */
    boolean isInBuffer(RealtimeSocket socket) {
        if (!latest) {
            return false;
        }
        stream(socket);
        if (streamed - taken < LEAST) {
            socket.append(upsampler.add(new short[LEAST - streamed + taken]));
        }
        return true;
    }

    /** What the model was not given yet, 24 kHz. */
    short[] rest() {
        var pcm = new PcmBuffer();
        if (audio != null) {
            pcm.add(audio.range(taken, audio.length()));
        }
        pcm.add(new short[Math.max(Upsampler.REACH, LEAST - pcm.length())]);
        return new Upsampler().add(pcm.toArray());
    }

    /** The model was given all of it. */
    void whole() {
        taken = audio == null ? taken : audio.length();
        streamed = taken;
        given = RealtimeItems.key(words);
        forgetWhatIsGiven();
    }

    private void forgetWhatIsGiven() {
        if (!latest && !hasMore()) {
            audio = null;
        }
    }
}
