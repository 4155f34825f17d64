package dev.recaller.sql;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A PostgreSQL of our own, migrated. It runs as a process beside this one and outlives a crash of it.
 *
 * <p>Processes that open the same home share one server: the first starts it, the last to close stops it. A server that
 * dies meanwhile is started again on the same port by one of those that use it.
 */
public final class EmbeddedDatabase implements AutoCloseable {

    /** Where to connect, as which role. Holds passwords. */
    public record Urls(String owner, String worker, String reader) {
        @Override
        public String toString() {
            return "Urls[of the embedded database]";
        }
    }

    private static final Logger LOG = LoggerFactory.getLogger(EmbeddedDatabase.class);

    interface Closing {
        void close() throws IOException, InterruptedException;
    }

    private final Urls urls;
    private final Closing closing;

    EmbeddedDatabase(Urls urls, Closing closing) {
        this.urls = urls;
        this.closing = closing;
    }

    /**
     * Opens the durable database of {@code folders.home()}, making it the first time. Blocks for seconds then.
     *
     * @param progress told a line for each step that takes long
     * @throws DatabaseException {@code NOT_READY} when it cannot run here; the message says what to do
     */
    public static EmbeddedDatabase open(Folders folders, Consumer<String> progress) {
        try {
            return new SharedServer(folders, progress).open();
        } catch (IOException | UncheckedIOException e) {
            throw DatabaseException.notReady("the embedded PostgreSQL cannot start: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw DatabaseException.notReady("interrupted while the embedded PostgreSQL started", e);
        }
    }

    /**
     * A database for a test: fresh, migrated, fast, gone when closed. All of one process are on one server, which forgets
     * everything and ends with the process.
     */
    public static EmbeddedDatabase temporary() {
        TemporaryServer server = TemporaryServer.instance();
        String name = server.createDatabase();
        return new EmbeddedDatabase(server.urls(name), () -> server.dropDatabase(name));
    }

    public Urls urls() {
        return urls;
    }

    @Override
    public void close() {
        try {
            closing.close();
        } catch (IOException | UncheckedIOException e) {
            LOG.warn("the embedded PostgreSQL did not stop cleanly", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
