package dev.recaller.worker.fallback;

import dev.recaller.flow.model.ChatModel;
import dev.recaller.flow.model.ModelException;
import dev.recaller.worker.speech.ProviderException;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A model that must begin to answer in time, and go on. */
public final class LimitedChat implements ChatModel {

    private final String what;
    private final ChatModel model;
    private final TimeLimits limits;

    /** @param provider for messages */
    public LimitedChat(String provider, ChatModel model, TimeLimits limits) {
        this.what = "answer by " + provider;
        this.model = model;
        this.limits = limits;
    }

    @Override
    public Answer answer(Request request) {
        var fetched = new Fetched<Event>(what, sink -> fetch(request, sink));
        try {
            return new LimitedAnswer(fetched, next(fetched, true));
        } catch (RuntimeException e) {
            fetched.close();
            throw e;
        }
    }

    private void fetch(Request request, Fetched.Sink<Event> sink) throws InterruptedException {
        try (var answer = model.answer(request)) {
            while (answer.hasNext()) {
                sink.put(answer.next());
            }
        }
    }

    private @Nullable Event next(Fetched<Event> fetched, boolean first) {
        try {
            Optional<Event> next = fetched.next(first ? limits.first() : limits.gap());
            return next.orElse(null);
        } catch (ProviderException e) {
            throw new ModelException(String.valueOf(e.getMessage()), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ModelException("interrupted", e);
        }
    }

    private final class LimitedAnswer implements Answer {
        private final Fetched<Event> fetched;
        private @Nullable Event next;
        private boolean over;

        LimitedAnswer(Fetched<Event> fetched, @Nullable Event first) {
            this.fetched = fetched;
            this.next = first;
            this.over = first == null;
        }

        @Override
        public boolean hasNext() {
            if (next == null && !over) {
                next = LimitedChat.this.next(fetched, false);
                over = next == null;
            }
            return next != null;
        }

        @Override
        public Event next() {
            if (!hasNext() || next == null) {
                throw new NoSuchElementException();
            }
            Event event = next;
            next = null;
            return event;
        }

        @Override
        public void close() {
            fetched.close();
        }
    }
}
