package dev.recaller.flow.http;

import static dev.recaller.flow.http.LocalServer.answer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.recaller.flow.http.LocalServer.Reply;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import okhttp3.Dns;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class GuardedClientTest {

    private static final HttpPolicy LOCAL = new HttpPolicy(List.of(), true, 1_000);

    @Test
    void bringsWhatIsSentThereAndWhatIsAnsweredBack() throws Exception {
        String large = "grün".repeat(50_000);
        try (LocalServer server = new LocalServer(_ -> answer(201, large, Map.of("X-Answer", "yes")));
                GuardedClient client = client(LOCAL, Dns.SYSTEM)) {
            HttpResponse<String> answered = client.send(
                    HttpRequest.newBuilder(URI.create(server.url("/a%2Fb?q=%26")))
                            .header("Authorization", "Bearer s3cret")
                            .POST(BodyPublishers.ofString("blau: ü"))
                            .build(),
                    BodyHandlers.ofString());
            assertThat(answered.statusCode()).isEqualTo(201);
            assertThat(answered.body()).isEqualTo(large);
            assertThat(answered.headers().firstValue("X-Answer")).contains("yes");
            LocalServer.Received received = server.received.getFirst();
            assertThat(received.method()).isEqualTo("POST");
            assertThat(received.uri()).hasToString("/a%2Fb?q=%26");
            assertThat(received.headers()).containsEntry("Authorization", "Bearer s3cret");
            assertThat(received.body()).isEqualTo("blau: ü");
        }
    }

    @Test
    void aPublicNameForAPrivateAddressIsNotConnectedTo() throws Exception {
        Dns names = _ -> List.of(InetAddress.getLoopbackAddress());
        try (LocalServer server = new LocalServer(_ -> answer(200, "inside", Map.of()));
                GuardedClient client = client(HttpPolicy.PUBLIC, names)) {
            HttpRequest request = get("http://api.example.com:" + server.port() + "/");
            assertThatThrownBy(() -> client.send(request, BodyHandlers.ofString()))
                    .hasCauseInstanceOf(AddressRefusedException.class);
            assertThat(server.received).isEmpty();
        }
    }

    @Test
    void theAnswerThatIsCheckedIsTheOneThatIsConnectedToSoASecondOneChangesNothing() throws Exception {
        Iterator<InetAddress> answers =
                List.of(InetAddress.getLoopbackAddress()).iterator();
        Dns names = _ -> List.of(answers.next());
        try (LocalServer server = new LocalServer(_ -> answer(200, "first", Map.of()));
                GuardedClient client = client(LOCAL, names)) {
            HttpRequest request = get("http://api.example.com:" + server.port() + "/");
            assertThat(client.send(request, BodyHandlers.ofString()).body()).isEqualTo("first");
        }
    }

    @Test
    void onlyHostsOfTheListAreReached() throws Exception {
        try (LocalServer server = new LocalServer(_ -> answer(200, "", Map.of()));
                GuardedClient client = client(new HttpPolicy(List.of("api.example.com"), true, 1_000), Dns.SYSTEM)) {
            assertThatThrownBy(() -> client.send(get(server.url("/")), BodyHandlers.ofString()))
                    .hasCauseInstanceOf(AddressRefusedException.class);
            assertThat(server.received).isEmpty();
        }
    }

    @Test
    void aRedirectIsAnAnswerAndNothingIsSentTwice() throws Exception {
        try (LocalServer inside = new LocalServer(_ -> answer(200, "inside", Map.of()));
                LocalServer server = new LocalServer(_ -> answer(302, "", Map.of("Location", inside.url("/"))));
                LocalServer busy = new LocalServer(_ -> answer(503, "", Map.of("Retry-After", "0")));
                GuardedClient client = client(LOCAL, Dns.SYSTEM)) {
            assertThat(client.send(get(server.url("/")), BodyHandlers.ofString())
                            .statusCode())
                    .isEqualTo(302);
            assertThat(inside.received).isEmpty();
            assertThat(client.send(get(busy.url("/")), BodyHandlers.ofString()).statusCode())
                    .isEqualTo(503);
            assertThat(busy.received).hasSize(1);
        }
    }

    @Test
    void theBeginningOfAnAnswerIsThereBeforeItsEndAndCancellingEndsIt() throws Exception {
        try (LocalServer server = new LocalServer(_ -> new Reply.Stuck("half of it"));
                GuardedClient client = client(LOCAL, Dns.SYSTEM)) {
            var stream = client.send(get(server.url("/")), BodyHandlers.ofInputStream())
                    .body();
            assertThat(new String(stream.readNBytes(4), StandardCharsets.UTF_8)).isEqualTo("half");
            stream.close();
            CompletableFuture<HttpResponse<String>> never =
                    client.sendAsync(get(server.url("/")), BodyHandlers.ofString());
            assertThat(never.cancel(true)).isTrue();
        }
    }

    private static HttpRequest get(String url) {
        return HttpRequest.newBuilder(URI.create(url)).build();
    }

    private static GuardedClient client(HttpPolicy policy, Dns names) {
        return new GuardedClient(policy, Duration.ofSeconds(5), names);
    }
}
