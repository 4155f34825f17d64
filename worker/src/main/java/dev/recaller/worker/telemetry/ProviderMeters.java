package dev.recaller.worker.telemetry;

import static dev.recaller.worker.telemetry.Instruments.label;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Tags;
import java.time.Duration;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

/** How one provider of models and speech serves us. Safe for use by many threads. */
public final class ProviderMeters {

    /** Label {@code operation}. */
    public enum Operation {
        CHAT,
        SPEECH,
        TRANSCRIPTION,
        EXTRACTION,
        /** An answer of a model that hears and speaks itself. */
        REALTIME
    }

    /** Label {@code outcome}; all but {@code OK} and {@code CANCELLED} are errors. */
    public enum ProviderOutcome {
        OK,
        /** We did not want the answer any more. */
        CANCELLED,
        TIMEOUT,
        REFUSED,
        FAILED
    }

    private final Instruments instruments;
    private final String provider;

    /**
     * Errors and tokens are there from the first scrape on, as zeros: an alert must not miss the first.
     *
     * @param provider of a closed set: the name in the settings, never a host or a model named by a flow
     */
    public ProviderMeters(Meters meters, String provider) {
        this.instruments = meters.instruments();
        this.provider = provider;
        for (Operation operation : Operation.values()) {
            Stream.of(ProviderOutcome.values())
                    .filter(ProviderMeters::isError)
                    .forEach(outcome -> errors(operation, outcome));
        }
        for (Operation operation : List.of(Operation.CHAT, Operation.EXTRACTION, Operation.REALTIME)) {
            tokens(operation, 0, 0);
        }
    }

    /** A request ended, or its answer began. */
    void ended(Operation operation, ProviderOutcome outcome, Duration took) {
        instruments
                .timer(
                        "recaller.provider",
                        "Requests to models and speech services",
                        Meters.CONVERSATION,
                        tags(operation, outcome))
                .record(took);
        brokeOff(operation, outcome);
    }

    /** An answer that had begun broke off. */
    void brokeOff(Operation operation, ProviderOutcome outcome) {
        if (isError(outcome)) {
            errors(operation, outcome).increment();
        }
    }

    private static boolean isError(ProviderOutcome outcome) {
        return outcome != ProviderOutcome.OK && outcome != ProviderOutcome.CANCELLED;
    }

    private Counter errors(Operation operation, ProviderOutcome outcome) {
        return instruments.counter(
                "recaller.provider.errors",
                "Requests to models and speech services that failed",
                tags(operation, outcome));
    }

    /** What a request to a model cost, as far as it says so. */
    public void tokens(Operation operation, long prompt, long answer) {
        tokens(operation, "prompt", prompt);
        tokens(operation, "answer", answer);
    }

    /** How many of its models are not asked now, because they failed; looked up at each scrape. */
    public void circuitsOpen(Operation operation, LongSupplier open) {
        instruments.gauge(
                "recaller.provider.circuits.open",
                "Models of a provider that calls do without",
                Tags.of("provider", provider, "operation", label(operation)),
                () -> (double) open.getAsLong());
    }

    private void tokens(Operation operation, String direction, long count) {
        instruments
                .counter(
                        "recaller.provider.tokens",
                        "Tokens of models, as they count them",
                        Tags.of("provider", provider, "operation", label(operation), "direction", direction))
                .increment((double) count);
    }

    private Tags tags(Operation operation, ProviderOutcome outcome) {
        return Tags.of("provider", provider, "operation", label(operation), "outcome", label(outcome));
    }
}
