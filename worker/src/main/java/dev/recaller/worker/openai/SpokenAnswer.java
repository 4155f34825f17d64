package dev.recaller.worker.openai;

import dev.recaller.flow.line.LiveSpeech;
import dev.recaller.worker.openai.RealtimeEntry.Item;
import dev.recaller.worker.openai.WantedItem.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What the model says in one answer. It counts as said only when {@link #heard} tells how much was. With the lock of its owner held. */
final class SpokenAnswer {

    /** Samples of what comes from the server. */
    private static final int MILLISECOND = LiveSpeech.RATE / 1_000;

    private final RealtimeItems items;
    private final RealtimeSocket socket;
    private final RealtimeEntry entry = new RealtimeEntry(Kind.AGENT, "", null);
    private final List<Long> lengths = new ArrayList<>();
    private long heard = -1;

    SpokenAnswer(RealtimeItems items, RealtimeSocket socket) {
        this.items = items;
        this.socket = socket;
    }

    /** A message, which may have sound. */
    void item(String id) {
        if (at(id) < 0) {
            if (entry.items.isEmpty()) {
                items.add(entry);
            }
            entry.items.add(Item.named(id));
            lengths.add(0L);
        }
    }

    void called(String id, String callId) {
        var call = new RealtimeEntry(Kind.CALL, callId, null);
        call.items.add(Item.named(id));
        items.add(call);
    }

    /** Some sound of a message. */
    void sound(String id, int samples) {
        item(id);
        lengths.set(at(id), lengths.get(at(id)) + samples);
    }

    private int at(String id) {
        return entry.items.stream().map(item -> item.id).toList().indexOf(id);
    }

    /** The server forgets what was not played. */
    void heard(Duration sound, String words) {
        entry.text(words);
        heard = sound.toMillis();
        forgetTheRest();
    }

    /** No more will come; some may have come after it was {@link #heard}. */
    void finished() {
        if (heard >= 0) {
            forgetTheRest();
        }
    }

    private void forgetTheRest() {
        long left = heard;
        for (int i = 0; i < lengths.size(); i++) {
            long length = lengths.get(i) / MILLISECOND;
            Item item = entry.items.get(i);
            if (left <= 0) {
                items.delete(item);
            } else if (left < length && item.id != null) {
                socket.send(RealtimeRequests.truncate(item.id, left));
                lengths.set(i, left * MILLISECOND);
            }
            left -= length;
        }
    }
}
