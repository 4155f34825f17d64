package dev.recaller.flow.http;

import static dev.recaller.flow.http.LocalServer.answer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.recaller.flow.http.LocalServer.Reply;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import okhttp3.Dns;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HttpCallsTest {

    private static final HttpPolicy LOCAL = new HttpPolicy(List.of(), true, 1_000);
    private static final Instant NOW = Instant.parse("2026-11-01T12:00:00Z");

    private final List<Duration> pauses = new ArrayList<>();

    @Test
    void bringsWhatIsSentThereAndWhatIsAnsweredBack() throws Exception {
        try (LocalServer server = new LocalServer(_ -> answer(201, "grün", Map.of()));
                HttpCalls calls = new HttpCalls(LOCAL)) {
            HttpRequest request = new HttpRequest(
                            "POST",
                            URI.create(server.url("/a%2Fb?q=%26")),
                            Map.of("X-Kind", "test"),
                            "blau: ü",
                            Duration.ofSeconds(5),
                            0)
                    .withIdempotencyKey("k1");
            assertThat(calls.send(request)).isEqualTo(new HttpAnswer.Answered(201, "grün"));
            LocalServer.Received received = server.received.getFirst();
            assertThat(received.method()).isEqualTo("POST");
            assertThat(received.uri()).hasToString("/a%2Fb?q=%26");
            assertThat(received.headers())
                    .containsEntry("X-Kind", "test")
                    .containsEntry("Idempotency-Key", "k1")
                    .containsEntry("User-Agent", "recaller");
            assertThat(received.body()).isEqualTo("blau: ü");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"})
    void everyMethodIsSent(String method) throws Exception {
        try (LocalServer server = new LocalServer(_ -> answer(204, "", Map.of()))) {
            assertThat(send(server, method, 0)).isEqualTo(new HttpAnswer.Answered(204, ""));
            assertThat(server.received.getFirst().method()).isEqualTo(method);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "half of it"})
    void aServerThatGetsStuckTimesOutWhereverItDoes(String part) throws Exception {
        try (LocalServer server = new LocalServer(_ -> new Reply.Stuck(part));
                HttpCalls calls = calls(LOCAL, Dns.SYSTEM)) {
            HttpRequest request =
                    new HttpRequest("GET", URI.create(server.url("/")), Map.of(), null, Duration.ofSeconds(1), 3);
            assertThat(calls.send(request)).isEqualTo(new HttpAnswer.TimedOut());
            assertThat(server.received).hasSize(1);
        }
    }

    @Test
    void aNameThatIsLookedUpForEverTimesOutToo() throws Exception {
        Dns stuck = _ -> {
            try {
                Thread.currentThread().join(); // for ever, until it is interrupted
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return List.of();
        };
        try (HttpCalls calls = calls(LOCAL, stuck)) {
            HttpRequest request = new HttpRequest(
                    "GET", URI.create("http://api.example.com/"), Map.of(), null, Duration.ofMillis(200), 0);
            assertThat(calls.send(request)).isEqualTo(new HttpAnswer.TimedOut());
        }
    }

    @ParameterizedTest
    @CsvSource({"GET, 3", "PUT, 3", "DELETE, 3", "POST, 1", "PATCH, 1"})
    void aConnectionThatBreaksIsTriedAgainWhereThatDoesNoHarm(String method, int requests) throws Exception {
        try (LocalServer server = new LocalServer(_ -> new Reply.Cut("half"))) {
            assertThat(send(server, method, 2))
                    .isEqualTo(
                            new HttpAnswer.Failed("the connection to localhost broke before the answer was complete"));
            assertThat(server.received).hasSize(requests);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "PATCH"})
    void withAKeyTheServerHonoursAnyRequestIsTriedAgainWithThatKey(String method) throws Exception {
        Iterator<Reply> replies = List.of(
                        new Reply.Cut("half"), answer(503, "", Map.of()), answer(200, "done", Map.of()))
                .iterator();
        try (LocalServer server = new LocalServer(_ -> replies.next());
                HttpCalls calls = calls(LOCAL, Dns.SYSTEM)) {
            assertThat(calls.send(request(method, server.url("/"), 2).withIdempotencyKey("k1")))
                    .isEqualTo(new HttpAnswer.Answered(200, "done"));
            assertThat(server.received)
                    .hasSize(3)
                    .allSatisfy(received -> assertThat(received.headers()).containsEntry("Idempotency-Key", "k1"));
        }
    }

    @Test
    void anAnswerThatIsTooLargeIsNotReadToItsEnd() throws Exception {
        try (LocalServer server = new LocalServer(_ -> answer(200, "x".repeat(1_001), Map.of()))) {
            assertThat(send(server, "GET", 0))
                    .isEqualTo(new HttpAnswer.Failed("the answer of localhost is larger than 1000 bytes"));
        }
    }

    @Test
    void aSmallAnswerThatUnpacksToALargeOneIsTooLarge() throws Exception {
        try (LocalServer server = new LocalServer(_ -> new Reply.Zipped("x".repeat(1_001)))) {
            assertThat(send(server, "GET", 0))
                    .isEqualTo(new HttpAnswer.Failed("the answer of localhost is larger than 1000 bytes"));
        }
        try (LocalServer server = new LocalServer(_ -> new Reply.Zipped("x".repeat(1_000)))) {
            assertThat(send(server, "GET", 0)).isEqualTo(new HttpAnswer.Answered(200, "x".repeat(1_000)));
        }
    }

    @ParameterizedTest
    @CsvSource({"429", "502", "503", "504"})
    void whatIsBusyIsAskedAgainAfterAGrowingPause(int status) throws Exception {
        Iterator<Integer> statuses = List.of(status, status, 200).iterator();
        try (LocalServer server = new LocalServer(_ -> answer(statuses.next(), "", Map.of()))) {
            assertThat(send(server, "GET", 3)).isEqualTo(new HttpAnswer.Answered(200, ""));
        }
        assertThat(pauses).hasSize(2);
        assertThat(pauses.get(0)).isBetween(Duration.ofMillis(100), Duration.ofMillis(200));
        assertThat(pauses.get(1)).isBetween(Duration.ofMillis(200), Duration.ofMillis(400));
    }

    @ParameterizedTest
    @CsvSource({"POST, 503", "PATCH, 429", "GET, 500", "GET, 404"})
    void othersAreAskedOnce(String method, int status) throws Exception {
        try (LocalServer server = new LocalServer(_ -> answer(status, "no", Map.of("Retry-After", "0")))) {
            assertThat(send(server, method, 3)).isEqualTo(new HttpAnswer.Answered(status, "no"));
            assertThat(server.received).hasSize(1);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            2                             | 2000
            0                             | 0
            Sun, 01 Nov 2026 12:00:03 GMT | 3000
            Sun, 01 Nov 2020 12:00:03 GMT | 0
            """)
    void waitsAsLongAsTheServerAsks(String retryAfter, long milliseconds) throws Exception {
        Iterator<Reply> replies = List.of(answer(503, "", Map.of("Retry-After", retryAfter)), answer(200, "", Map.of()))
                .iterator();
        try (LocalServer server = new LocalServer(_ -> replies.next())) {
            assertThat(send(server, "GET", 1)).isEqualTo(new HttpAnswer.Answered(200, ""));
        }
        assertThat(pauses).containsExactly(Duration.ofMillis(milliseconds));
    }

    @Test
    void whoAsksForMoreTimeThanThereIsIsNotAskedAgain() throws Exception {
        try (LocalServer server = new LocalServer(_ -> answer(429, "", Map.of("Retry-After", "60")))) {
            assertThat(send(server, "GET", 3)).isEqualTo(new HttpAnswer.Answered(429, ""));
            assertThat(server.received).hasSize(1);
        }
        assertThat(pauses).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"0", "1"})
    void noRequestIsSentMoreOftenThanItMayBe(int retries) throws Exception {
        try (LocalServer server = new LocalServer(_ -> answer(503, "", Map.of("Retry-After", "0")))) {
            assertThat(send(server, "GET", retries)).isEqualTo(new HttpAnswer.Answered(503, ""));
            assertThat(server.received).hasSize(retries + 1);
        }
    }

    @Test
    void whereNoConnectionWasMadeAnyRequestIsTriedAgain() throws Exception {
        int port = closedPort();
        try (HttpCalls calls = calls(LOCAL, Dns.SYSTEM)) {
            assertThat(calls.send(request("POST", "http://localhost:" + port + "/?secret=1", 2)))
                    .isEqualTo(new HttpAnswer.Failed("cannot connect to localhost"));
        }
        assertThat(pauses).hasSize(2);
    }

    @Test
    void aRedirectIsAnAnswerAndLeadsNowhere() throws Exception {
        try (LocalServer inside = new LocalServer(_ -> answer(200, "inside", Map.of()));
                LocalServer server =
                        new LocalServer(_ -> answer(302, "", Map.of("Location", inside.url("/latest/meta-data"))))) {
            assertThat(send(server, "GET", 2)).isEqualTo(new HttpAnswer.Answered(302, ""));
            assertThat(inside.received).isEmpty();
        }
    }

    @Test
    void aPublicNameForAPrivateAddressIsNotConnectedTo() throws Exception {
        Dns names = _ -> List.of(InetAddress.getLoopbackAddress());
        try (LocalServer server = new LocalServer(_ -> answer(200, "inside", Map.of()));
                HttpCalls calls = calls(HttpPolicy.PUBLIC, names)) {
            assertThat(calls.send(request("GET", "http://api.example.com:" + server.port() + "/", 3)))
                    .isEqualTo(new HttpAnswer.Failed(
                            "api.example.com is at an address that is not public, which the policy does not allow"));
            assertThat(server.received).isEmpty();
        }
        assertThat(pauses).isEmpty();
    }

    @Test
    void aNameIsLookedUpOnceForAConnectionSoASecondAnswerChangesNothing() throws Exception {
        Iterator<InetAddress> answers =
                List.of(InetAddress.getLoopbackAddress()).iterator();
        Dns names = _ -> List.of(answers.next());
        try (LocalServer server = new LocalServer(_ -> answer(200, "first", Map.of()));
                HttpCalls calls = calls(LOCAL, names)) {
            assertThat(calls.send(request("GET", "http://api.example.com:" + server.port() + "/", 0)))
                    .isEqualTo(new HttpAnswer.Answered(200, "first"));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://127.0.0.1:PORT/",
                "http://localhost:PORT/",
                "http://127.1:PORT/",
                "http://2130706433:PORT/",
                "http://0x7f.0.0.1:PORT/",
                "http://0177.0.0.1:PORT/",
                "http://[::ffff:127.0.0.1]:PORT/",
                "http://[::ffff:7f00:1]:PORT/",
                "http://0.0.0.0:PORT/",
                "http://user@127.0.0.1:PORT/",
                "http:127.0.0.1:PORT/",
                "ftp://127.0.0.1:PORT/",
                "file:///etc/passwd"
            })
    void noWayOfWritingItLeadsToThisMachine(String url) throws Exception {
        try (LocalServer server = new LocalServer(_ -> answer(200, "inside", Map.of()));
                HttpCalls calls = calls(HttpPolicy.PUBLIC, Dns.SYSTEM)) {
            assertThat(calls.send(request("GET", url.replace("PORT", String.valueOf(server.port())), 0)))
                    .isInstanceOf(HttpAnswer.Failed.class);
            assertThat(server.received).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "api.example.com, true",
        "API.example.com, true",
        "example.org, false",
        "shop.example.org, true",
        "a.shop.example.org, true",
        "badexample.org, false",
        "api.example.com.evil.net, false",
        "evilapi.example.com, false"
    })
    void onlyHostsOfTheListAreReached(String host, boolean allowed) throws Exception {
        Dns names = _ -> List.of(InetAddress.getLoopbackAddress());
        HttpPolicy policy = new HttpPolicy(List.of("Api.example.com", "*.example.org"), true, 1_000);
        try (LocalServer server = new LocalServer(_ -> answer(200, "", Map.of()));
                HttpCalls calls = calls(policy, names)) {
            HttpAnswer answer = calls.send(request("GET", "http://" + host + ":" + server.port() + "/", 0));
            assertThat(answer)
                    .isEqualTo(
                            allowed
                                    ? new HttpAnswer.Answered(200, "")
                                    : new HttpAnswer.Failed("requests to " + host + " are not allowed"));
            assertThat(server.received).hasSize(allowed ? 1 : 0);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/a/../admin", "/a/%2e%2E/admin", "/./a", "/a/.."})
    void aPathThatMeansAnotherIsNotSent(String path) throws Exception {
        try (LocalServer server = new LocalServer(_ -> answer(200, "", Map.of()))) {
            assertThat(calls(LOCAL, Dns.SYSTEM).send(request("GET", server.url(path), 0)))
                    .isEqualTo(new HttpAnswer.Failed("the path of the url to localhost has '.' or '..' in it"));
            assertThat(server.received).isEmpty();
        }
    }

    @Test
    void aHeaderThatWouldBeTwoIsNotSentAndNotQuoted() throws Exception {
        try (LocalServer server = new LocalServer(_ -> answer(200, "", Map.of()));
                HttpCalls calls = calls(LOCAL, Dns.SYSTEM)) {
            HttpRequest request = new HttpRequest(
                    "GET",
                    URI.create(server.url("/?key=hunter2")),
                    Map.of("Authorization", "Bearer hunter2\r\nX-Admin: 1"),
                    null,
                    Duration.ofSeconds(5),
                    0);
            assertThat(calls.send(request))
                    .isEqualTo(new HttpAnswer.Failed("the header 'Authorization' has a character no header may have"));
            assertThat(server.received).isEmpty();
            assertThat(request).hasToString("GET http://localhost");
        }
    }

    @Test
    void aHostThatDoesNotExistIsSaid() throws Exception {
        Dns names = host -> {
            throw new UnknownHostException(host);
        };
        try (HttpCalls calls = calls(LOCAL, names)) {
            assertThat(calls.send(request("GET", "http://nowhere.example.com/", 0)))
                    .isEqualTo(new HttpAnswer.Failed("no host is called nowhere.example.com"));
        }
    }

    @Test
    void aServerWhoseCertificateNobodyTrustsIsNotTalkedTo(@TempDir Path folder) throws Exception {
        try (LocalServer server = LocalServer.withOwnCertificate(folder, _ -> answer(200, "", Map.of()));
                HttpCalls calls = calls(LOCAL, Dns.SYSTEM)) {
            assertThat(calls.send(request("GET", "https://localhost:" + server.port() + "/", 3)))
                    .isEqualTo(new HttpAnswer.Failed(
                            "no trusted connection to localhost: its certificate or TLS was refused"));
            assertThat(server.received).isEmpty();
        }
        assertThat(pauses).isEmpty();
    }

    @Test
    void anInterruptEndsTheRequest() throws Exception {
        try (LocalServer server = new LocalServer(_ -> new Reply.Stuck(""));
                HttpCalls calls = calls(LOCAL, Dns.SYSTEM)) {
            AtomicReference<@Nullable Exception> thrown = new AtomicReference<>();
            Thread caller = Thread.ofPlatform().start(() -> {
                try {
                    calls.send(request("GET", server.url("/"), 0));
                } catch (InterruptedException e) {
                    thrown.set(e);
                }
            });
            await().until(() -> !server.received.isEmpty());
            caller.interrupt();
            caller.join();
            assertThat(thrown.get()).isInstanceOf(InterruptedException.class);
        }
    }

    @Test
    void aListOfHostsHoldsHosts() {
        for (String wrong : List.of("https://api.example.com", "api.example.com/v1", "*", "api.*.com", "")) {
            assertThatThrownBy(() -> new HttpPolicy(List.of(wrong), false, 1))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    private HttpAnswer send(LocalServer server, String method, int retries) throws InterruptedException {
        try (HttpCalls calls = calls(LOCAL, Dns.SYSTEM)) {
            return calls.send(request(method, server.url("/"), retries));
        }
    }

    private HttpCalls calls(HttpPolicy policy, Dns names) {
        return new HttpCalls(policy, names, pauses::add, InstantSource.fixed(NOW), new Random(1));
    }

    private static HttpRequest request(String method, String url, int retries) {
        return new HttpRequest(method, URI.create(url), Map.of(), null, Duration.ofSeconds(10), retries);
    }

    private static int closedPort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
