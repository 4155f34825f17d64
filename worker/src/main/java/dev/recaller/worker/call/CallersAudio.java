package dev.recaller.worker.call;

import dev.recaller.livekit.room.AudioIn;
import dev.recaller.livekit.room.Room;
import java.time.Duration;

/** The way of the caller's audio from the room to who hears it. */
final class CallersAudio {

    private static final Duration LOOK_AGAIN = Duration.ofSeconds(1);

    interface Hearer {
        /** Takes a frame. By one thread, in order. */
        void hear(AudioIn.Frame frame) throws InterruptedException;
    }

    private CallersAudio() {}

    /** Goes on until it is interrupted; a caller who publishes anew has another track. */
    static void bring(Room room, CallRoom callRoom, Hearer hearer) throws InterruptedException {
        while (true) {
            try (AudioIn audio = room.listen(callRoom.nextAudioTrack())) {
                bring(audio, hearer);
            }
        }
    }

    private static void bring(AudioIn audio, Hearer hearer) throws InterruptedException {
        AudioIn.Heard heard = audio.next(LOOK_AGAIN);
        while (!(heard instanceof AudioIn.End)) {
            if (heard instanceof AudioIn.Frame frame) {
                hearer.hear(frame);
            }
            heard = audio.next(LOOK_AGAIN);
        }
    }
}
