package dev.recaller.memory.jobs;

import dev.recaller.memory.ChunkId;
import dev.recaller.memory.UnifiedMemoryService;
import dev.recaller.memory.VectorSweep;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Comes by all chunks of all organizations, some each time, and has the vectors made that they lack: those of callers who do
 * not call have to be there too when they do. Goes on where it was the last time, from the beginning in a new process. For
 * one thread at a time.
 */
public final class VectorRepair implements Runnable {

    /** Chunks looked at in one query. */
    private static final int PAGE = 1_000;

    /** A run looks at this many pages at most: some seconds of a connection. */
    private static final int PAGES = 100;

    /** A run ends after so many vectors were made: some ten seconds of one core. */
    private static final int MADE = 1_000;

    private final UnifiedMemoryService memory;
    private String organization = "";
    private @Nullable ChunkId last;

    public VectorRepair(UnifiedMemoryService memory) {
        this.memory = memory;
    }

    @Override
    public void run() {
        int made = 0;
        for (int page = 0;
                page < PAGES && made < MADE && !Thread.currentThread().isInterrupted();
                page++) {
            if (last == null && !nextOrganization()) {
                return;
            }
            VectorSweep swept = memory.sweepVectors(organization, last, PAGE);
            made += swept.made();
            last = swept.last();
        }
    }

    /** False: that was the last one, the next run begins anew. */
    private boolean nextOrganization() {
        Optional<String> next = memory.organizationAfter(organization);
        organization = next.orElse("");
        return next.isPresent();
    }
}
