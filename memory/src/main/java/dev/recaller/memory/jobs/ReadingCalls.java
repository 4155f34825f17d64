package dev.recaller.memory.jobs;

import dev.recaller.memory.ExtractionJob;
import dev.recaller.memory.MemoryConfiguration;
import dev.recaller.memory.MemoryException;
import dev.recaller.memory.MemoryId;
import dev.recaller.memory.UnifiedMemoryService;
import dev.recaller.memory.extract.Extraction;
import dev.recaller.memory.extract.Transcript;
import dev.recaller.memory.extract.Utterance;
import dev.recaller.memory.jobs.JobListener.Outcome;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Has a model read one call and keeps what the rules let it: at most one request a try. */
final class ReadingCalls {

    private static final Logger LOG = LoggerFactory.getLogger(ReadingCalls.class);

    private final UnifiedMemoryService memory;
    private final MemoryJobs.Models models;

    ReadingCalls(UnifiedMemoryService memory, MemoryJobs.Models models) {
        this.memory = memory;
        this.models = models;
    }

    /**
     * Reads a call; a call that is erased, was read before, said too little, or whose organization wants none of it any
     * more, costs nothing.
     *
     * @throws dev.recaller.memory.extract.ExtractorException when no extraction comes of it
     */
    Outcome read(ExtractionJob job) {
        MemoryConfiguration configuration = memory.configuration(job.organizationId(), job.memory());
        Optional<MemoryId> whose = memory.memoryOf(job.organizationId(), job.callId());
        if (!configuration.extracts() || whose.isEmpty() || memory.isExtracted(whose.get(), job.callId())) {
            return Outcome.NOTHING;
        }
        List<Utterance> call = Transcript.of(memory.utterances(whose.get(), job.callId()));
        if (call.isEmpty()) {
            return Outcome.NOTHING;
        }
        Extraction found = models.extractor(Optional.ofNullable(job.model())).extract(call);
        try {
            int kept = memory.storeExtraction(whose.get(), job.callId(), configuration, found);
            LOG.info("extracted {} statements from call {}", kept, job.callId());
            return Outcome.DONE;
        } catch (MemoryException e) {
            if (e.code() == MemoryException.Code.NOT_FOUND) {
                return Outcome.NOTHING;
            }
            throw e;
        }
    }
}
