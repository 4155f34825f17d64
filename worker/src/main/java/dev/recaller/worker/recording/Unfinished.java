package dev.recaller.worker.recording;

import java.io.IOException;
import java.io.OutputStream;
import java.util.UUID;

/** The files of a recording that is being written. */
interface Unfinished extends AutoCloseable {

    /** Where they come from. */
    @FunctionalInterface
    interface Source {
        Unfinished create(String organizationId, UUID callId) throws IOException;
    }

    OutputStream out();

    void transcript(String json) throws IOException;

    /** They are written to no longer. */
    @Override
    void close() throws IOException;
}
