package dev.recaller.worker;

import dev.recaller.flow.http.HttpPolicy;
import dev.recaller.flow.http.Secrets;
import dev.recaller.sql.Folders;
import dev.recaller.worker.console.Terminal;
import dev.recaller.worker.control.ControlSettings;
import dev.recaller.worker.recording.Place;
import dev.recaller.worker.telephony.Destinations;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Everything Recaller is told from outside, checked. Its text holds no secret.
 *
 * @param liveKit present for the worker
 * @param providers of models and speech, the standard one first; at least one for the worker
 * @param databaseUrl absent for the embedded PostgreSQL in the home folder
 * @param databaseOwnerUrl only for migrating and for the operator's own statements
 * @param folders what is kept, not made yet, and what set-up put into the cache
 * @param flow the default flow; its folder holds the flows a job may name
 * @param control absent: there is no control API
 * @param maxCalls calls at once, from 1
 * @param drain how long calls may go on after the worker was told to stop
 * @param liveKitLibrary liblivekit_ffi; present for the worker
 * @param hashKey absent: made into the home folder
 * @param outbound which servers flows may speak to
 * @param secrets what flows may put into requests to them
 * @param destinations where may be telephoned and transferred to
 * @param recordings where those of flows that ask for it are kept
 * @param sources what was read, for who wants to know later what changed
 */
public record Configuration(
        @Nullable LiveKitAccess liveKit,
        List<Provider> providers,
        @Nullable String databaseUrl,
        @Nullable String databaseOwnerUrl,
        Folders folders,
        String organizationId,
        Path flow,
        String agentName,
        InetSocketAddress http,
        @Nullable ControlSettings control,
        int maxCalls,
        Duration drain,
        @Nullable Path liveKitLibrary,
        @Nullable String hashKey,
        HttpPolicy outbound,
        Secrets secrets,
        Destinations destinations,
        Place recordings,
        LogFormat log,
        Sources sources) {

    public enum LogFormat {
        TEXT,
        JSON
    }

    /** What the configuration must be enough for. */
    public enum Purpose {
        WORKER,
        TOOL
    }

    private static final List<String> OWN_NAMES = List.of(
            "LIVEKIT_URL",
            "LIVEKIT_API_KEY",
            "LIVEKIT_API_SECRET",
            "OPENAI_API_KEY",
            "OPENAI_BASE_URL",
            "RECALLER_PROVIDERS",
            "RECALLER_DATABASE_URL",
            "RECALLER_DATABASE_OWNER_URL",
            "RECALLER_HOME",
            "RECALLER_CACHE",
            "RECALLER_ORGANIZATION",
            "RECALLER_FLOW",
            "RECALLER_AGENT_NAME",
            "RECALLER_HTTP",
            "RECALLER_CONTROL",
            "RECALLER_CONTROL_CERTIFICATE",
            "RECALLER_CONTROL_KEY",
            "RECALLER_CONTROL_CLIENT_CA",
            "RECALLER_CONTROL_URL",
            "RECALLER_MAX_CALLS",
            "RECALLER_DRAIN_SECONDS",
            "RECALLER_LIVEKIT_FFI",
            "RECALLER_HASH_KEY",
            "RECALLER_OUTBOUND_HOSTS",
            "RECALLER_OUTBOUND_PRIVATE",
            "RECALLER_SECRETS",
            "RECALLER_DESTINATIONS",
            "RECALLER_LOG");

    static final List<String> NAMES =
            Stream.of(OWN_NAMES, RecordingPlace.NAMES).flatMap(List::stream).toList();

    /** A call costs up to 0.05 core and another 0.05 while somebody speaks: half the machine stays free for bursts. */
    private static final int CALLS_PER_CORE = 10;

    private static final Pattern DATABASE_URL = Pattern.compile("(jdbc:)?postgres(ql)?://.+", Pattern.DOTALL);

    /**
     * Reads the settings.
     *
     * @param folder where recaller.properties or recaller.yaml may be, and what relative paths are relative to
     * @throws ConfigurationException with every mistake
     */
    public static Configuration read(Map<String, String> environment, Path folder, Purpose purpose) {
        Settings settings = Settings.read(environment, folder, NAMES);
        boolean worker = purpose == Purpose.WORKER;
        Folders folders = folders(settings, environment, folder);
        var configuration = new Configuration(
                LiveKitAccess.read(settings, worker),
                Provider.read(settings, worker),
                databaseUrl(settings, "RECALLER_DATABASE_URL"),
                databaseUrl(settings, "RECALLER_DATABASE_OWNER_URL"),
                folders,
                organizationId(settings),
                flow(settings, folder, worker),
                settings.get("RECALLER_AGENT_NAME", "recaller"),
                settings.parse(
                        "RECALLER_HTTP",
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 8080),
                        "HOST:PORT, for example 127.0.0.1:8080 (port 0: any free one)",
                        Configuration::address),
                ControlPlace.read(settings, folder),
                settings.number(
                        "RECALLER_MAX_CALLS",
                        CALLS_PER_CORE * Runtime.getRuntime().availableProcessors(),
                        1,
                        10_000),
                Duration.ofSeconds(settings.number("RECALLER_DRAIN_SECONDS", 1800, 0, 86_400)),
                LiveKitAccess.library(settings, folders.cache(), folder, worker),
                hashKey(settings),
                outbound(settings),
                OutboundSecrets.read(settings, environment, folder),
                settings.parse(
                        "RECALLER_DESTINATIONS",
                        Destinations.STANDARD,
                        "what numbers may begin with, with commas between: +49, +1510, home (the countries of your own"
                                + " numbers) or * (everywhere)",
                        value -> new Destinations(List.of(value.split("[,\\s]+", -1)))),
                RecordingPlace.read(settings, folder, folders.home()),
                settings.parse(
                        "RECALLER_LOG",
                        logFormat(),
                        "text or json",
                        value -> LogFormat.valueOf(value.toUpperCase(Locale.ROOT))),
                settings.sources());
        settings.finish();
        return configuration;
    }

    private static Folders folders(Settings settings, Map<String, String> environment, Path folder) {
        Map<String, String> names = new HashMap<>(environment);
        for (String name : new String[] {"RECALLER_HOME", "RECALLER_CACHE"}) {
            String value = settings.get(name);
            if (value != null) {
                names.put(name, folder.resolve(value).toString());
            }
        }
        return Folders.ofEnvironment(names);
    }

    /** Its parts are the driver's to judge; the value is never shown, it may hold a password. */
    private static @Nullable String databaseUrl(Settings settings, String name) {
        String value = settings.get(name);
        if (value == null || DATABASE_URL.matcher(value).matches()) {
            return value;
        }
        settings.wrong(name + " is not a PostgreSQL URL: postgresql://USER:PASSWORD@HOST:5432/DATABASE.");
        return null;
    }

    private static String organizationId(Settings settings) {
        String value = settings.get("RECALLER_ORGANIZATION", "default");
        if (value.length() > 64) {
            settings.wrong("RECALLER_ORGANIZATION", value, "1 to 64 characters long");
        }
        return value;
    }

    /** The default flow comes with the program, which need not run in its own folder. */
    private static Path flow(Settings settings, Path folder, boolean required) {
        String value = settings.get("RECALLER_FLOW");
        Path flow =
                folder.resolve(value == null ? "flows/front-desk.json" : value).normalize();
        if (value == null && !Files.isRegularFile(flow)) {
            flow = installed("flows/front-desk.json").orElse(flow);
        }
        if (required && !Files.isRegularFile(flow)) {
            settings.wrong("RECALLER_FLOW", value == null ? flow.toString() : value, "a file: name a flow in JSON");
        }
        return flow;
    }

    /** A file that comes with the program, looked for upwards from its jar. */
    private static Optional<Path> installed(String relative) {
        var source = Configuration.class.getProtectionDomain().getCodeSource();
        if (source == null || !source.getLocation().getProtocol().equals("file")) {
            return Optional.empty();
        }
        Path program = Path.of(URI.create(source.getLocation().toString()));
        for (Path folder = program.getParent(); folder != null; folder = folder.getParent()) {
            Path file = folder.resolve(relative);
            if (Files.isRegularFile(file)) {
                return Optional.of(file);
            }
        }
        return Optional.empty();
    }

    static InetSocketAddress address(String value) {
        URI address = URI.create("http://" + value);
        String host = address.getHost();
        if (host == null
                || address.getPort() < 0
                || address.getPort() > 65_535
                || !address.getPath().isEmpty()) {
            throw new IllegalArgumentException();
        }
        return new InetSocketAddress(host, address.getPort());
    }

    private static @Nullable String hashKey(Settings settings) {
        String value = settings.get("RECALLER_HASH_KEY");
        if (value != null && value.length() < 16) {
            settings.wrong("RECALLER_HASH_KEY has less than 16 characters: numbers could be found by trying."
                    + " Make one by 'openssl rand -hex 32', or unset it and one is made.");
        }
        return value;
    }

    private static HttpPolicy outbound(Settings settings) {
        List<String> hosts = settings.parse(
                "RECALLER_OUTBOUND_HOSTS",
                HttpPolicy.PUBLIC.hosts(),
                "hosts with commas between them, for example api.example.com, *.example.org",
                value -> new HttpPolicy(List.of(value.split("[,\\s]+", -1)), false, 1).hosts());
        boolean privates = settings.parse("RECALLER_OUTBOUND_PRIVATE", false, "true or false", value -> switch (value) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new IllegalArgumentException();
        });
        return new HttpPolicy(hosts, privates, HttpPolicy.PUBLIC.maxBytes());
    }

    private static LogFormat logFormat() {
        return Terminal.isInteractive() ? LogFormat.TEXT : LogFormat.JSON;
    }

    @Override
    public String toString() {
        return "Configuration[liveKit=" + liveKit + ", providers=" + providers + ", home=" + folders.home()
                + ", organizationId=" + organizationId + ", flow=" + flow + ", agentName=" + agentName + ", http="
                + http + ", control=" + control
                + ", recordings=" + recordings + ", maxCalls=" + maxCalls + ", drain=" + drain + ", liveKitLibrary="
                + liveKitLibrary + ", log=" + log
                + "]";
    }
}
