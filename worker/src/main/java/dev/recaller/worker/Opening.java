package dev.recaller.worker;

import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A part that is opened beside other work, by a thread of its own. Closing it closes the part, when it is open. */
final class Opening<T extends AutoCloseable> implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Opening.class);

    private final FutureTask<T> opening;

    private Opening(Callable<T> open) {
        opening = new FutureTask<>(open);
    }

    static <T extends AutoCloseable> Opening<T> begin(String name, Callable<T> open) {
        var opening = new Opening<>(open);
        Thread.ofPlatform().daemon().name("opening-" + name).start(opening.opening);
        return opening;
    }

    /** Waits until it is open; throws what kept it from that. */
    T get() throws IOException, InterruptedException {
        try {
            return opening.get();
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case IOException failure -> throw failure;
                case InterruptedException failure -> throw failure;
                case RuntimeException failure -> throw failure;
                case Error failure -> throw failure;
                case null, default -> throw new IllegalStateException(e.getCause());
            }
        }
    }

    @Override
    public void close() {
        try {
            opening.get().close();
        } catch (ExecutionException e) {
            log.debug("what did not open needs no closing", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Exception e) {
            log.error("a part did not close", e);
        }
    }
}
