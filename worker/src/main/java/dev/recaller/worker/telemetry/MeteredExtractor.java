package dev.recaller.worker.telemetry;

import dev.recaller.memory.extract.Extraction;
import dev.recaller.memory.extract.Extractor;
import dev.recaller.memory.extract.ExtractorException;
import dev.recaller.memory.extract.Utterance;
import dev.recaller.worker.telemetry.ProviderMeters.Operation;
import dev.recaller.worker.telemetry.ProviderMeters.ProviderOutcome;
import java.time.Duration;
import java.util.List;

/** An extractor whose requests are measured. */
public final class MeteredExtractor implements Extractor {

    private final ProviderMeters provider;
    private final Extractor extractor;

    public MeteredExtractor(ProviderMeters provider, Extractor extractor) {
        this.provider = provider;
        this.extractor = extractor;
    }

    @Override
    public Extraction extract(List<Utterance> call) {
        long begun = System.nanoTime();
        ProviderOutcome outcome = ProviderOutcome.FAILED;
        try {
            Extraction extraction = extractor.extract(call);
            outcome = ProviderOutcome.OK;
            return extraction;
        } catch (ExtractorException e) {
            outcome = switch (e.reason()) {
                case TIMEOUT -> ProviderOutcome.TIMEOUT;
                case REFUSED, DENIED -> ProviderOutcome.REFUSED;
                case RATE_LIMITED, UNAVAILABLE, INVALID_ANSWER -> ProviderOutcome.FAILED;
            };
            throw e;
        } finally {
            provider.ended(Operation.EXTRACTION, outcome, Duration.ofNanos(System.nanoTime() - begun));
        }
    }
}
