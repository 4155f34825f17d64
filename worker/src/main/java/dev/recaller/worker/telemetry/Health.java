package dev.recaller.worker.telemetry;

import java.util.List;

/** What {@link HttpServer} is asked about; may block. */
public interface Health {

    /** False when only a new process helps: the native core panicked. */
    boolean alive();

    /** Why no call can be taken now, in words; empty when calls are welcome. */
    List<String> notReady();

    /** What calls do without now, in words: providers that failed, and whose fallbacks are asked instead. */
    List<String> failing();
}
