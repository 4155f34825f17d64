package dev.recaller.worker.fallback;

import dev.recaller.flow.model.ChatModel;
import dev.recaller.flow.model.ModelException;
import dev.recaller.worker.speech.ProviderException;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;

/** The models of each request, wherever they run. Up to its first event an answer may come from the next one. */
public final class FallbackChat implements ChatModel {

    /** Where a model runs. */
    public interface Models {
        /**
         * Finds it by its name.
         *
         * @param name as flows name it
         * @param last nobody is left to ask after it
         */
        Link<ChatModel> find(String name, boolean last);
    }

    private final Models models;

    public FallbackChat(Models models) {
        this.models = models;
    }

    @Override
    public Answer answer(Request request) {
        try {
            var answer = chain(request.models())
                    .ask(link -> ask(link.provider(), request), model -> readToTheEnd(model, request), null, null);
            return new Watched(answer.link().circuit(), answer.value());
        } catch (ProviderException e) {
            throw new ModelException("no model answered; " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ModelException("interrupted", e);
        }
    }

    private Chain<ChatModel> chain(List<String> names) {
        var links = new ArrayList<Link<ChatModel>>();
        for (String name : names) {
            links.add(models.find(name, links.size() == names.size() - 1));
        }
        return new Chain<>("answer", links);
    }

    private static Answer ask(ChatModel model, Request request) throws InterruptedException {
        try {
            return model.answer(request);
        } catch (ModelException e) {
            if (Thread.interrupted()) {
                throw new InterruptedException("nobody waits for the model");
            }
            throw provider(e);
        }
    }

    private static void readToTheEnd(ChatModel model, Request request) throws InterruptedException {
        try (var answer = ask(model, request)) {
            answer.forEachRemaining(_ -> {});
        }
    }

    private static ProviderException provider(ModelException e) {
        return e.getCause() instanceof ProviderException why
                ? why
                : ProviderException.failed(String.valueOf(e.getMessage()), e);
    }

    /** Tells the circuit of an answer that breaks off while somebody still reads it. */
    private static final class Watched implements Answer {
        private final Circuit circuit;
        private final Answer answer;
        private volatile boolean closed;

        Watched(Circuit circuit, Answer answer) {
            this.circuit = circuit;
            this.answer = answer;
        }

        @Override
        public boolean hasNext() {
            try {
                return answer.hasNext();
            } catch (ModelException e) {
                if (!closed && !Thread.currentThread().isInterrupted()) {
                    circuit.failed(provider(e));
                }
                throw e;
            }
        }

        @Override
        public Event next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            return answer.next();
        }

        @Override
        public void close() {
            closed = true;
            answer.close();
        }
    }
}
