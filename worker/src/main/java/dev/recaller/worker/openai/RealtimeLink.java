package dev.recaller.worker.openai;

import com.openai.core.ClientOptions;
import com.openai.core.RequestOptions;
import com.openai.core.http.WebSocketWriteNotAttempted;
import com.openai.helpers.RealtimeConnection;
import com.openai.helpers.RealtimeWebSocketOptions;
import com.openai.models.realtime.InputAudioBufferAppendEvent;
import com.openai.models.realtime.InputAudioBufferClearEvent;
import com.openai.models.realtime.InputAudioBufferCommitEvent;
import com.openai.models.realtime.RealtimeClientEvent;
import com.openai.models.realtime.RealtimeError;
import com.openai.models.realtime.RealtimeServerEvent;
import com.openai.models.realtime.SessionUpdateEvent;
import dev.recaller.worker.speech.ProviderException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;

/**
 * One connection to the Realtime API for transcription. A thread of its own opens it and reads its events, another one
 * sends ours; it fails once and for ever. All but {@link #close} is called with the owner's lock held, and so is the owner.
 */
final class RealtimeLink implements AutoCloseable {

    /** Of an {@code error} event: the same would be refused again. From the API's list of error types. */
    private static final Set<String> REFUSALS =
            Set.of("invalid_request_error", "authentication_error", "permission_error", "not_found_error");

    /** A session lasts an hour at most; another one will do. */
    private static final String SESSION_EXPIRED = "session_expired";

    /** The client library takes one event at a time until it is on its way, and does not tell when: asked again so soon. */
    private static final Duration BUSY = Duration.ofMillis(1);

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

    private final String what;
    private final Owner owner;
    private final Thread thread;
    private final BlockingQueue<RealtimeClientEvent> outbox = new LinkedBlockingQueue<>();
    private final Map<String, Item> committed = new HashMap<>();
    private final Map<String, Item> known = new HashMap<>();
    private final Queue<Item> unnamed = new ArrayDeque<>();
    private boolean open;
    private @Nullable ProviderException failure;
    private int commits;

    /**
     * Begins to connect.
     *
     * @param settings sent first
     * @param what the request in words, for example {@code transcription by gpt-4o-transcribe}
     */
    RealtimeLink(ClientOptions client, RequestOptions options, SessionUpdateEvent settings, String what, Owner owner) {
        this.what = what;
        this.owner = owner;
        thread = Thread.ofVirtual().name("transcription").start(() -> run(client, options, settings));
    }

    boolean open() {
        return open && failure == null;
    }

    @Nullable
    ProviderException failure() {
        return failure;
    }

    /** @param pcm24k of any length */
    void append(short[] pcm24k) {
        var bytes = ByteBuffer.allocate(pcm24k.length * Short.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asShortBuffer().put(pcm24k);
        send(RealtimeClientEvent.ofInputAudioBufferAppend(InputAudioBufferAppendEvent.builder()
                .audio(Base64.getEncoder().encodeToString(bytes.array()))
                .build()));
    }

    /** What was appended since the last commit is to be transcribed. */
    Item commit() {
        var item = new Item();
        item.heardOf = System.nanoTime();
        String id = "commit-" + ++commits;
        committed.put(id, item);
        unnamed.add(item);
        send(RealtimeClientEvent.ofInputAudioBufferCommit(
                InputAudioBufferCommitEvent.builder().eventId(id).build()));
        return item;
    }

    /** Forgets what was appended since the last commit. */
    void clear() {
        send(RealtimeClientEvent.ofInputAudioBufferClear(
                InputAudioBufferClearEvent.builder().build()));
    }

    /** Gives it up. */
    void fail(ProviderException why) {
        if (failure == null) {
            failure = why;
        }
        close();
    }

    @Override
    public void close() {
        thread.interrupt();
    }

    private void run(ClientOptions client, RequestOptions options, SessionUpdateEvent settings) {
        var transcription = RealtimeWebSocketOptions.builder().transcription().build();
        try (var opened = RealtimeConnection.connect(client, transcription, options)) {
            var writer = Thread.ofVirtual().name("transcription").start(() -> write(opened));
            try {
                owner.change(() -> {
                    open = true;
                    send(RealtimeClientEvent.ofSessionUpdate(settings));
                    owner.opened(this);
                });
                while (!Thread.currentThread().isInterrupted()) {
                    RealtimeServerEvent event = opened.receive();
                    owner.change(() -> take(event));
                }
            } finally {
                writer.interrupt();
            }
        } catch (RuntimeException e) {
            owner.change(() -> fail(Failures.provider(what, e)));
        }
    }

    private void write(RealtimeConnection connection) {
        try {
            while (true) {
                RealtimeClientEvent event = outbox.take();
                while (!written(connection, event)) {
                    Thread.sleep(BUSY);
                }
            }
        } catch (InterruptedException e) {
            outbox.clear();
        } catch (RuntimeException e) {
            owner.change(() -> fail(Failures.provider(what, e)));
        }
    }

    private static boolean written(RealtimeConnection connection, RealtimeClientEvent event) {
        try {
            connection.send(event);
            return true;
        } catch (WebSocketWriteNotAttempted.Busy e) {
            return false;
        }
    }

    private void send(RealtimeClientEvent event) {
        if (open()) {
            outbox.add(event);
        }
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
                    failure(failed.error().code(), failed.error().type());
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
        ProviderException why = failure(error.code(), Optional.of(error.type()));
        Item item = error.eventId().map(committed::get).orElse(null);
        if (item == null) {
            fail(why);
        } else {
            unnamed.remove(item);
            item.failure = why;
        }
    }

    private ProviderException failure(Optional<String> code, Optional<String> type) {
        String message = what + ": the server reported " + code.or(() -> type).orElse("an error");
        return type.filter(REFUSALS::contains).isPresent()
                        && code.filter(SESSION_EXPIRED::equals).isEmpty()
                ? ProviderException.refused(message, null)
                : ProviderException.failed(message, null);
    }
}
