package dev.recaller.worker;

import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What was opened one after the other, and is closed in reverse. For one thread at a time. */
final class Parts implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Parts.class);

    private final List<AutoCloseable> opened = new ArrayList<>();

    <T extends AutoCloseable> T opened(T part) {
        opened.add(part);
        return part;
    }

    /** A part that fails to close does not keep the others open. A second call finds nothing. */
    @Override
    public void close() {
        for (AutoCloseable part : opened.reversed()) {
            try {
                part.close();
            } catch (Exception e) {
                log.error("{} did not close", part, e);
            }
        }
        opened.clear();
    }
}
