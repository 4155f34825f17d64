package dev.recaller.worker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.recaller.livekit.testing.FreePort;
import dev.recaller.livekit.testing.Installed;
import dev.recaller.livekit.testing.LiveKitServerFixture;
import dev.recaller.sql.EmbeddedDatabase;
import dev.recaller.worker.command.RecallerProcess;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.json.JsonMapper;

/**
 * What the Dockerfile says, without a container: its files laid as it lays them, its start command under its user, with only
 * the folders writable that a read-only image leaves, and its health check.
 */
@EnabledOnOs(OS.LINUX)
final class ImageTest {
    private static final String USER = "10001";

    @RegisterExtension
    static final LiveKitServerFixture liveKit = new LiveKitServerFixture();

    private final String dockerfile = read(Path.of("../Dockerfile"));
    private final RealSpeechServer speech = RealSpeechServer.connect();
    private final EmbeddedDatabase database = EmbeddedDatabase.temporary();
    private final int port = FreePort.tcp();
    private Path folder;
    private Path program;
    private Path home;
    private Path temporary;
    private @Nullable Process worker;

    @BeforeEach
    void lay() throws IOException {
        folder = Files.createTempDirectory("recaller-image-");
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        program = Files.createDirectory(folder.resolve("recaller"));
        Path lib = Files.createDirectory(program.resolve("lib"));
        for (Path jar : RecallerProcess.jars()) {
            Files.copy(jar, lib.resolve(jar.getFileName()));
        }
        try (Stream<Path> jars = Files.list(lib)) {
            Files.writeString(
                    program.resolve("classpath"),
                    jars.map(Path::toString).sorted().collect(Collectors.joining(":", "-cp \"", "\"\n")));
        }
        // As one of another JDK would be.
        Files.writeString(program.resolve("recaller.aot"), "no cache of this JVM");
        Files.copy(Installed.nativeLibrary(), lib.resolve("liblivekit_ffi.so"));
        Path flows = Files.createDirectory(program.resolve("flows"));
        try (Stream<Path> files = Files.list(Path.of("../flows"))) {
            for (Path file : files.toList()) {
                Files.copy(file, flows.resolve(file.getFileName()));
            }
        }
        home = writable("home");
        temporary = writable("tmp");
    }

    @AfterEach
    void end() throws Exception {
        if (worker != null) {
            worker.destroyForcibly().waitFor();
        }
        speech.close();
        database.close();
        for (Path file : walk(folder).reversed()) {
            Files.delete(file);
        }
    }

    @Test
    void startsAsItsUserWithNothingWritableButItsHomeAndIsHealthy() throws Exception {
        Map<Path, Long> before = sizes(program);
        Process running = start();
        worker = running;
        await("the worker's registration")
                .atMost(Duration.ofSeconds(90))
                .failFast(() -> assertThat(running.isAlive()).as(log()).isTrue())
                .untilAsserted(() -> assertThat(get("/ready")).as(log()).contains(" 200 "));
        assertThat(healthCheck()).isZero();
        assertThat(log().lines())
                .as("nothing but the worker's own lines")
                .filteredOn(line -> !line.startsWith("{") && !line.startsWith("Picked up JAVA_TOOL_OPTIONS"))
                .isEmpty();
        if (isRoot()) {
            assertThat(Files.getAttribute(Path.of("/proc/" + running.pid()), "unix:uid", LinkOption.NOFOLLOW_LINKS))
                    .isEqualTo(Integer.parseInt(USER));
        }
        running.destroy();
        assertThat(running.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(running.exitValue()).isEqualTo(143);
        assertThat(sizes(program)).isEqualTo(before);
        assertThat(healthCheck()).isNotZero();
    }

    private Process start() throws IOException {
        List<String> command = new ArrayList<>(asItsUser());
        command.addAll(instruction("ENTRYPOINT"));
        command.addAll(instruction("CMD"));
        command.replaceAll(word -> word.equals("java") ? java() : inFolder(word));
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(home.toFile())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("log").toFile());
        builder.environment().clear();
        builder.environment().putAll(environment());
        return builder.start();
    }

    /** Of the Dockerfile, and what an operator gives. */
    private Map<String, String> environment() {
        Map<String, String> environment = new HashMap<>(Map.of("PATH", System.getenv("PATH"), "HOME", home.toString()));
        Matcher variable = Pattern.compile("(RECALLER_\\w+)=(\\S+)").matcher(dockerfile);
        while (variable.find()) {
            environment.put(variable.group(1), inFolder(variable.group(2)));
        }
        assertThat(environment).containsKeys("RECALLER_HOME", "RECALLER_HTTP", "RECALLER_LIVEKIT_FFI");
        environment.put("RECALLER_HTTP", "127.0.0.1:" + port);
        environment.put("JAVA_TOOL_OPTIONS", "-Djava.io.tmpdir=" + temporary);
        environment.put("LIVEKIT_URL", liveKit.url().toString());
        environment.put("LIVEKIT_API_KEY", LiveKitServerFixture.KEY);
        environment.put("LIVEKIT_API_SECRET", LiveKitServerFixture.SECRET);
        environment.put("RECALLER_DATABASE_URL", database.urls().worker());
        environment.putAll(speech.environment());
        return environment;
    }

    /** As HEALTHCHECK says. */
    private int healthCheck() throws Exception {
        ProcessBuilder check = new ProcessBuilder(instruction("HEALTHCHECK .*CMD")).redirectErrorStream(true);
        check.environment().put("RECALLER_HTTP", "127.0.0.1:" + port);
        Process process = check.start();
        process.getInputStream().transferTo(OutputStream.nullOutputStream());
        return process.waitFor();
    }

    /** The words of an instruction in its JSON form. */
    private List<String> instruction(String name) {
        Matcher matcher =
                Pattern.compile("^" + name + " (\\[.*])$", Pattern.MULTILINE).matcher(dockerfile);
        assertThat(matcher.find()).as(name).isTrue();
        return new JsonMapper()
                .readTree(matcher.group(1))
                .valueStream()
                .map(word -> word.asString())
                .toList();
    }

    private String inFolder(String word) {
        return word.replace("/opt/recaller", program.toString()).replace("/var/lib/recaller", home.toString());
    }

    private static List<String> asItsUser() {
        return isRoot()
                ? List.of("setpriv", "--reuid=" + USER, "--regid=" + USER, "--clear-groups", "--no-new-privs")
                : List.of();
    }

    /** For the image's user, even where tests run as root. */
    private Path writable(String name) throws IOException {
        Path made = Files.createDirectory(folder.resolve(name));
        if (isRoot()) {
            Files.setAttribute(made, "unix:uid", Integer.parseInt(USER));
        }
        return made;
    }

    private static boolean isRoot() {
        return "root".equals(System.getProperty("user.name"));
    }

    private static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    private String get(String path) {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.getOutputStream().write(("GET " + path + " HTTP/1.0\r\nHost: localhost\r\n\r\n").getBytes(UTF_8));
            return new String(socket.getInputStream().readAllBytes(), UTF_8);
        } catch (IOException e) {
            return "";
        }
    }

    private String log() {
        return read(folder.resolve("log"));
    }

    private static Map<Path, Long> sizes(Path folder) throws IOException {
        Map<Path, Long> sizes = new TreeMap<>();
        for (Path file : walk(folder)) {
            sizes.put(file, Files.isDirectory(file) ? -1 : Files.size(file));
        }
        return sizes;
    }

    private static List<Path> walk(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.toList();
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
