package dev.recaller.worker.call;

import dev.recaller.flow.definition.FlowConfiguration;
import dev.recaller.memory.MemoryConfiguration;
import dev.recaller.memory.MemoryException;
import dev.recaller.memory.MemoryId;
import dev.recaller.memory.UnifiedMemoryService;
import dev.recaller.memory.extract.Extraction;
import dev.recaller.memory.extract.Extractor;
import dev.recaller.memory.extract.Utterance;
import dev.recaller.worker.speech.ProviderException;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is left to do when a call is over, off everybody's way: its row, and what a model finds in it where its flow asks
 * for that, a few calls at a time. A model that fails costs what it would have found, nothing else. Any thread.
 */
public final class AfterCalls implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(AfterCalls.class);
    private static final int AT_ONCE = 4;
    private static final int CLOSING_SECONDS = 30;

    private final UnifiedMemoryService memory;
    private final Function<FlowConfiguration, Extractor> extractors;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Semaphore places = new Semaphore(AT_ONCE);

    public AfterCalls(UnifiedMemoryService memory, Function<FlowConfiguration, Extractor> extractors) {
        this.memory = memory;
        this.extractors = extractors;
    }

    /**
     * Returns at once.
     *
     * @param first done before anything else, whatever comes of the rest
     */
    public void ended(String organizationId, UUID callId, FlowConfiguration flow, Runnable first) {
        threads.execute(() -> {
            try {
                first.run();
                places.acquire();
                try {
                    extract(organizationId, callId, flow);
                } finally {
                    places.release();
                }
            } catch (InterruptedException e) {
                log.warn("nothing is extracted from call {}: the worker stops", callId);
            } catch (MemoryException | ProviderException e) {
                log.warn("nothing is extracted from call {}: {}", callId, e.getMessage());
            } catch (RuntimeException e) {
                log.error("nothing is extracted from call {}", callId, e);
            }
        });
    }

    private void extract(String organizationId, UUID callId, FlowConfiguration flow) {
        MemoryConfiguration configuration = memory.configuration(organizationId, flow.memory());
        boolean wanted = configuration.extractEntities() || configuration.extractPreferences();
        if (!configuration.enabled() || !wanted) {
            return;
        }
        var stored = memory.memoryOf(organizationId, callId);
        if (stored.isEmpty()) {
            return;
        }
        MemoryId id = stored.get();
        List<Utterance> call = memory.utterances(id, callId);
        Extraction found = extractors.apply(flow).extract(call);
        int kept = memory.storeExtraction(id, callId, configuration, found);
        log.info("extracted {} statements from call {}", kept, callId);
    }

    /** Waits for what is being extracted, for so long at most. */
    @Override
    public void close() {
        threads.shutdown();
        try {
            if (!threads.awaitTermination(CLOSING_SECONDS, TimeUnit.SECONDS)) {
                threads.shutdownNow();
            }
        } catch (InterruptedException e) {
            threads.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }
}
