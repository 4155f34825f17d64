package dev.recaller.memory;

import dev.recaller.sql.Database;
import dev.recaller.sql.EmbeddedDatabase;
import dev.recaller.sql.Folders;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Two hundred callers who talk at once, each turn stored when it ends. What memory acknowledged is written to a file at
 * once, a line each, so that it outlives this process.
 */
final class ManyCalls {

    static final int CALLS = 200;

    private static final Instant BEGIN = Instant.parse("2026-11-02T09:00:00Z");
    private static final String[] SAYINGS = {
        "Hello, turn %d of call %d.", "My name is John.", "It is about order %d of call %d.", "Please text me."
    };

    private ManyCalls() {}

    /** A turn of a call, as both sides of the comparison write it. */
    static String line(int call, int turn, String text) {
        return call + "|" + turn + "|" + text;
    }

    static MemoryIdentity caller(int call) {
        return MemoryIdentity.ofPhone("default", "+1555%07d".formatted(call));
    }

    /** The number of a call is the end of its id. */
    static UUID callId(int call) {
        return new UUID(0x0199_0000_0000_7000L, 0x8000_0000_0000_0000L | call);
    }

    static void main(String[] arguments) throws Exception {
        var folders = new Folders(Path.of(arguments[0]), Path.of(arguments[1]));
        try (EmbeddedDatabase embedded = EmbeddedDatabase.open(folders, _ -> {});
                Database database = Database.open(embedded.urls().worker())) {
            talk(
                    new UnifiedMemoryService(database, InstantSource.system(), null),
                    Path.of(arguments[2]),
                    Integer.parseInt(arguments[3]));
        }
    }

    /** Each call says so many turns; one that could not be stored is stored again until it is. */
    static void talk(UnifiedMemoryService memory, Path acknowledged, int turns) throws Exception {
        try (OutputStream file =
                        Files.newOutputStream(acknowledged, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
                ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> talking = new ArrayList<>();
            for (int call = 0; call < CALLS; call++) {
                int number = call;
                talking.add(callers.submit(() -> {
                    for (int turn = 0; turn < turns; turn++) {
                        String text = SAYINGS[turn % SAYINGS.length].formatted(turn, number);
                        store(memory, number, turn, text);
                        write(file, line(number, turn, text));
                    }
                    return null;
                }));
            }
            for (Future<?> call : talking) {
                call.get();
            }
        }
    }

    private static void store(UnifiedMemoryService memory, int call, int index, String text)
            throws InterruptedException {
        var turn = new Turn(index, Speaker.CALLER, text, BEGIN.plusSeconds(10L * index));
        var conversation = new Conversation(callId(call), Assurance.PRESENTED, List.of(turn));
        while (true) {
            try {
                memory.store(caller(call), conversation, MemoryConfiguration.DEFAULT);
                return;
            } catch (MemoryException e) {
                Thread.sleep(Duration.ofMillis(100));
            }
        }
    }

    /** One write to the file: whole or not at all. */
    private static void write(OutputStream file, String line) throws IOException {
        byte[] bytes = (line + "\n").getBytes(StandardCharsets.UTF_8);
        synchronized (file) {
            file.write(bytes);
        }
    }
}
