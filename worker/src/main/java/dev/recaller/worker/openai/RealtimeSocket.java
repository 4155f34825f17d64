package dev.recaller.worker.openai;

import com.openai.core.ClientOptions;
import com.openai.core.RequestOptions;
import com.openai.core.http.WebSocketWriteNotAttempted;
import com.openai.helpers.RealtimeConnection;
import com.openai.helpers.RealtimeWebSocketOptions;
import com.openai.models.realtime.InputAudioBufferAppendEvent;
import com.openai.models.realtime.InputAudioBufferClearEvent;
import com.openai.models.realtime.RealtimeClientEvent;
import com.openai.models.realtime.RealtimeServerEvent;
import dev.recaller.worker.speech.ProviderException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;

/**
 * One connection to the Realtime API. A thread of its own opens it and reads its events, another one sends ours; it fails
 * once and for ever. All but {@link #close} is called with the owner's lock held, and so is the owner.
 */
final class RealtimeSocket implements AutoCloseable {

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

        /** Events can be sent from now on; none was. */
        void opened();

        void took(RealtimeServerEvent event);
    }

    private final String what;
    private final Owner owner;
    private final Thread thread;
    private final BlockingQueue<RealtimeClientEvent> outbox = new LinkedBlockingQueue<>();
    private boolean open;
    private @Nullable ProviderException failure;

    /**
     * Begins to connect.
     *
     * @param what the connection's use in words, for example {@code transcription by gpt-4o-transcribe}
     */
    RealtimeSocket(
            ClientOptions client, RequestOptions request, RealtimeWebSocketOptions options, String what, Owner owner) {
        this.what = what;
        this.owner = owner;
        thread = Thread.ofVirtual().name("realtime").start(() -> run(client, request, options));
    }

    boolean open() {
        return open && failure == null;
    }

    @Nullable
    ProviderException failure() {
        return failure;
    }

    /** Nothing happens when it is not open. */
    void send(RealtimeClientEvent event) {
        if (open()) {
            outbox.add(event);
        }
    }

    /** @param pcm24k of any length */
    void append(short[] pcm24k) {
        send(RealtimeClientEvent.ofInputAudioBufferAppend(
                InputAudioBufferAppendEvent.builder().audio(base64(pcm24k)).build()));
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

    /** What the server reported. */
    ProviderException reported(Optional<String> code, Optional<String> type) {
        String message = what + ": the server reported " + code.or(() -> type).orElse("an error");
        return type.filter(REFUSALS::contains).isPresent()
                        && code.filter(SESSION_EXPIRED::equals).isEmpty()
                ? ProviderException.refused(message, null)
                : ProviderException.failed(message, null);
    }

    static String base64(short[] pcm) {
        var bytes = ByteBuffer.allocate(pcm.length * Short.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asShortBuffer().put(pcm);
        return Base64.getEncoder().encodeToString(bytes.array());
    }

    private void run(ClientOptions client, RequestOptions request, RealtimeWebSocketOptions options) {
        try (var opened = RealtimeConnection.connect(client, options, request)) {
            var writer = Thread.ofVirtual().name("realtime").start(() -> write(opened));
            try {
                owner.change(() -> {
                    open = true;
                    owner.opened();
                });
                while (!Thread.currentThread().isInterrupted()) {
                    RealtimeServerEvent event = opened.receive();
                    owner.change(() -> owner.took(event));
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
}
