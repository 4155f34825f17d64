package dev.recaller.worker;

import dev.recaller.memory.recall.E5Embedder;
import dev.recaller.memory.recall.Embedder;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The model that reads what is remembered, loaded beside other work. Memory does without it where it cannot load. */
public final class MemoryModel implements AutoCloseable {

    private final FutureTask<@Nullable E5Embedder> loading;

    private MemoryModel(Consumer<String> complaints) {
        loading = new FutureTask<>(() -> open(complaints));
    }

    /**
     * Begins to load, which takes a second.
     *
     * @param complaints told why there is none
     */
    public static MemoryModel load(Consumer<String> complaints) {
        var model = new MemoryModel(complaints);
        Thread.ofPlatform().daemon().name("memory-model").start(model.loading);
        return model;
    }

    /** Waits until it is loaded; null when it cannot be. */
    @Nullable
    public Embedder get() {
        return loaded();
    }

    @Override
    public void close() {
        E5Embedder model = loaded();
        if (model != null) {
            model.close();
        }
    }

    private @Nullable E5Embedder loaded() {
        try {
            return loading.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return null;
        } catch (ExecutionException e) {
            throw new IllegalStateException("loading the memory's model broke", e.getCause());
        }
    }

    /** A platform without the native library is a {@link LinkageError}. */
    private static @Nullable E5Embedder open(Consumer<String> complaints) {
        try {
            return E5Embedder.open();
        } catch (RuntimeException | LinkageError e) {
            complaints.accept(
                    "the memory's model does not load, callers are remembered by words alone: " + e.getMessage());
            return null;
        }
    }
}
