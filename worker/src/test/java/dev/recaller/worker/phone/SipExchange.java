package dev.recaller.worker.phone;

import static java.util.Objects.requireNonNull;
import static org.awaitility.Awaitility.await;

import dev.recaller.livekit.testing.Installed;
import dev.recaller.livekit.testing.LiveKitServerFixture;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Assumptions;

/**
 * The telephone exchange of dev/phone: redis, livekit-server and livekit-sip, for as long as it is open.
 *
 * @param liveKit the server's URL
 * @param sip where livekit-sip takes calls
 */
public record SipExchange(Process stack, URI liveKit, InetSocketAddress sip) implements AutoCloseable {
    private static final String MISSING = "Missing for calls over real SIP";

    /**
     * Starts it. Skips the test where a part is missing, and says so: livekit-sip cannot be had everywhere.
     *
     * @param agent its calls are for
     * @param numbers that may be called
     */
    public static SipExchange open(String agent, List<String> numbers) throws IOException {
        Path folder = Files.createTempDirectory("recaller-phone-");
        Path settings = folder.resolve("settings");
        Path log = folder.resolve("log");
        Process stack = start(settings, log, agent, numbers);
        await("the telephone exchange, log in " + log)
                .atMost(Duration.ofSeconds(90))
                .until(() -> Files.exists(settings) || !stack.isAlive());
        if (!Files.exists(settings)) {
            String said = Files.readString(log);
            if (said.contains(MISSING)) {
                System.out.println("*** NO telephone calls over real SIP: these tests are skipped. ***\n" + said);
                Assumptions.abort(said);
            }
            throw new AssertionError("the telephone exchange did not start: " + said);
        }
        System.out.println("*** Telephone calls over REAL SIP and G.711, through livekit-sip. ***");
        Map<String, String> told = read(settings);
        String[] address = requireNonNull(told.get("RECALLER_SIP")).split(":", 2);
        return new SipExchange(
                stack,
                URI.create(requireNonNull(told.get("LIVEKIT_URL"))),
                new InetSocketAddress(InetAddress.ofLiteral(address[0]), Integer.parseInt(address[1])));
    }

    private static Process start(Path settings, Path log, String agent, List<String> numbers) throws IOException {
        var command = new ArrayList<>(List.of("python3", "../dev/phone/stack.py", "--env-file", settings.toString()));
        numbers.forEach(number -> command.addAll(List.of("--number", number)));
        var process = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
        process.environment()
                .putAll(Map.of(
                        "LIVEKIT_API_KEY",
                        LiveKitServerFixture.KEY,
                        "LIVEKIT_API_SECRET",
                        LiveKitServerFixture.SECRET,
                        "LIVEKIT_SERVER_BIN",
                        Installed.liveKitServer().toString(),
                        "RECALLER_AGENT_NAME",
                        agent));
        return process.start();
    }

    /** Lines of {@code export NAME=VALUE}. */
    private static Map<String, String> read(Path settings) throws IOException {
        return Files.readAllLines(settings).stream()
                .map(line -> line.replaceFirst("^export ", "").split("=", 2))
                .collect(Collectors.toMap(pair -> pair[0], pair -> pair[1]));
    }

    @Override
    public void close() {
        stack.destroy();
        try {
            boolean _ = stack.waitFor(20, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
