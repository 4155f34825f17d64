package dev.recaller.worker;

import dev.recaller.flow.definition.FlowConfiguration;
import dev.recaller.memory.Assurance;
import dev.recaller.memory.MemoryException;
import dev.recaller.memory.MemoryIdentity;
import dev.recaller.memory.Query;
import dev.recaller.memory.UnifiedMemoryService;
import dev.recaller.worker.speech.OwnPhrase;
import dev.recaller.worker.speech.Phrases;
import dev.recaller.worker.speech.ProviderException;
import dev.recaller.worker.speech.SpeechToText;
import dev.recaller.worker.telemetry.Meters;
import java.time.Duration;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the first caller must not wait for: classes to load, connections to open, and what we say ourselves when things go
 * wrong. Closing it ends what it still does.
 */
final class WarmUp implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(WarmUp.class);
    private static final Duration RECALL_LIMIT = Duration.ofSeconds(10);

    private final Configuration configuration;
    private final Meters meters;
    private final Phrases phrases;
    private final FlowConfiguration flow;
    private volatile @Nullable Thread preparing;

    /** @param flow the default one's */
    WarmUp(Configuration configuration, Meters meters, Phrases phrases, FlowConfiguration flow) {
        this.configuration = configuration;
        this.meters = meters;
        this.phrases = phrases;
        this.flow = flow;
    }

    /** Opens them, asks for a transcription and has our phrases prepared beside. Blocks until the transcription is there. Once. */
    Providers providers() throws InterruptedException {
        var providers = new Providers(configuration.providers(), meters, phrases);
        preparing = Thread.ofVirtual().name("recaller-phrases").start(() -> prepare(providers));
        try (SpeechToText transcription = providers.transcription(flow)) {
            transcription.transcribe(new short[SpeechToText.RATE / 2]);
        } catch (ProviderException e) {
            doesNotWork(e);
        }
        return providers;
    }

    private void prepare(Providers providers) {
        try {
            for (var voice : providers.voices(flow)) {
                phrases.prepare(OwnPhrase.all(voice.locale()), voice);
            }
        } catch (InterruptedException e) {
            log.debug("the worker stops, phrases are prepared by the next one");
        }
    }

    /** Recalls as a call does. Blocks, for {@link #RECALL_LIMIT} at most. */
    void recall(UnifiedMemoryService memory) throws InterruptedException {
        try {
            memory.recall(
                    MemoryIdentity.ofUser(configuration.organizationId(), "nobody-" + UUID.randomUUID()),
                    new Query(null, 1, Assurance.PRESENTED, null),
                    RECALL_LIMIT);
        } catch (MemoryException e) {
            doesNotWork(e);
        }
    }

    private static void doesNotWork(Exception e) {
        log.warn("something a call needs does not work now: {}", e.getMessage());
    }

    @Override
    public void close() {
        Thread phrasing = preparing;
        if (phrasing != null) {
            phrasing.interrupt();
        }
    }
}
