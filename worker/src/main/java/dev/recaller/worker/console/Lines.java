package dev.recaller.worker.console;

import java.io.BufferedReader;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;

/** Lines of an input one can stop waiting for: reading standard input cannot be interrupted, Ctrl-C must get through. */
public final class Lines {

    private final BlockingQueue<Optional<String>> read = new LinkedBlockingQueue<>();
    private boolean ended;

    /** Starts to read, by a thread that does not keep the program alive. */
    public Lines(BufferedReader in) {
        Thread.ofPlatform().daemon().name("standard input").start(() -> read(in));
    }

    /** The next line, null at the end of the input and ever after. For one thread. */
    public @Nullable String next() throws InterruptedException {
        if (ended) {
            return null;
        }
        Optional<String> line = read.take();
        ended = line.isEmpty();
        return line.orElse(null);
    }

    private void read(BufferedReader in) {
        try {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                read.add(Optional.of(line));
            }
        } catch (IOException e) {
            // as good as the end
        } finally {
            read.add(Optional.empty());
        }
    }
}
