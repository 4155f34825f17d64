package dev.recaller.worker.recording;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.fail;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A bucket of a server of another make (moto), which checks every signature. */
@Timeout(120)
class S3StorageTest {

    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private static Process server;
    private static URI endpoint;
    private static Place.Keys keys;

    @TempDir
    private Path folder;

    @BeforeAll
    static void start() throws Exception {
        String python = System.getenv("RECALLER_STORAGE_PYTHON");
        if (python == null) {
            String message = "no S3 server: set RECALLER_STORAGE_PYTHON, or run bin/test";
            if (Boolean.parseBoolean(System.getenv("CI"))) {
                fail(message);
            }
            abort(message);
        }
        int port;
        try (var free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        var command = new ProcessBuilder(python, "-m", "moto.server", "-H", "127.0.0.1", "-p", String.valueOf(port));
        // The requests that make the user and the bucket are free, all after them are not.
        command.environment().put("INITIAL_NO_AUTH_ACTION_COUNT", "4");
        server = command.redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        endpoint = URI.create("http://127.0.0.1:" + port);
        await("moto")
                .atMost(Duration.ofSeconds(60))
                .ignoreExceptions()
                .until(() -> HTTP.send(
                                        HttpRequest.newBuilder(endpoint.resolve("/moto-api/"))
                                                .build(),
                                        BodyHandlers.discarding())
                                .statusCode()
                        == 200);
        iam("CreateUser", "UserName=worker");
        String answer = iam("CreateAccessKey", "UserName=worker");
        iam(
                "PutUserPolicy",
                "UserName=worker&PolicyName=all&PolicyDocument="
                        + URLEncoder.encode(
                                "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"s3:*\",\"Resource\":\"*\"}]}",
                                StandardCharsets.UTF_8));
        HTTP.send(
                HttpRequest.newBuilder(endpoint.resolve("/calls"))
                        .header("Authorization", authorization("s3"))
                        .PUT(BodyPublishers.noBody())
                        .build(),
                BodyHandlers.ofString());
        keys = new Place.Keys(element(answer, "AccessKeyId"), element(answer, "SecretAccessKey"), null);
    }

    @AfterAll
    static void stop() {
        if (server != null) {
            server.destroyForcibly();
        }
    }

    @Test
    void whatIsKeptIsGotAgainAndGoneWhenDeleted() throws Exception {
        var storage = new S3Storage(bucket("calls", keys));
        byte[] audio = new byte[300_000];
        new Random(1).nextBytes(audio);
        Path file = Files.write(folder.resolve("a.ogg"), audio);
        storage.put("acme%2Ede/2026-11-25/a.ogg", file);
        storage.put("acme%2Ede/2026-11-25/a.ogg", file);
        assertThat(storage.get("acme%2Ede/2026-11-25/a.ogg", folder.resolve("b.ogg")))
                .isTrue();
        assertThat(Files.readAllBytes(folder.resolve("b.ogg"))).isEqualTo(audio);
        storage.delete("acme%2Ede/2026-11-25/a.ogg");
        storage.delete("acme%2Ede/2026-11-25/a.ogg");
        assertThat(storage.get("acme%2Ede/2026-11-25/a.ogg", folder.resolve("c.ogg")))
                .isFalse();
        assertThat(folder.resolve("c.ogg")).doesNotExist();
        assertThat(storage.name()).isEqualTo("s3://calls");
    }

    @Test
    void keysThatAreWrongAreRefusedAndNotShown() throws Exception {
        var storage = new S3Storage(bucket("calls", new Place.Keys(keys.id(), "not the secret at all", null)));
        Path file = Files.writeString(folder.resolve("a.ogg"), "audio");
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> storage.put("a.ogg", file))
                .withMessage("s3://calls/recaller/ does not keep a.ogg: HTTP 403 SignatureDoesNotMatch. Check"
                        + " AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and what they allow")
                .satisfies(e -> assertThat(e.toString()).doesNotContain(keys.id(), "secret"));
        assertThat(bucket("calls", keys).toString()).doesNotContain(keys.secret(), keys.id());
        assertThat(keys.toString()).isEqualTo("Keys");
    }

    @Test
    void aBucketThatIsNotThereIsNoDeletedRecording() {
        var storage = new S3Storage(bucket("another", keys));
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> storage.delete("a.ogg"))
                .withMessageContaining("NoSuchBucket");
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> storage.get("a.ogg", folder.resolve("a.ogg")))
                .withMessageContaining("NoSuchBucket")
                .withMessageContaining("Make the bucket, or set RECALLER_RECORDINGS to one that is there");
    }

    @Test
    void aServerThatDoesNotAnswerIsAFailureOfTheRequest() throws Exception {
        int port;
        try (var nobody = new ServerSocket(0)) {
            port = nobody.getLocalPort();
        }
        var storage =
                new S3Storage(new Place.Bucket(URI.create("http://127.0.0.1:" + port), "us-east-1", "calls", "", keys));
        assertThatExceptionOfType(IOException.class).isThrownBy(() -> storage.delete("a.ogg"));
    }

    private static Place.Bucket bucket(String name, Place.Keys keys) {
        return new Place.Bucket(endpoint, "us-east-1", name, "recaller/", keys);
    }

    private static String iam(String action, String parameters) throws Exception {
        return HTTP.send(
                        HttpRequest.newBuilder(endpoint)
                                .header("Authorization", authorization("iam"))
                                .header("Content-Type", "application/x-www-form-urlencoded")
                                .POST(BodyPublishers.ofString("Action=" + action + "&Version=2010-05-08&" + parameters))
                                .build(),
                        BodyHandlers.ofString())
                .body();
    }

    /** Names the service for moto, which does not look at the rest of it yet. */
    private static String authorization(String service) {
        return "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20260101/us-east-1/" + service
                + "/aws4_request, SignedHeaders=host, Signature=0";
    }

    private static String element(String xml, String name) {
        Matcher element =
                Pattern.compile("<" + name + ">([^<]+)</" + name + ">").matcher(xml);
        assertThat(element.find()).as(name + " in " + xml).isTrue();
        return element.group(1);
    }
}
