package dev.recaller.worker.openai;

import com.openai.core.ClientOptions;
import com.openai.helpers.RealtimeWebSocketOptions;
import com.openai.models.realtime.RealtimeClientEvent;
import com.openai.models.realtime.RealtimeError;
import com.openai.models.realtime.RealtimeServerEvent;
import dev.recaller.flow.model.ChatModel;
import dev.recaller.worker.speech.ProviderException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** One connection to a realtime model: one answer at a time, on a conversation kept in line. With the lock of {@link #changes}. */
final class RealtimeSession implements RealtimeSocket.Owner {

    /** A caller waits no longer for a first sound: another model may answer. */
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(4);

    /** Id of our events that ask for an answer. */
    private static final String ANSWER = "answer";

    private final Changes changes;
    private final Duration silence;
    private final RealtimeClientEvent settings;
    private final String what;
    private final TokenUsage usage;
    private final Runnable opened;
    private final RealtimeSocket socket;
    private final RealtimeItems items;
    private @Nullable RealtimeAnswer current;
    private int answers;

    /**
     * Begins to connect.
     *
     * @param opened run when audio can be sent
     */
    RealtimeSession(
            ClientOptions client,
            OpenAi.Limits limits,
            String model,
            String voice,
            TokenUsage usage,
            Changes changes,
            Runnable opened) {
        this.changes = changes;
        this.silence = limits.silence();
        this.settings = RealtimeRequests.settings(voice);
        this.what = "answer by " + model;
        this.usage = usage;
        this.opened = opened;
        var options = RealtimeWebSocketOptions.builder().model(model).build();
        this.socket = new RealtimeSocket(client, limits.options(), options, what, this);
        this.items = new RealtimeItems(socket);
    }

    Changes changes() {
        return changes;
    }

    RealtimeSocket socket() {
        return socket;
    }

    boolean open() {
        return socket.open();
    }

    @Nullable
    ProviderException failure() {
        return socket.failure();
    }

    long silenceNanos() {
        return silence.toNanos();
    }

    /**
     * Has the model answer, and waits until it begins.
     *
     * @param heard the caller's last turns
     * @throws ProviderException when it refuses, fails or takes too long
     */
    RealtimeAnswer ask(ChatModel.Request request, List<HeardTurn> heard) throws InterruptedException {
        awaitSoon(() -> socket.open() && (current == null || current.done()));
        items.follow(request.messages(), heard);
        var answer = new RealtimeAnswer(this, items.answer());
        current = answer;
        socket.send(RealtimeRequests.answer(ANSWER + "-" + ++answers, request));
        try {
            awaitSoon(answer::begun);
        } catch (InterruptedException e) {
            answer.close();
            throw e;
        }
        if (answer.failure() != null) {
            throw answer.failure();
        }
        return answer;
    }

    private void awaitSoon(BooleanSupplier condition) throws InterruptedException {
        long until = System.nanoTime() + PATIENCE_NANOS;
        await(condition, () -> until);
    }

    /** Waits until this is so; gives the connection up when that takes too long. */
    void await(BooleanSupplier condition, LongSupplier until) throws InterruptedException {
        if (!changes.await(() -> condition.getAsBoolean() || socket.failure() != null, until)) {
            socket.fail(ProviderException.late(what + ": took too long", null));
        }
        ProviderException failure = socket.failure();
        if (failure != null && !condition.getAsBoolean()) {
            throw failure;
        }
    }

    /** No more is to be done for the answer that is being made. */
    void cancel() {
        socket.send(RealtimeRequests.cancel());
    }

    ProviderException reported(Optional<String> code, Optional<String> type) {
        return socket.reported(code, type);
    }

    void close() {
        socket.close();
    }

    @Override
    public void change(Runnable change) {
        changes.change(change);
    }

    @Override
    public void opened() {
        socket.send(settings);
        opened.run();
    }

    @Override
    public void took(RealtimeServerEvent event) {
        RealtimeAnswer answer = current;
        if (event.isInputAudioBufferCommitted()) {
            items.committed(event.asInputAudioBufferCommitted().itemId());
        } else if (event.isError()) {
            failed(event.asError().error());
        } else if (answer == null || answer.done()) {
            return;
        } else if (event.isResponseCreated()) {
            answer.created();
        } else if (event.isResponseOutputAudioDelta()) {
            var sound = event.asResponseOutputAudioDelta();
            answer.sound(sound.itemId(), sound.delta());
        } else if (event.isResponseOutputAudioTranscriptDelta()) {
            var words = event.asResponseOutputAudioTranscriptDelta();
            answer.words(words.itemId(), words.delta());
        } else if (event.isResponseDone()) {
            var response = event.asResponseDone().response();
            answer.finished(response);
            response.usage()
                    .ifPresent(used -> usage.used(
                            used.inputTokens().orElse(0L), used.outputTokens().orElse(0L)));
        }
    }

    /** An answer fails alone; whatever else is wrong, this connection is of no use. */
    private void failed(RealtimeError error) {
        String id = error.eventId().orElse("");
        ProviderException why = socket.reported(error.code(), Optional.of(error.type()));
        if (id.startsWith(ANSWER)) {
            if (current != null && id.equals(ANSWER + "-" + answers)) {
                current.failed(why);
            }
        } else if (!id.equals(RealtimeRequests.MAY_FAIL)) {
            socket.fail(why);
        }
    }
}
