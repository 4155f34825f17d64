package dev.recaller.worker;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.recaller.worker.Configuration.LogFormat;
import dev.recaller.worker.Configuration.Purpose;
import dev.recaller.worker.control.ControlSettings;
import dev.recaller.worker.recording.Place;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigurationTest {

    @TempDir
    private Path folder;

    @Test
    void needsOnlyLiveKitASpeechServiceAFlowAndTheLibrary() throws IOException {
        Configuration configuration = Configuration.read(enough(), folder, Purpose.WORKER);

        assertThat(configuration.liveKit())
                .isEqualTo(new LiveKitAccess(URI.create("ws://127.0.0.1:7880"), "key", "livekit-secret"));
        assertThat(configuration.providers()).containsExactly(new Provider("openai", null, "openai-secret"));
        assertThat(configuration.databaseUrl()).isNull();
        assertThat(configuration.folders().home()).isEqualTo(Path.of("/somebody/recaller"));
        assertThat(configuration.organizationId()).isEqualTo("default");
        assertThat(configuration.flow()).isEqualTo(folder.resolve("flows/front-desk.json"));
        assertThat(configuration.agentName()).isEqualTo("recaller");
        assertThat(configuration.http().getPort()).isEqualTo(8080);
        assertThat(configuration.http().getAddress().isLoopbackAddress()).isTrue();
        assertThat(configuration.maxCalls()).isEqualTo(10 * Runtime.getRuntime().availableProcessors());
        assertThat(configuration.drain()).isEqualTo(Duration.ofMinutes(30));
    }

    @Test
    void theControlApiIsOnLoopbackUnlessItHasACertificate() throws IOException {
        ControlSettings standard = control(Map.of());
        assertThat(standard.address().getAddress().isLoopbackAddress()).isTrue();
        assertThat(standard.asked()).isFalse();
        assertThat(Configuration.read(with(Map.of("RECALLER_CONTROL", "off")), folder, Purpose.WORKER)
                        .control())
                .isNull();

        assertThatThrownBy(() -> control(Map.of("RECALLER_CONTROL", "0.0.0.0:8081")))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageStartingWith("RECALLER_CONTROL is an address that others reach")
                .hasMessageContaining("set RECALLER_CONTROL_CERTIFICATE and RECALLER_CONTROL_KEY");
        Files.writeString(folder.resolve("a.pem"), "");
        assertThatThrownBy(() -> control(Map.of("RECALLER_CONTROL_CERTIFICATE", "a.pem")))
                .hasMessageContaining("belong together");
        ControlSettings open = control(Map.of(
                "RECALLER_CONTROL",
                "0.0.0.0:8081",
                "RECALLER_CONTROL_CERTIFICATE",
                "a.pem",
                "RECALLER_CONTROL_KEY",
                "a.pem"));
        assertThat(open.asked()).isTrue();
        assertThat(open.tls()).isNotNull();
    }

    @Test
    void othersAreSentToTheControlApiInPlainTextOnlyOnThisMachine() throws IOException {
        for (String reached :
                List.of("https://worker-1.example.com:8081", "http://127.0.0.1:8081", "http://[::1]:8081")) {
            assertThat(control(Map.of("RECALLER_CONTROL_URL", reached)).reached())
                    .isEqualTo(URI.create(reached));
        }
        for (String refused : List.of(
                "http://worker-1.example.com:8081",
                "http://127.0.0.1.example.com",
                "worker-1:8081",
                "https:worker-1")) {
            assertThatThrownBy(() -> control(Map.of("RECALLER_CONTROL_URL", refused)))
                    .hasMessageContaining("RECALLER_CONTROL_URL=" + refused)
                    .hasMessageContaining("http only on this machine");
        }
    }

    private ControlSettings control(Map<String, String> settings) throws IOException {
        return requireNonNull(
                Configuration.read(with(settings), folder, Purpose.WORKER).control());
    }

    private Map<String, String> with(Map<String, String> settings) throws IOException {
        Map<String, String> environment = new HashMap<>(enough());
        environment.putAll(settings);
        return environment;
    }

    @Test
    void listsEveryMistakeAtOnceAndShowsNoSecret() throws IOException {
        Map<String, String> environment = new HashMap<>(Map.of(
                "LIVEKIT_URL", "livekit.example.com",
                "OPENAI_BASE_URL", "localhost:8000",
                "RECALLER_DATABASE_URL", "mysql://me:hunter2@host/db",
                "RECALLER_DATABASE_OWNER_URL", "me:hunter2@host",
                "RECALLER_ORGANIZATION", "o".repeat(65),
                "RECALLER_FLOW", "nowhere.json",
                "RECALLER_HTTP", "8080",
                "RECALLER_MAX_CALLS", "many",
                "RECALLER_DRAIN_SECONDS", "-1"));
        environment.putAll(Map.of(
                "RECALLER_LIVEKIT_FFI", "nolib.so",
                "RECALLER_HASH_KEY", "hunter2",
                "RECALLER_LOG", "xml",
                "RECALLER_SERVICE_HOST", "10.0.0.1"));
        Files.writeString(folder.resolve("recaller.properties"), "RECALLER_MAXCALLS=3\n");

        String refused = String.valueOf(catchThrowableOfType(
                        ConfigurationException.class, () -> Configuration.read(environment, folder, Purpose.WORKER))
                .getMessage());

        assertThat(refused.lines())
                .hasSize(15)
                .anyMatch(line -> line.startsWith("recaller.properties: RECALLER_MAXCALLS is not a setting."))
                .anyMatch(line -> line.startsWith("LIVEKIT_URL=livekit.example.com is not a URL beginning with http"))
                .anyMatch(line -> line.startsWith("LIVEKIT_API_KEY is not set:"))
                .anyMatch(line -> line.startsWith("LIVEKIT_API_SECRET is not set:"))
                .anyMatch(line -> line.startsWith("OPENAI_BASE_URL=localhost:8000 is not a URL"))
                .anyMatch(line -> line.startsWith("RECALLER_DATABASE_URL is not a PostgreSQL URL:"))
                .anyMatch(line -> line.startsWith("RECALLER_DATABASE_OWNER_URL is not a PostgreSQL URL:"))
                .anyMatch(line -> line.startsWith("RECALLER_ORGANIZATION="))
                .anyMatch(line -> line.startsWith("RECALLER_FLOW=nowhere.json is not a file"))
                .anyMatch(line -> line.startsWith("RECALLER_HTTP=8080 is not HOST:PORT"))
                .anyMatch(line -> line.startsWith("RECALLER_MAX_CALLS=many is not a whole number from 1 to 10000"))
                .anyMatch(line -> line.startsWith("RECALLER_DRAIN_SECONDS=-1 is not a whole number from 0"))
                .anyMatch(line -> line.startsWith("RECALLER_LIVEKIT_FFI=nolib.so is not a file"))
                .anyMatch(line -> line.startsWith("RECALLER_HASH_KEY has less than 16 characters"))
                .anyMatch(line -> line.startsWith("RECALLER_LOG=xml is not text or json"));
        assertThat(refused).doesNotContain("hunter2");
    }

    @Test
    void recordingsAreKeptInTheHomeAFolderOrABucket() {
        assertThat(recordings(Map.of("RECALLER_HOME", "/somebody/recaller")))
                .isEqualTo(new Place.Folder(Path.of("/somebody/recaller/recordings")));
        assertThat(recordings(Map.of("RECALLER_RECORDINGS", "calls")))
                .isEqualTo(new Place.Folder(folder.resolve("calls")));
        assertThat(recordings(Map.of(
                        "RECALLER_RECORDINGS", "s3://calls/2026",
                        "AWS_ACCESS_KEY_ID", "id",
                        "AWS_SECRET_ACCESS_KEY", "hunter2",
                        "AWS_REGION", "eu-central-1")))
                .isInstanceOfSatisfying(
                        Place.Bucket.class,
                        bucket -> assertThat(bucket.endpoint())
                                .isEqualTo(URI.create("https://s3.eu-central-1.amazonaws.com")))
                .hasToString("s3://calls/2026/");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ftp://files", "s3://", "s3:///prefix", "S3://calls", "s3://Calls", "s3://calls/a b"})
    void recordingsAreKeptNowhereElse(String place) {
        assertThatThrownBy(() -> recordings(Map.of("RECALLER_RECORDINGS", place)))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("RECALLER_RECORDINGS=" + place + " is not a folder or s3://BUCKET/PREFIX");
    }

    @Test
    void saysWhatABucketNeeds() {
        assertThatThrownBy(() -> recordings(Map.of(
                        "RECALLER_RECORDINGS", "s3://calls",
                        "AWS_REGION", "Frankfurt (1)",
                        "AWS_ENDPOINT_URL", "minio:9000",
                        "AWS_SECRET_ACCESS_KEY", "hunter2")))
                .hasMessageContaining("AWS_ACCESS_KEY_ID is not set: recordings in a bucket need it.")
                .hasMessageContaining("AWS_REGION=Frankfurt (1) is not a region, for example eu-central-1")
                .hasMessageContaining("AWS_ENDPOINT_URL=minio:9000 is not a URL beginning with http")
                .hasMessageNotContainingAny("AWS_SECRET_ACCESS_KEY", "hunter2");
    }

    private Place recordings(Map<String, String> environment) {
        return Configuration.read(environment, folder, Purpose.TOOL).recordings();
    }

    @Test
    void namesWhatTheWorkerMissesWhenNothingIsSet() {
        assertThatThrownBy(() -> Configuration.read(Map.of("XDG_CACHE_HOME", "/somebody"), folder, Purpose.WORKER))
                .hasMessageContaining("LIVEKIT_URL is not set")
                .hasMessageContaining("LIVEKIT_API_KEY is not set")
                .hasMessageContaining("LIVEKIT_API_SECRET is not set")
                .hasMessageContaining("OPENAI_API_KEY is not set: set it, or OPENAI_BASE_URL")
                .hasMessageContaining("There is no liblivekit_ffi in /somebody/recaller: run bin/setup");
    }

    @Test
    void knowsFurtherProvidersByTheirNames() throws IOException {
        Map<String, String> environment = enough();
        environment.put("RECALLER_PROVIDERS", "groq, local");
        environment.put("GROQ_API_KEY", "groq-secret");
        Files.writeString(
                folder.resolve("recaller.properties"),
                "GROQ_BASE_URL=https://api.groq.com/openai/v1\nLOCAL_BASE_URL=http://127.0.0.1:8000/v1\n");

        Configuration configuration = Configuration.read(environment, folder, Purpose.WORKER);

        assertThat(configuration.providers())
                .containsExactly(
                        new Provider("openai", null, "openai-secret"),
                        new Provider("groq", URI.create("https://api.groq.com/openai/v1"), "groq-secret"),
                        new Provider("local", URI.create("http://127.0.0.1:8000/v1"), null));
        assertThat(configuration.toString()).contains("groq[https://api").doesNotContain("secret");
    }

    @ParameterizedTest
    @CsvSource({
        "groq, GROQ_BASE_URL is not set",
        "'groq, groq', RECALLER_PROVIDERS=groq",
        "openai, RECALLER_PROVIDERS=openai is not names",
        "livekit, RECALLER_PROVIDERS=livekit is not names",
        "Groq, RECALLER_PROVIDERS=Groq is not names",
        "'groq,', RECALLER_PROVIDERS=groq",
    })
    void saysWhatIsWrongWithFurtherProviders(String value, String mistake) throws IOException {
        Map<String, String> environment = enough();
        environment.put("RECALLER_PROVIDERS", value);

        assertThatThrownBy(() -> Configuration.read(environment, folder, Purpose.WORKER))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining(mistake);
    }

    @Test
    void refusesSettingsInTheFileOfAProviderThatIsNotNamed() throws IOException {
        Files.writeString(folder.resolve("recaller.properties"), "GROQ_BASE_URL=https://api.groq.com/openai/v1\n");

        assertThatThrownBy(() -> Configuration.read(enough(), folder, Purpose.WORKER))
                .hasMessageContaining("recaller.properties: GROQ_BASE_URL is not a setting");
    }

    @Test
    void asksNothingOfLiveKitForTheTools() {
        Configuration configuration = Configuration.read(Map.of(), folder, Purpose.TOOL);

        assertThat(configuration.liveKit()).isNull();
    }

    @Test
    void readsTheFileBehindTheEnvironment() throws IOException {
        Files.writeString(
                folder.resolve("recaller.yaml"),
                "RECALLER_ORGANIZATION: from-file\nRECALLER_MAX_CALLS: 7\nRECALLER_LOG: json\n");

        Configuration configuration = Configuration.read(
                Map.of("RECALLER_ORGANIZATION", "from-environment", "RECALLER_LOG", " "), folder, Purpose.TOOL);

        assertThat(configuration.organizationId()).isEqualTo("from-environment");
        assertThat(configuration.maxCalls()).isEqualTo(7);
        assertThat(configuration.log()).isEqualTo(LogFormat.JSON);
    }

    @Test
    void saysWhichFileCannotBeRead() throws IOException {
        Files.writeString(folder.resolve("recaller.yaml"), "RECALLER_FLOW: a.json\nRECALLER_LOG: [json\n");

        assertThatThrownBy(() -> Configuration.read(Map.of(), folder, Purpose.TOOL))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("recaller.yaml cannot be read")
                .hasMessageContaining("line 3");
    }

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1:8080, true",
        "0.0.0.0:0, true",
        "[::1]:9000, true",
        "localhost:65535, true",
        "localhost:65536, false",
        ":8080, false",
        "8080, false",
        "http://127.0.0.1:8080, false",
        "127.0.0.1:8080/metrics, false",
    })
    void takesAHostAndAPortForHttp(String value, boolean good) {
        Throwable refused =
                catchThrowable(() -> Configuration.read(Map.of("RECALLER_HTTP", value), folder, Purpose.TOOL));

        assertThat(refused == null).isEqualTo(good);
    }

    @Test
    void findsTheLibraryThatSetUpPutIntoTheCache() throws IOException {
        Path library = Files.createDirectories(folder.resolve("cache/livekit-ffi-0.12.68"))
                .resolve(System.mapLibraryName("livekit_ffi"));
        Files.writeString(library, "");

        Configuration configuration = Configuration.read(Map.of("RECALLER_CACHE", "cache"), folder, Purpose.TOOL);

        assertThat(configuration.liveKitLibrary()).isEqualTo(library);
    }

    @Test
    void hasNoSecretInItsText() throws IOException {
        Map<String, String> environment = enough();
        environment.put("RECALLER_DATABASE_URL", "postgresql://me:hunter2@127.0.0.1:5432/db");
        environment.put("RECALLER_HASH_KEY", "hunter2hunter2hunter2");

        assertThat(Configuration.read(environment, folder, Purpose.WORKER).toString())
                .contains("127.0.0.1:7880")
                .doesNotContain("hunter2", "livekit-secret", "openai-secret");
    }

    private Map<String, String> enough() throws IOException {
        Files.createDirectories(folder.resolve("flows"));
        Files.writeString(folder.resolve("flows/front-desk.json"), "{}");
        Files.writeString(folder.resolve("library.so"), "");
        return new HashMap<>(Map.of(
                "XDG_DATA_HOME", "/somebody",
                "LIVEKIT_URL", "ws://127.0.0.1:7880",
                "LIVEKIT_API_KEY", "key",
                "LIVEKIT_API_SECRET", "livekit-secret",
                "OPENAI_API_KEY", "openai-secret",
                "RECALLER_LIVEKIT_FFI", "library.so"));
    }
}
