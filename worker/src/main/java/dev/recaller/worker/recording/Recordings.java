package dev.recaller.worker.recording;

import dev.recaller.worker.store.RecordingStore;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All recordings of a process: those of calls that go on, and the thread that looks after the finished ones, when one ends
 * and every half minute. Thread safe.
 */
public final class Recordings implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Recordings.class);
    private static final Duration EVERY = Duration.ofSeconds(30);
    private static final Duration CLOSING = Duration.ofSeconds(10);

    private final Spool spool;
    private final RecordingListener listener;
    private final InstantSource clock;
    private final Set<LiveRecording> live = ConcurrentHashMap.newKeySet();
    private final Semaphore work = new Semaphore(0);
    private final Thread keeping;
    private volatile boolean closing;

    private Recordings(Spool spool, Keeper keeper, RecordingListener listener, InstantSource clock) {
        this.spool = spool;
        this.listener = listener;
        this.clock = clock;
        // Slow disks and buckets would hold a carrier that calls run on.
        this.keeping = Thread.ofPlatform().daemon().name("recordings").unstarted(() -> keep(keeper));
    }

    /**
     * Begins to look after what earlier processes left.
     *
     * @param unfinished a folder of this machine
     * @throws IOException when the place cannot be used; a bucket is not asked yet
     */
    public static Recordings open(
            Place place, Path unfinished, RecordingStore store, RecordingListener listener, InstantSource clock)
            throws IOException {
        Spool spool = new Spool(unfinished);
        var recordings =
                new Recordings(spool, new Keeper(spool, Storage.of(place), store, listener, clock), listener, clock);
        recordings.keeping.start();
        return recordings;
    }

    /** A call that is to be recorded from {@link Recording#start} on. */
    public Recording of(About about) {
        var recording = new LiveRecording(about, spool::create, listener, System::nanoTime, clock, this::finished);
        live.add(recording);
        return recording;
    }

    private void finished(LiveRecording recording) {
        live.remove(recording);
        work.release();
    }

    /** The consent phrase of a call could not be spoken. */
    public void notBegun() {
        listener.ended(RecordingListener.Outcome.NOT_BEGUN);
    }

    /** Ends what is still recorded, stores what can be stored at once, and leaves the rest to the next process. */
    @Override
    public void close() {
        try {
            for (LiveRecording recording : live) {
                recording.end();
                if (!recording.awaitFinished(CLOSING)) {
                    log.warn("a recording does not end: what was written of it is a whole file");
                }
            }
            closing = true; // not before: its last look is to find them
            work.release();
            if (!keeping.join(CLOSING)) {
                keeping.interrupt();
                keeping.join();
            }
        } catch (InterruptedException e) {
            closing = true;
            keeping.interrupt();
            Thread.currentThread().interrupt();
        }
    }

    private void keep(Keeper keeper) {
        try {
            boolean last = false;
            while (!last) {
                last = closing;
                try {
                    keeper.run();
                } catch (RuntimeException e) {
                    log.error("recordings are looked after later", e);
                }
                if (!last) {
                    boolean _ = work.tryAcquire(EVERY.toMillis(), TimeUnit.MILLISECONDS);
                    work.drainPermits();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
