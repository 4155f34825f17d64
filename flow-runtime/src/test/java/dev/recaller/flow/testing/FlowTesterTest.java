package dev.recaller.flow.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recaller.flow.FlowStore;
import dev.recaller.flow.definition.Flow;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

final class FlowTesterTest {

    private static final String TESTED = """
            { "schemaVersion": 1, "id": "tested", "version": 1, "name": "Tested", "start": "recall",
              "configuration": { "memory": { "autoStore": true } },
              "variables": { "count": { "type": "integer", "default": 1 } },
              "nodes": [
                { "id": "recall", "type": "memory_recall", "into": "caller" },
                { "id": "hello", "type": "say", "text": "Hello {{caller.name}}." },
                { "id": "ask", "type": "collect_digits", "into": "code", "min": 2, "max": 2 },
                { "id": "more", "type": "set", "values": { "count": "count + 1" } },
                { "id": "xfer", "type": "transfer", "to": "+15550123" },
                { "id": "bye", "type": "hangup", "say": "Bye." } ],
              "edges": [
                { "from": "recall", "to": "hello" }, { "from": "hello", "to": "ask" },
                { "from": "ask", "port": "complete", "to": "more" }, { "from": "ask", "to": "bye" },
                { "from": "more", "to": "xfer" }, { "from": "xfer", "to": "bye" } ],
              "tests": [
                { "name": "t", "from": "+15105550100", "remembered": { "name": "Ann" }, "caller": [ { "digits": "12" } ],
                  "transfer": ["busy"],
                  "expect": { "said": ["Hello Ann.", "Bye."], "path": ["recall", "hello", "ask", "more", "xfer", "bye"],
                    "end": "agent_hangup", "stored": 2, "variables": { "count": 2, "code": "12" } } } ] }""";

    static Stream<Path> shipped() throws IOException {
        try (Stream<Path> files =
                Files.list(Path.of(System.getProperty("basedir", "")).resolve("../flows"))) {
            return files.filter(file -> file.toString().endsWith(".json")).toList().stream();
        }
    }

    @ParameterizedTest
    @MethodSource("shipped")
    void theFlowsThatComeWithItPassTheirTests(Path file) throws Exception {
        Flow flow = Flow.read(file);

        assertThat(flow.tests()).isNotEmpty();
        assertThat(new FlowTester(FlowStore.NONE).run(flow))
                .allSatisfy(result ->
                        assertThat(result.problems()).as(result.test().name()).isEmpty());
    }

    @Test
    void aTestPassesWhenAllIsAsExpected() throws Exception {
        assertThat(problems(TESTED)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            "said": ["Hello Ann.",      | "said": ["Hi Ann.",         | does not say "Hi Ann.", but: [Hello Ann., Bye.]
            ["Hello Ann.", "Bye."]      | ["Bye.", "Hello Ann."]      | does not say "Hello Ann." after what stands before it, but: [Hello Ann., Bye.]
            "more", "xfer", "bye"],     | "more", "bye"],             | goes recall > hello > ask > more > xfer > bye, not recall > hello > ask > more > bye: they part at step 5
            "agent_hangup"              | "transferred"               | ends by agent_hangup, not transferred
            "stored": 2                 | "stored": 0                 | stores 2 turns, not 0
            "count": 2                   | "count": 3                  | 'count' is 2, not 3
            "transfer": ["busy"],       | "transfer": [],             | the caller is transferred to +15550123, and no "transfer" of a test says how that ends
            "transfer": ["busy"],       | "model": [{"say": "x"}], "transfer": ["busy"],| 1 of the model's answers were not asked for
            """)
    void whatIsNotAsExpectedIsSaid(String from, String to, String problem) throws Exception {
        assertThat(TESTED).contains(from);
        assertThat(problems(TESTED.replace(from, to))).containsExactly(problem);
    }

    @Test
    void aTestTellsTheFlowWhatACallWould() throws Exception {
        String told = """
                { "schemaVersion": 1, "id": "told", "version": 1, "name": "Told", "start": "hello",
                  "configuration": { "metadata": { "account": "participant.account", "campaign": "room.campaign" } },
                  "nodes": [
                    { "id": "hello", "type": "say", "text": "Account {{metadata.account}}, {{metadata.campaign | default('none')}}." },
                    { "id": "bye", "type": "hangup" }, { "id": "vip", "type": "hangup" } ],
                  "edges": [
                    { "from": "hello", "to": "vip", "when": "metadata.account.startsWith('7')" }, { "from": "hello", "to": "bye" } ],
                  "tests": [ { "name": "t", "from": "anonymous", "metadata": { "account": "77" },
                    "expect": { "said": ["Account 77, none."], "path": ["hello", "vip"] } } ] }""";

        assertThat(problems(told)).isEmpty();
        assertThat(problems(told.replace("\"77\"", "\"66\""))).hasSize(2);
    }

    @Test
    void aSilentCallerCostsNoTime() throws Exception {
        String silent = TESTED.replace("{ \"digits\": \"12\" }", "{ \"silence\": 1 }");

        assertThat(problems(silent)).first().asString().startsWith("goes recall > hello > ask > bye");
    }

    private static List<String> problems(String json) throws Exception {
        return new FlowTester(FlowStore.NONE).run(Flow.parse(json)).getFirst().problems();
    }
}
