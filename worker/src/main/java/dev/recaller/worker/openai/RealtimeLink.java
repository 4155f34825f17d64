package dev.recaller.worker.openai;

import com.openai.core.ClientOptions;
import com.openai.core.RequestOptions;
import com.openai.helpers.RealtimeWebSocketOptions;
import com.openai.models.realtime.InputAudioBufferCommitEvent;
import com.openai.models.realtime.RealtimeClientEvent;
import com.openai.models.realtime.RealtimeError;
import com.openai.models.realtime.RealtimeServerEvent;
import com.openai.models.realtime.SessionUpdateEvent;
import dev.recaller.worker.speech.ProviderException;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/** A connection to the Realtime API for transcription. As with its socket, all but {@link #close} is called with the lock held. */
final class RealtimeLink implements AutoCloseable {

    interface Owner {
        /** Runs this with the lock held, then wakes who waits for a change. */
        void change(Runnable change);

        /** Audio can be sent from now on; none was. */
        void opened(RealtimeLink link);
    }

    /** Audio that was committed, and what becomes of it. */
    static final class Item {
        private @Nullable String text;
        private @Nullable ProviderException failure;
        private long heardOf;

        /** What was said; null while it is not known. */
        @Nullable
        String text() {
            return text;
        }

        @Nullable
        ProviderException failure() {
            return failure;
        }

        /** When the server last sent a part of it, by {@link System#nanoTime}; when committed while it has not. */
        long heardOf() {
            return heardOf;
        }
    }

    private final Owner owner;
    private final RealtimeSocket socket;
    private final Map<String, Item> committed = new HashMap<>();
    private final Map<String, Item> known = new HashMap<>();
    private final Queue<Item> unnamed = new ArrayDeque<>();
    private int commits;

    /**
     * Begins to connect.
     *
     * @param settings sent first
     * @param what the request in words, for example {@code transcription by gpt-4o-transcribe}
     */
    RealtimeLink(ClientOptions client, RequestOptions options, SessionUpdateEvent settings, String what, Owner owner) {
        this.owner = owner;
        var transcription = RealtimeWebSocketOptions.builder().transcription().build();
        socket = new RealtimeSocket(client, options, transcription, what, new SocketOwner(settings));
    }

    private final class SocketOwner implements RealtimeSocket.Owner {
        private final SessionUpdateEvent settings;

        SocketOwner(SessionUpdateEvent settings) {
            this.settings = settings;
        }

        @Override
        public void change(Runnable change) {
            owner.change(change);
        }

        @Override
        public void opened() {
            socket.send(RealtimeClientEvent.ofSessionUpdate(settings));
            owner.opened(RealtimeLink.this);
        }

        @Override
        public void took(RealtimeServerEvent event) {
            take(event);
        }
    }

    boolean open() {
        return socket.open();
    }

    @Nullable
    ProviderException failure() {
        return socket.failure();
    }

    /** @param pcm24k of any length */
    void append(short[] pcm24k) {
        socket.append(pcm24k);
    }

    /** What was appended since the last commit is to be transcribed. */
    Item commit() {
        var item = new Item();
        item.heardOf = System.nanoTime();
        String id = "commit-" + ++commits;
        committed.put(id, item);
        unnamed.add(item);
        socket.send(RealtimeClientEvent.ofInputAudioBufferCommit(
                InputAudioBufferCommitEvent.builder().eventId(id).build()));
        return item;
    }

    /** Forgets what was appended since the last commit. */
    void clear() {
        socket.clear();
    }

    /** Gives it up. */
    void fail(ProviderException why) {
        socket.fail(why);
    }

    @Override
    public void close() {
        socket.close();
    }

    private void take(RealtimeServerEvent event) {
        if (event.isInputAudioBufferCommitted()) {
            named(event.asInputAudioBufferCommitted().itemId());
        } else if (event.isConversationItemInputAudioTranscriptionDelta()) {
            named(event.asConversationItemInputAudioTranscriptionDelta().itemId());
        } else if (event.isConversationItemInputAudioTranscriptionCompleted()) {
            var completed = event.asConversationItemInputAudioTranscriptionCompleted();
            Item item = named(completed.itemId());
            item.text = completed.transcript().strip();
        } else if (event.isConversationItemInputAudioTranscriptionFailed()) {
            var failed = event.asConversationItemInputAudioTranscriptionFailed();
            named(failed.itemId()).failure =
                    socket.reported(failed.error().code(), failed.error().type());
        } else if (event.isError()) {
            failed(event.asError().error());
        }
    }

    /** Items are named in the order of their commits. */
    private Item named(String id) {
        Item item = known.get(id);
        if (item == null) {
            item = Optional.ofNullable(unnamed.poll()).orElseGet(Item::new);
            known.put(id, item);
        }
        item.heardOf = System.nanoTime();
        return item;
    }

    /** One commit fails alone; whatever else is wrong, this connection is of no use. */
    private void failed(RealtimeError error) {
        ProviderException why = socket.reported(error.code(), Optional.of(error.type()));
        Item item = error.eventId().map(committed::get).orElse(null);
        if (item == null) {
            fail(why);
        } else {
            unnamed.remove(item);
            item.failure = why;
        }
    }
}
