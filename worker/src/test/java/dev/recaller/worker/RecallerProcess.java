package dev.recaller.worker;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** The program as a process of its own, as an operator or a script starts it. */
final class RecallerProcess {

    record Ended(int exitCode, String out, String err) {}

    private static final long PATIENCE_SECONDS = 90;

    private final Process process;
    private final ByteArrayOutputStream written = new ByteArrayOutputStream(); // synchronizes itself
    private final CompletableFuture<String> out;
    private final CompletableFuture<String> err;

    private RecallerProcess(Process process) {
        this.process = process;
        out = CompletableFuture.supplyAsync(() -> text(process.getInputStream(), written));
        err = CompletableFuture.supplyAsync(() -> text(process.getErrorStream(), new ByteArrayOutputStream()));
    }

    /** Starts it with no settings in its environment but those given, and the cache of this machine. */
    static RecallerProcess start(Map<String, String> environment, Path folder, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "dev.recaller.worker.Main"));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
        builder.environment()
                .keySet()
                .removeIf(name -> (name.startsWith("RECALLER_") && !name.equals("RECALLER_CACHE"))
                        || name.startsWith("OPENAI_")
                        || name.startsWith("LIVEKIT_"));
        builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
        builder.environment().putAll(environment);
        return new RecallerProcess(builder.start());
    }

    static Ended run(Map<String, String> environment, Path folder, String input, String... arguments) throws Exception {
        RecallerProcess started = start(environment, folder, arguments);
        started.type(input);
        started.process.getOutputStream().close();
        return started.end();
    }

    void type(String text) throws IOException {
        OutputStream in = process.getOutputStream();
        in.write(text.getBytes(StandardCharsets.UTF_8));
        in.flush();
    }

    String outSoFar() {
        return written.toString(StandardCharsets.UTF_8);
    }

    Process process() {
        return process;
    }

    Ended end() throws Exception {
        if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError("it did not end: " + err.get(5, TimeUnit.SECONDS));
        }
        return new Ended(process.exitValue(), out.get(5, TimeUnit.SECONDS), err.get(5, TimeUnit.SECONDS));
    }

    private static String text(InputStream stream, ByteArrayOutputStream copy) {
        try (stream) {
            stream.transferTo(copy);
        } catch (IOException e) {
            // the process was killed: what came before counts
        }
        return copy.toString(StandardCharsets.UTF_8);
    }
}
