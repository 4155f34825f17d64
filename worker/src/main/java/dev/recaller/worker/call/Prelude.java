package dev.recaller.worker.call;

import dev.recaller.livekit.room.AudioIn;
import dev.recaller.worker.speech.Playout;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What stands between the room of a call and its conversation, which begins later: the phone may be answered, a key pressed
 * and a word said before it is known who is to answer. Nothing of it is lost; the conversation is told in order.
 */
final class Prelude implements CallersAudio.Hearer, AutoCloseable {

    private final Playout playout;
    private final List<Consumer<Conversation>> missed = new ArrayList<>(); // guarded by this
    private final Queue<AudioIn.Frame> unheard = new ArrayDeque<>(); // of the thread that brings audio
    private volatile @Nullable Conversation conversation;

    /** @param playout silent until the phone is answered and the conversation says something */
    Prelude(Playout playout) {
        this.playout = playout;
    }

    /** From now on everything goes to this conversation; first what it missed. Once. */
    synchronized void end(Conversation begun) {
        missed.forEach(news -> news.accept(begun));
        missed.clear();
        conversation = begun;
    }

    /** Tells the conversation now, or when it begins. Any thread. */
    synchronized void tell(Consumer<Conversation> news) {
        Conversation now = conversation;
        if (now == null) {
            missed.add(news);
        } else {
            news.accept(now);
        }
    }

    @Override
    public void hear(AudioIn.Frame frame) throws InterruptedException {
        Conversation now = conversation;
        if (now == null) {
            unheard.add(frame);
            return;
        }
        while (!unheard.isEmpty()) {
            now.hear(unheard.remove(), System.nanoTime());
        }
        now.hear(frame, frame.receivedNs());
    }

    /** The next 10 ms for the caller, as {@link Playout#next}. */
    boolean next(short[] frame) {
        Conversation now = conversation;
        return now == null ? playout.next(frame) : now.next(frame);
    }

    /** Closes the conversation, if one began. When nobody brings audio any more. */
    @Override
    public void close() {
        Conversation begun = conversation;
        if (begun != null) {
            begun.close();
        }
    }
}
