package dev.recaller.flow.node;

import dev.recaller.flow.model.ChatModel;
import dev.recaller.flow.model.ChatModel.Event;
import dev.recaller.flow.model.ChatModel.FunctionCall;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A model's answer as it comes in. Read by one thread of the line, which opens it with the first event; never throws what the
 * model threw: the events end there and {@link #failure} says why. Closed by the flow's thread, which ends a wait for the
 * model.
 */
final class AnswerEvents implements AutoCloseable {

    /** No answer needs more functions at once; those beyond are not called. */
    private static final int MAX_CALLS = 16;

    private final Supplier<ChatModel.Answer> model;
    private final BooleanSupplier timeUp;
    private final Object opening = new Object();
    private ChatModel.@Nullable Answer answer; // guarded by opening
    private boolean closed; // guarded by opening
    private final List<FunctionCall> calls = new CopyOnWriteArrayList<>();
    private volatile @Nullable RuntimeException failure;

    /** @param timeUp whether nobody is to wait for more of it */
    AnswerEvents(Supplier<ChatModel.Answer> model, BooleanSupplier timeUp) {
        this.model = model;
        this.timeUp = timeUp;
    }

    /** The next that is no call of a function; null at the end. */
    @Nullable
    Event next() {
        try {
            while (calls.size() < MAX_CALLS && !timeUp.getAsBoolean() && open().hasNext()) {
                Event event = open().next();
                if (!(event instanceof Event.Call(FunctionCall call))) {
                    return event;
                }
                calls.add(call);
            }
        } catch (RuntimeException e) {
            failure = e;
        }
        return null;
    }

    /** The functions the model called, in its order, once the events are through. */
    List<FunctionCall> calls() {
        return List.copyOf(calls);
    }

    /** Whether a model began to answer, so that a failure is that model's and others were not asked. */
    boolean begun() {
        synchronized (opening) {
            return answer != null;
        }
    }

    /** What the model broke with, once the events are through. */
    Optional<RuntimeException> failure() {
        return Optional.ofNullable(failure);
    }

    /** As {@link ChatModel.Answer#heard}. */
    void heard(Duration sound, String words) {
        synchronized (opening) {
            if (answer != null) {
                answer.heard(sound, words);
            }
        }
    }

    @Override
    public void close() {
        synchronized (opening) {
            closed = true;
            if (answer != null) {
                answer.close();
            }
        }
    }

    private ChatModel.Answer open() {
        synchronized (opening) {
            if (answer != null) {
                return answer;
            }
        }
        ChatModel.Answer opened = model.get();
        synchronized (opening) {
            answer = opened;
            if (closed) {
                opened.close();
            }
        }
        return opened;
    }
}
