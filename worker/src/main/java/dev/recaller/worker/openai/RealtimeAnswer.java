package dev.recaller.worker.openai;

import com.openai.models.realtime.RealtimeResponse;
import dev.recaller.flow.model.ChatModel.Answer;
import dev.recaller.flow.model.ChatModel.Event;
import dev.recaller.flow.model.ChatModel.FunctionCall;
import dev.recaller.flow.model.ModelException;
import dev.recaller.worker.speech.ProviderException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/** An answer as it is spoken; its function calls come last. What arrives is told with the session's lock held. */
final class RealtimeAnswer implements Answer {

    private final RealtimeSession session;
    private final SpokenAnswer spoken;
    private final Queue<Event> events = new ArrayDeque<>();
    private long heardOf = System.nanoTime();
    private boolean begun;
    private boolean done;
    private boolean unwanted;
    private @Nullable ProviderException failure;

    RealtimeAnswer(RealtimeSession session, SpokenAnswer spoken) {
        this.session = session;
        this.spoken = spoken;
    }

    @Override
    public boolean hasNext() {
        return reading(this::awaitNext);
    }

    @Override
    public Event next() {
        return reading(() -> {
            if (events.isEmpty() && !awaitNext()) {
                throw new NoSuchElementException();
            }
            return events.remove();
        });
    }

    private <T> T reading(Changes.Work<T> work) {
        try {
            return session.changes().working(work);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ModelException("interrupted", e);
        }
    }

    @Override
    public void heard(Duration sound, String words) {
        session.changes().change(() -> {
            cancel();
            spoken.heard(sound, words);
        });
    }

    @Override
    public void close() {
        session.changes().change(this::cancel);
    }

    /** Whether there is something to read, or there never will be. */
    boolean begun() {
        return begun || done;
    }

    /** The server does no more for it. */
    boolean done() {
        return done;
    }

    @Nullable
    ProviderException failure() {
        return failure;
    }

    /** The server began to work on it. */
    void created() {
        heardOf = System.nanoTime();
        if (unwanted) {
            session.cancel();
        }
    }

    void words(String item, String delta) {
        spoken.item(item);
        add(new Event.Text(delta));
    }

    void sound(String item, String base64) {
        var bytes = ByteBuffer.wrap(Base64.getDecoder().decode(base64)).order(ByteOrder.LITTLE_ENDIAN);
        var pcm = new short[bytes.remaining() / Short.BYTES];
        bytes.asShortBuffer().get(pcm);
        spoken.sound(item, pcm.length);
        add(new Event.Sound(pcm));
    }

    void finished(RealtimeResponse response) {
        for (var item : response.output().orElse(List.of())) {
            if (item.isFunctionCall()) {
                var call = item.asFunctionCall();
                String id = call.callId().orElse("");
                spoken.called(call.id().orElse(id), id);
                if (response.status()
                        .filter(RealtimeResponse.Status.COMPLETED::equals)
                        .isPresent()) {
                    add(new Event.Call(new FunctionCall(id, call.name(), call.arguments())));
                }
            } else if (item.isRealtimeConversationItemAssistantMessage()) {
                item.asRealtimeConversationItemAssistantMessage().id().ifPresent(spoken::item);
            }
        }
        spoken.finished();
        if (response.status().filter(RealtimeResponse.Status.FAILED::equals).isPresent()) {
            var error = response.statusDetails().flatMap(details -> details.error());
            failed(session.reported(error.flatMap(it -> it.code()), error.flatMap(it -> it.type())));
        }
        done = true;
    }

    void failed(ProviderException why) {
        failure = why;
        done = true;
    }

    private void add(Event event) {
        heardOf = System.nanoTime();
        begun = true;
        if (!unwanted) {
            events.add(event);
        }
    }

    private void cancel() {
        if (!unwanted) {
            unwanted = true;
            if (!done) {
                session.cancel();
            }
        }
    }

    private boolean awaitNext() throws InterruptedException {
        try {
            session.await(() -> !events.isEmpty() || unwanted || done, () -> heardOf + session.silenceNanos());
            if (events.isEmpty() && failure != null) {
                throw failure;
            }
        } catch (ProviderException e) {
            throw new ModelException(String.valueOf(e.getMessage()), e);
        }
        return !events.isEmpty() && !unwanted;
    }
}
