package dev.recaller.worker.fallback;

import dev.recaller.worker.telemetry.ProviderMeters.Operation;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.LongSupplier;

/** The circuits of a process, one for each model of each provider, with the threads that try whether they may close. Thread safe. */
public final class Circuits implements AutoCloseable {

    private record Key(String provider, String model, Operation operation) {
        @Override
        public String toString() {
            return operation.name().toLowerCase(Locale.ROOT) + " by " + provider + "/" + model;
        }
    }

    private final Map<Key, Circuit> circuits = new ConcurrentHashMap<>();
    private final LongSupplier nanoTime;
    private final ExecutorService background = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("recovery-", 0).factory());

    /** @param nanoTime as {@link System#nanoTime} */
    public Circuits(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    public Circuit of(String provider, String model, Operation operation) {
        return circuits.computeIfAbsent(
                new Key(provider, model, operation), key -> new Circuit(key.toString(), nanoTime, background));
    }

    /** What calls do without now, for example {@code speech by openai/tts-1}; sorted. */
    public List<String> open() {
        return circuits.entrySet().stream()
                .filter(entry -> entry.getValue().isOpen())
                .map(entry -> entry.getKey().toString())
                .sorted()
                .toList();
    }

    /** How many circuits are open. */
    public long open(String provider, Operation operation) {
        return circuits.entrySet().stream()
                .filter(entry -> entry.getKey().provider.equals(provider) && entry.getKey().operation == operation)
                .filter(entry -> entry.getValue().isOpen())
                .count();
    }

    /** Ends every request that is tried in the background. */
    @Override
    public void close() {
        background.shutdownNow();
        background.close();
    }
}
