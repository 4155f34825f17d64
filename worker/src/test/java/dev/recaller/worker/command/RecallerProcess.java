package dev.recaller.worker.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The program as a process of its own, as an operator or a script starts it. */
public final class RecallerProcess {

    public record Ended(int exitCode, String out, String err) {

        /** As it must end when all is well. */
        public Ended ok() {
            assertThat(exitCode).as(err).isZero();
            return this;
        }
    }

    private static final long PATIENCE_SECONDS = 90;

    /** The program's jars and archives of its classes, for all test JVMs of a build. */
    private static final Path CLASSES = folder();

    /** As it is installed: an archive takes no folders of classes. */
    private static final String CLASS_PATH = elements().stream()
            .filter(element -> !element.endsWith("test-classes"))
            .map(element -> Files.isDirectory(Path.of(element)) ? jar(Path.of(element)) : element)
            .collect(Collectors.joining(File.pathSeparator));

    private final Process process;
    private final ByteArrayOutputStream written = new ByteArrayOutputStream(); // synchronizes itself
    private final CompletableFuture<String> out;
    private final CompletableFuture<String> err;

    private RecallerProcess(Process process) {
        this.process = process;
        out = CompletableFuture.supplyAsync(() -> text(process.getInputStream(), written), Thread::startVirtualThread);
        err = CompletableFuture.supplyAsync(
                () -> text(process.getErrorStream(), new ByteArrayOutputStream()), Thread::startVirtualThread);
    }

    /** What is on its class path. */
    public static List<Path> jars() {
        return Stream.of(CLASS_PATH.split(File.pathSeparator)).map(Path::of).toList();
    }

    /** Starts it with no settings in its environment but those given, and the cache of this machine. */
    public static RecallerProcess start(Map<String, String> environment, Path folder, String... arguments)
            throws IOException {
        Path archive = CLASSES.resolve((arguments.length == 0 ? "help" : arguments[0]) + ".jsa");
        boolean archived = Files.exists(archive);
        Path partial = archive.resolveSibling(UUID.randomUUID() + ".partial");
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                archived ? "-XX:SharedArchiveFile=" + archive : "-XX:ArchiveClassesAtExit=" + partial,
                "-Xlog:cds*=off",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "dev.recaller.worker.command.Main"));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
        builder.environment()
                .keySet()
                .removeIf(name -> (name.startsWith("RECALLER_") && !name.equals("RECALLER_CACHE"))
                        || name.startsWith("OPENAI_")
                        || name.startsWith("LIVEKIT_"));
        builder.environment().put("CLASSPATH", CLASS_PATH);
        builder.environment().putAll(environment);
        var started = new RecallerProcess(builder.start());
        if (!archived) {
            var _ = started.process.onExit().thenRun(() -> publish(partial, archive));
        }
        return started;
    }

    /** At once, or not at all: another test's process may have been first. */
    private static void publish(Path partial, Path archive) {
        try {
            if (Files.exists(partial)) {
                Files.move(partial, archive, StandardCopyOption.ATOMIC_MOVE);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static Ended run(Map<String, String> environment, Path folder, String input, String... arguments)
            throws Exception {
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

    public String outSoFar() {
        return written.toString(StandardCharsets.UTF_8);
    }

    public Process process() {
        return process;
    }

    public Ended end() throws Exception {
        if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError("it did not end: " + err.get(30, TimeUnit.SECONDS));
        }
        return new Ended(process.exitValue(), out.get(30, TimeUnit.SECONDS), err.get(5, TimeUnit.SECONDS));
    }

    /** Of this build: an archive knows its jars by their times. */
    private static Path folder() {
        try {
            return Files.createDirectories(Path.of(System.getProperty("basedir", ""))
                    .resolve("target/processes")
                    .resolve(Long.toString(newest())));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> elements() {
        return List.of(System.getProperty("java.class.path").split(File.pathSeparator));
    }

    private static long newest() throws IOException {
        long newest = 0;
        for (String element : elements()) {
            try (Stream<Path> files = Files.walk(Path.of(element))) {
                for (Path file : files.toList()) {
                    newest = Math.max(newest, Files.getLastModifiedTime(file).toMillis());
                }
            }
        }
        return newest;
    }

    private static String jar(Path folder) {
        Path jar = CLASSES.resolve(UUID.nameUUIDFromBytes(folder.toString().getBytes(StandardCharsets.UTF_8)) + ".jar");
        try (var channel =
                        FileChannel.open(CLASSES.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                var _ = channel.lock()) {
            if (!Files.exists(jar)) {
                pack(folder, jar);
            }
            return jar.toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void pack(Path folder, Path jar) throws IOException {
        Path partial = jar.resolveSibling(jar.getFileName() + ".partial");
        try (var out = new JarOutputStream(Files.newOutputStream(partial));
                Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                out.putNextEntry(new JarEntry(folder.relativize(file).toString()));
                Files.copy(file, out);
            }
        }
        Files.move(partial, jar, StandardCopyOption.ATOMIC_MOVE);
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
