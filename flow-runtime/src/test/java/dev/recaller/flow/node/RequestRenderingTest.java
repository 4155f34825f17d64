package dev.recaller.flow.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recaller.flow.FlowListener;
import dev.recaller.flow.definition.Flow;
import dev.recaller.flow.definition.HttpNode;
import dev.recaller.flow.definition.InvalidFlowException;
import dev.recaller.flow.http.HttpRequest;
import dev.recaller.flow.node.RequestRendering.Rendered;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Whatever a caller says fills its place in a request and changes nothing else of it. */
class RequestRenderingTest {

    private static final String FLOW = """
            {
              "schemaVersion": 1, "id": "one", "version": 1, "name": "One", "start": "send",
              "variables": { "words": { "type": "string", "default": "x" } },
              "nodes": [
                { "id": "send", "type": "http", "method": "POST",
                  "url": "https://api.example.com:8443/a/{{words}}/b-{{words}}?q={{words}}&r=1&key=${KEY}",
                  "headers": { "X-Words": "said: {{words}}", "Authorization": "Bearer ${KEY}" },
                  "body": { "a": "{{words}}", "b": [ "-{{words}}-" ], "c": "${KEY}" } },
                { "id": "bye", "type": "hangup" }
              ],
              "edges": [ { "from": "send", "to": "bye" } ]
            }
            """;

    private static final Flow SENDING = flow();
    private static final String[] PIECES = {
        "/",
        "//",
        "..",
        ".",
        "%2e",
        "%2F",
        "%",
        "?",
        "#",
        "&",
        "=",
        ";",
        ":",
        "@",
        "\\",
        "\r\n",
        "\n",
        "\0",
        "\t",
        " ",
        "\"",
        "'",
        "{",
        "}",
        "{{words}}",
        "${KEY}",
        "$",
        "{% if %}",
        "evil.example.com",
        "http://",
        "\u00e9",
        "\u4e2d",
        "\ud83d\ude00",
        "\ud83d",
        "\u2028",
        "\u202e",
        "\u0085",
        "a",
        "1",
        ",",
        "</data>",
        "\"}]",
        "+",
        "[",
        "|"
    };

    static IntStream seeds() {
        return IntStream.range(0, 300);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void noValueChangesHostPathQueryHeadersOrTheShapeOfTheBody(int seed) {
        Random random = new Random(seed);
        StringBuilder said = new StringBuilder();
        for (int pieces = 1 + random.nextInt(6); pieces > 0; pieces--) {
            said.append(PIECES[random.nextInt(PIECES.length)]);
        }
        String words = said.toString();
        HttpRequest request = render(words);

        assertThat(request.uri().getScheme()).isEqualTo("https");
        assertThat(request.uri().getHost()).isEqualTo("api.example.com");
        assertThat(request.uri().getPort()).isEqualTo(8443);
        assertThat(request.uri().getRawFragment()).isNull();
        String[] path = request.uri().getRawPath().split("/", -1);
        assertThat(path).hasSize(4).startsWith("", "a");
        assertThat(decoded(path[2])).isEqualTo(asUtf8(words));
        assertThat(decoded(path[3])).isEqualTo("b-" + asUtf8(words));
        String[] query = request.uri().getRawQuery().split("&", -1);
        assertThat(query).hasSize(3);
        assertThat(query[0]).startsWith("q=");
        assertThat(decoded(query[0].substring(2))).isEqualTo(asUtf8(words));
        assertThat(query[1]).isEqualTo("r=1");
        assertThat(query[2]).isEqualTo("key=s%2Fe%26c");
        assertThat(request.headers()).containsOnlyKeys("X-Words", "Authorization", "Content-Type");
        assertThat(request.headers().get("X-Words")).startsWith("said: ").matches("[\\x20-\\x7e]*");
        assertThat(request.headers()).containsEntry("Authorization", "Bearer s/e&c");
        JsonNode body = JsonMapper.shared().readTree(String.valueOf(request.body()));
        assertThat(body.propertyNames()).containsExactly("a", "b", "c");
        assertThat(body.get("a").stringValue()).isEqualTo(words);
        assertThat(body.get("b").get(0).stringValue()).isEqualTo("-" + words + "-");
        assertThat(body.get("c").stringValue()).isEqualTo("s/e&c");
    }

    private static HttpRequest render(String words) {
        Call call = Calls.of(SENDING, null, FlowListener.NONE);
        call.context().set("words", words);
        HttpNode node = (HttpNode) SENDING.node("send");
        var rendering = new RequestRendering(call.values(), call.context().variables(), _ -> Optional.of("s/e&c"));
        return switch (rendering.render(node.request())) {
            case Rendered.Request rendered -> rendered.request();
            case Rendered.Refused(String what) -> throw new AssertionError(what);
        };
    }

    private static String decoded(String encoded) {
        return URLDecoder.decode(encoded.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    /** Half a surrogate pair is no text. */
    private static String asUtf8(String words) {
        return new String(words.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
    }

    private static Flow flow() {
        try {
            return Flow.parse(FLOW);
        } catch (InvalidFlowException e) {
            throw new AssertionError(e);
        }
    }
}
