package dev.recaller.worker.telemetry;

import dev.recaller.flow.model.ChatModel;
import dev.recaller.flow.model.ModelException;
import dev.recaller.worker.speech.ProviderException;
import dev.recaller.worker.telemetry.Meters.Stage;
import dev.recaller.worker.telemetry.ProviderMeters.Operation;
import dev.recaller.worker.telemetry.ProviderMeters.ProviderOutcome;
import java.time.Duration;

/**
 * Measures every request to a chat model until it begins to answer, however late that is taken: a model that was asked early
 * waits for the caller, not the caller for it. That the answer breaks off later counts as an error too. Safe for use by many
 * threads.
 */
public final class MeteredChat implements ChatModel {

    private final Meters meters;
    private final ProviderMeters provider;
    private final Operation operation;
    private final ChatModel model;

    public MeteredChat(Meters meters, ProviderMeters provider, ChatModel model) {
        this(meters, provider, Operation.CHAT, model);
    }

    MeteredChat(Meters meters, ProviderMeters provider, Operation operation, ChatModel model) {
        this.meters = meters;
        this.provider = provider;
        this.operation = operation;
        this.model = model;
    }

    @Override
    public Answer answer(Request request) {
        long begun = System.nanoTime();
        try {
            Answer answer = model.answer(request);
            return new Metered(answer, since(begun));
        } catch (ModelException e) {
            provider.ended(operation, outcome(e), since(begun));
            throw e;
        }
    }

    private static ProviderOutcome outcome(ModelException e) {
        if (Thread.currentThread().isInterrupted()) {
            return ProviderOutcome.CANCELLED;
        }
        return e.getCause() instanceof ProviderException why ? MeteredSpeech.outcome(why) : ProviderOutcome.FAILED;
    }

    private static Duration since(long begun) {
        return Duration.ofNanos(System.nanoTime() - begun);
    }

    /** Tells once how the request went: at its first event, when it fails before, or when nobody waits for one. */
    private final class Metered implements Answer {
        private final Answer answer;
        private final Duration took;
        private boolean told;
        private boolean broken;
        private volatile boolean closed;

        Metered(Answer answer, Duration took) {
            this.answer = answer;
            this.took = took;
        }

        @Override
        public boolean hasNext() {
            try {
                return answer.hasNext();
            } catch (ModelException e) {
                broke(outcome(e));
                throw e;
            }
        }

        @Override
        public Event next() {
            try {
                Event event = answer.next();
                tell(ProviderOutcome.OK);
                return event;
            } catch (ModelException e) {
                broke(outcome(e));
                throw e;
            }
        }

        @Override
        public void heard(Duration sound, String words) {
            answer.heard(sound, words);
        }

        @Override
        public void close() {
            closed = true;
            answer.close();
            tell(ProviderOutcome.CANCELLED);
        }

        private synchronized void broke(ProviderOutcome outcome) {
            if (!told) {
                tell(outcome);
            } else if (!broken && !closed) {
                provider.brokeOff(operation, outcome);
            }
            broken = true;
        }

        private synchronized void tell(ProviderOutcome outcome) {
            if (told) {
                return;
            }
            told = true;
            provider.ended(operation, outcome, took);
            if (outcome == ProviderOutcome.OK) {
                meters.turn(Stage.MODEL_FIRST_TOKEN, took);
            }
        }
    }
}
