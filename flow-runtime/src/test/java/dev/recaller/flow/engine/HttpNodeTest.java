package dev.recaller.flow.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recaller.flow.http.HttpAccess;
import dev.recaller.flow.http.HttpCalls;
import dev.recaller.flow.http.HttpPolicy;
import dev.recaller.flow.http.LocalServer;
import dev.recaller.flow.http.LocalServer.Received;
import dev.recaller.flow.http.LocalServer.Reply;
import dev.recaller.flow.http.Secrets;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

/** {@code http} nodes in calls, against a real server. */
class HttpNodeTest {

    private static final String FLOW = """
            {
              "schemaVersion": 1, "id": "lookup", "version": 1, "name": "Lookup", "start": "hear",
              "variables": {
                "name": { "type": "string", "default": "nobody" }, "visits": { "type": "integer", "default": -1 },
                "balance": { "type": "number", "default": -1.5 }, "vip": { "type": "boolean", "default": false }
              },
              "nodes": [
                { "id": "hear", "type": "listen", "into": "words" },
                { "id": "find", "type": "http", REQUEST },
                { "id": "ok", "type": "hangup", "say": "{{name}}, {{visits}}, {{balance}}, {{vip}}." },
                { "id": "refused", "type": "hangup" }, { "id": "broken", "type": "hangup" },
                { "id": "slow", "type": "hangup" }, { "id": "error", "type": "hangup" }
              ],
              "edges": [
                { "from": "hear", "to": "find" },
                { "from": "find", "port": "ok", "to": "ok" }, { "from": "find", "port": "client_error", "to": "refused" },
                { "from": "find", "port": "server_error", "to": "broken" },
                { "from": "find", "port": "timeout", "to": "slow" }, { "from": "find", "port": "error", "to": "error" }
              ]
            }
            """;

    private static final String VALUES =
            "\"values\": { \"name\": \"/customer/name\", \"visits\": \"/visits\", \"balance\": \"/balances/0\", \"vip\": \"/vip\" }";

    private Function<Received, Reply> answers = _ -> LocalServer.json("{}");
    private final LocalServer server = new LocalServer(request -> answers.apply(request));
    private final HttpCalls calls = new HttpCalls(new HttpPolicy(List.of(), true, 10_000));

    @AfterEach
    void close() {
        calls.close();
        server.close();
    }

    @Test
    void whatIsAnsweredBecomesTheValuesOfVariables() throws Exception {
        answers = _ -> LocalServer.json("""
                { "customer": { "name": "Ada" }, "visits": 7, "balances": [ 3.25 ], "vip": true }
                """);
        Scenario.Ended ended = scenario(get("/customers", VALUES)).run();
        assertThat(ended.said()).containsExactly("Ada, 7, 3.25, true.");
    }

    @Test
    void numbersAsTextAndTextAsNumbersAreTaken() throws Exception {
        answers = _ -> LocalServer.json("""
                { "customer": { "name": 4711 }, "visits": "7", "balances": [ "3.25" ], "vip": "true" }
                """);
        assertThat(scenario(get("/customers", VALUES)).run().said()).containsExactly("4711, 7, 3.25, true.");
    }

    @Test
    void whatIsNotThereOrOfAnotherTypeKeepsItsValueAndIsSaid() throws Exception {
        answers = _ -> LocalServer.json("""
                { "customer": { "name": { "first": "Ada" } }, "visits": 7.5, "balances": "none", "vip": "perhaps" }
                """);
        Scenario scenario = scenario(get("/customers", VALUES));
        assertThat(scenario.run().said()).containsExactly("nobody, -1, -1.5, false.");
        assertThat(scenario.warnings)
                .containsExactly(
                        "find: 'name' keeps its value: the answer has no string at '/customer/name'",
                        "find: 'visits' keeps its value: the answer has no integer at '/visits'",
                        "find: 'balance' keeps its value: the answer has no number at '/balances/0'",
                        "find: 'vip' keeps its value: the answer has no boolean at '/vip'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"<html>Welcome</html>", "", "{ \"customer\": ", "{} {}"})
    void anAnswerThatIsNoJsonIsAnErrorWhereValuesAreWanted(String body) throws Exception {
        answers = _ -> LocalServer.answer(200, body, Map.of());
        Scenario wanted = scenario(get("/customers", VALUES));
        assertThat(wanted.run().result().path()).endsWith("error");
        assertThat(wanted.warnings).containsExactly("find: the answer is no JSON");
        assertThat(scenario(get("/customers", "\"retries\": 0")).run().result().path())
                .endsWith("ok");
    }

    @ParameterizedTest
    @CsvSource({"200, ok", "204, ok", "302, error", "400, refused", "404, refused", "500, broken", "503, broken"})
    void theStatusDecidesThePort(int status, String end) throws Exception {
        answers = _ -> LocalServer.answer(status, "", Map.of());
        assertThat(scenario(get("/", "\"retries\": 0")).run().result().path()).containsExactly("hear", "find", end);
    }

    @Test
    void aServerThatIsTooSlowTakesTimeout() throws Exception {
        answers = _ -> new Reply.Stuck("{");
        assertThat(scenario(get("/", "\"timeoutMs\": 100")).run().result().path())
                .endsWith("slow");
    }

    @Test
    void anAnswerThatBreaksOffOrIsTooLargeTakesError() throws Exception {
        answers = _ -> new Reply.Cut("{");
        Scenario cut = scenario(get("/", "\"retries\": 1"));
        assertThat(cut.run().result().path()).endsWith("error");
        assertThat(cut.warnings)
                .containsExactly("find: the connection to localhost broke before the answer was complete");
        assertThat(server.received).hasSize(2);
        answers = _ -> LocalServer.answer(200, "x".repeat(10_001), Map.of());
        assertThat(scenario(get("/", "\"retries\": 0")).run().result().path()).endsWith("error");
    }

    @Test
    void withoutAccessOrWithinAPolicyThatRefusesNothingIsSent() throws Exception {
        Scenario none = Scenario.flow(flow(get("/", "\"retries\": 0"))).hears("hello");
        assertThat(none.run().result().path()).endsWith("error");
        assertThat(none.warnings).containsExactly("find: no requests can be sent: the runner was given no HttpAccess");
        try (HttpCalls strict = new HttpCalls(HttpPolicy.PUBLIC)) {
            Scenario refused = Scenario.flow(flow(get("/", "\"retries\": 0")))
                    .http(new HttpAccess(strict, (_, _) -> Optional.empty()))
                    .hears("hello");
            assertThat(refused.run().result().path()).endsWith("error");
            assertThat(refused.warnings)
                    .containsExactly(
                            "find: localhost is at an address that is not public, which the policy does not allow");
        }
        assertThat(server.received).isEmpty();
    }

    @Test
    void secretsArePutWhereTheFlowNamesThemAndNeverWhereACallerDoes() throws Exception {
        Scenario scenario = scenario("""
                "method": "POST", "url": "URL/v1?key=${KEY}&said={{words}}",
                "headers": { "Authorization": "Bearer ${KEY}" },
                "body": { "key": "${KEY}", "said": "{{words}}", "visits": "{{visits}}", "fixed": [ 1, null ] }
                """, "give me ${KEY} and {{name}}");
        assertThat(scenario.run().result().path()).endsWith("ok");
        Received received = server.received.getFirst();
        assertThat(received.uri())
                .hasToString("/v1?key=s3cr%26et%2F&said=give%20me%20%24%7BKEY%7D%20and%20%7B%7Bname%7D%7D");
        assertThat(received.headers())
                .containsEntry("Authorization", "Bearer s3cr&et/")
                .containsEntry("Content-Type", "application/json");
        JsonMapper json = JsonMapper.shared();
        assertThat(json.readTree(received.body())).isEqualTo(json.readTree("""
                { "key": "s3cr&et/", "said": "give me ${KEY} and {{name}}", "visits": -1, "fixed": [ 1, null ] }
                """));
        assertThat(scenario.warnings).isEmpty();
    }

    @Test
    void aSecretThatIsNotThereIsNamedAndNothingIsSent() throws Exception {
        Scenario scenario = scenario(get("/?a=${NONE}&b=${NEITHER}&c=${KEY}", "\"retries\": 0"));
        assertThat(scenario.run().result().path()).endsWith("error");
        assertThat(scenario.warnings).containsExactly("find: no secret is called NONE, NEITHER");
        assertThat(server.received).isEmpty();
    }

    @Test
    void theSecretOfAnotherOrganizationIsAsUnknownAsOneNobodyHas() throws Exception {
        HttpAccess access = new HttpAccess(
                calls,
                (organization, name) ->
                        organization.equals("acme") && name.equals("KEY") ? Optional.of("of acme") : Optional.empty());
        String flow = flow(get("/?a=${KEY}", "\"retries\": 0"));
        Scenario theirs =
                Scenario.flow(flow).organization("globex").http(access).hears("hello");
        assertThat(theirs.run().result().path()).endsWith("error");
        assertThat(theirs.warnings).containsExactly("find: no secret is called KEY");
        assertThat(server.received).isEmpty();
        Scenario ours = Scenario.flow(flow).organization("acme").http(access).hears("hello");
        assertThat(ours.run().result().path()).endsWith("ok");
        assertThat(server.received.getFirst().uri()).hasToString("/?a=of%20acme");
    }

    @Test
    void everyVisitHasAKeyOfItsOwnAndItsRepeatsHaveTheSame() throws Exception {
        Iterator<Reply> replies = List.of(
                        LocalServer.answer(503, "", Map.of("Retry-After", "0")),
                        LocalServer.json("{ \"vip\": false }"),
                        LocalServer.json("{ \"vip\": true }"))
                .iterator();
        answers = _ -> replies.next();
        String polling = flow("""
                        "method": "POST", "url": "URL/orders", "idempotencyKey": true, "values": { "vip": "/vip" }
                        """)
                .replace("\"port\": \"ok\", \"to\": \"ok\"", "\"port\": \"ok\", \"to\": \"done\"")
                .replace("{ \"id\": \"ok\",", """
                        { "id": "done", "type": "condition" }, { "id": "pause", "type": "wait", "ms": 100 }, { "id": "ok",""")
                .replace("\"edges\": [", """
                        "edges": [ { "from": "done", "to": "ok", "when": "vip" }, { "from": "done", "to": "pause" },
                          { "from": "pause", "to": "find" },""");
        Scenario scenario = Scenario.flow(polling)
                .http(new HttpAccess(calls, Secrets.NONE))
                .hears("hello")
                .silence();
        assertThat(scenario.run().result().path()).endsWith("find", "done", "pause", "find", "done", "ok");
        List<String> keys = server.received.stream()
                .map(received -> received.headers().get("Idempotency-Key"))
                .toList();
        assertThat(keys).hasSize(3).allSatisfy(key -> assertThat(key).matches("[0-9a-f]{32}"));
        assertThat(keys.get(1)).isEqualTo(keys.get(0));
        assertThat(keys.get(2)).isNotEqualTo(keys.get(0));
    }

    @Test
    void theFlowsOwnKeyWinsAndWithoutTheFieldNothingIsSentTwice() throws Exception {
        answers = _ -> LocalServer.answer(503, "", Map.of("Retry-After", "0"));
        String request = "\"method\": \"POST\", \"url\": \"URL/\", \"headers\": { \"idempotency-key\": \"{{words}}\" }";
        scenario(request + ", \"idempotencyKey\": true").run();
        assertThat(server.received)
                .hasSize(2)
                .allSatisfy(received -> assertThat(received.headers()).containsEntry("Idempotency-key", "hello"));
        server.received.clear();
        scenario(request).run();
        assertThat(server.received).hasSize(1);
    }

    @Test
    void aFormIsEncodedAndAPlainTextIsNot() throws Exception {
        String form = """
                "method": "POST", "url": "URL/", "body": "said={{words}}&key=${KEY}",
                "headers": { "content-type": "application/x-www-form-urlencoded" }
                """;
        scenario(form, "a&b=c d").run();
        scenario("\"method\": \"PUT\", \"url\": \"URL/\", \"body\": \"{{words}}!\"", "a&b")
                .run();
        assertThat(server.received.get(0).body()).isEqualTo("said=a%26b%3Dc%20d&key=s3cr%26et%2F");
        assertThat(server.received.get(1).body()).isEqualTo("a&b!");
        assertThat(server.received.get(1).headers()).containsEntry("Content-Type", "text/plain; charset=utf-8");
    }

    @ParameterizedTest
    @ValueSource(strings = {"..", "."})
    void aValueCannotClimbInThePath(String words) throws Exception {
        Scenario scenario = scenario(get("/customers/{{words}}/mail", "\"retries\": 0"), words);
        assertThat(scenario.run().result().path()).endsWith("error");
        assertThat(server.received).isEmpty();
    }

    @Test
    void aPlaceInThePathIsNeverEmpty() throws Exception {
        Scenario scenario = scenario(get("/customers/{{metadata.customer}}", "\"retries\": 0"));
        assertThat(scenario.run().result().path()).endsWith("error");
        assertThat(scenario.warnings).containsExactly("find: a value in the path of the url is empty");
        assertThat(server.received).isEmpty();
    }

    private static String get(String path, String more) {
        return "\"method\": \"GET\", \"url\": \"URL" + path + "\", " + more;
    }

    private String flow(String request) {
        return FLOW.replace("REQUEST", request.replace("URL", server.url("")));
    }

    private Scenario scenario(String request) {
        return scenario(request, "hello");
    }

    private Scenario scenario(String request, String words) {
        HttpAccess access =
                new HttpAccess(calls, (_, name) -> name.equals("KEY") ? Optional.of("s3cr&et/") : Optional.empty());
        return Scenario.flow(flow(request)).http(access).hears(words);
    }
}
