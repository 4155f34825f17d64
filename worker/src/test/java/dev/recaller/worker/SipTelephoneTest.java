package dev.recaller.worker;

import static java.util.Objects.requireNonNull;
import static org.awaitility.Awaitility.await;

import dev.recaller.livekit.testing.Installed;
import dev.recaller.livekit.testing.LiveKitServerFixture;
import dev.recaller.worker.phone.Phone;
import dev.recaller.worker.phone.Ringing;
import dev.recaller.worker.phone.SipPhone;
import dev.recaller.worker.phone.SipPhone.Dialling;
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

/** The calls of {@link TelephoneSuite} over SIP and G.711, through redis, livekit-server and livekit-sip of dev/phone. */
final class SipTelephoneTest extends TelephoneSuite {
    private static final String MISSING = "Missing for calls over real SIP";

    /** Skips all where a part is missing: livekit-sip cannot be had everywhere. */
    @Override
    Exchange open() throws Exception {
        Path folder = Files.createTempDirectory("recaller-phone-");
        Path settings = folder.resolve("settings");
        Path log = folder.resolve("log");
        Process stack = start(settings, log);
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
        try {
            return new Real(stack, read(settings));
        } catch (Exception | Error e) {
            stack.destroy();
            throw e;
        }
    }

    private static Process start(Path settings, Path log) throws IOException {
        var command = new ArrayList<>(List.of("python3", "../dev/phone/stack.py", "--env-file", settings.toString()));
        NUMBERS.forEach(number -> command.addAll(List.of("--number", number)));
        var process = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
        process.environment()
                .putAll(Map.of(
                        "LIVEKIT_API_KEY", LiveKitServerFixture.KEY,
                        "LIVEKIT_API_SECRET", LiveKitServerFixture.SECRET,
                        "LIVEKIT_SERVER_BIN", Installed.liveKitServer().toString(),
                        "RECALLER_AGENT_NAME", SimulatedPhone.AGENT));
        return process.start();
    }

    /** Lines of {@code export NAME=VALUE}. */
    private static Map<String, String> read(Path settings) throws IOException {
        return Files.readAllLines(settings).stream()
                .map(line -> line.replaceFirst("^export ", "").split("=", 2))
                .collect(Collectors.toMap(pair -> pair[0], pair -> pair[1]));
    }

    private static final class Real implements Exchange {
        private final Process stack;
        private final InetSocketAddress sip;
        private final RunningWorker worker;

        Real(Process stack, Map<String, String> settings) throws Exception {
            this.stack = stack;
            String[] address = requireNonNull(settings.get("RECALLER_SIP")).split(":", 2);
            sip = new InetSocketAddress(InetAddress.ofLiteral(address[0]), Integer.parseInt(address[1]));
            worker = RunningWorker.start(URI.create(requireNonNull(settings.get("LIVEKIT_URL"))));
        }

        @Override
        public RunningWorker worker() {
            return worker;
        }

        @Override
        public Phone dial(String from, String called) throws IOException {
            return SipPhone.dial(sip, Dialling.by(from, called));
        }

        /** Skips the test: these telephones call, and are not called. */
        @Override
        public Ringing called() {
            return Assumptions.abort("*** NOT over real SIP: a telephone that the worker dials. ***");
        }

        @Override
        public void transferred(Phone caller, int status, String reason) {
            ((SipPhone) caller).referred(status + " " + reason);
        }

        @Override
        public void close() {
            worker.close();
            stack.destroy();
            try {
                boolean _ = stack.waitFor(20, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
