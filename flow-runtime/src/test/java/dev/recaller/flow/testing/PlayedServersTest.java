package dev.recaller.flow.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recaller.flow.FlowStore;
import dev.recaller.flow.definition.Flow;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The {@code http} of a flow's own tests. */
class PlayedServersTest {

    private static final String TESTED = """
            { "schemaVersion": 1, "id": "tested", "version": 1, "name": "Tested", "start": "find",
              "variables": { "open": { "type": "boolean", "default": false } },
              "nodes": [
                { "id": "find", "type": "http", "method": "GET", "url": "https://api.example.com/hours?key=${KEY}",
                  "values": { "open": "/open" } },
                { "id": "late", "type": "hangup", "say": "We do not know." },
                { "id": "bye", "type": "hangup", "say": "Open: {{open}}." } ],
              "edges": [ { "from": "find", "port": "ok", "to": "bye" }, { "from": "find", "to": "late" } ],
              "tests": [
                { "name": "t", "from": "anonymous",
                  "http": [ { "request": "GET https://api.example.com/hours", "body": { "open": true } } ],
                  "expect": { "said": ["Open: true."], "path": ["find", "bye"] } } ] }""";

    @Test
    void aServerAnswersWhatTheTestSays() throws Exception {
        assertThat(problems(TESTED)).isEmpty();
        assertThat(problems(TESTED.replace("\"body\": { \"open\": true }", "\"timeout\": true")
                        .replace("Open: true", "We do not know")
                        .replace("[\"find\", \"bye\"]", "[\"find\", \"late\"]")))
                .isEmpty();
        assertThat(problems(TESTED.replace("\"body\":", "\"status\": 500, \"body\":")
                        .replace("Open: true", "We do not know")
                        .replace("[\"find\", \"bye\"]", "[\"find\", \"late\"]")))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            GET https://api.example.com/hours" | POST https://api.example.com/hours" | asks GET https://api.example.com/hours, not POST https://api.example.com/hours
            "http": [                          | "http": [ { "status": 404 },        | 1 of the servers' answers were not asked for
            """)
    void aRequestThatIsNotAsExpectedIsSaid(String from, String to, String problem) throws Exception {
        assertThat(TESTED).contains(from);
        assertThat(problems(TESTED.replace(from, to))).contains(problem);
    }

    @Test
    void aRequestNobodyForesawIsSaidAndNotSent() throws Exception {
        assertThat(problems(TESTED.replaceAll("\"http\": \\[.*?],", "")))
                .contains("asks GET https://api.example.com/hours, the test's \"http\" has no answer for it");
    }

    private static List<String> problems(String json) throws Exception {
        return new FlowTester(FlowStore.NONE).run(Flow.parse(json)).getFirst().problems();
    }
}
