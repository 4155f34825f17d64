package dev.recaller.flow.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recaller.flow.FlowStore;
import dev.recaller.flow.definition.Flow;
import dev.recaller.flow.testing.FlowReplay.Answers;
import dev.recaller.flow.testing.FlowReplay.Caller;
import dev.recaller.flow.testing.FlowReplay.Replayed;
import dev.recaller.memory.extract.Utterance;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a caller said in a call that was stored, played against a flow. */
final class FlowReplayTest {

    private static final String FLOW = """
            { "schemaVersion": 1, "id": "hours", "version": 2, "name": "Hours", "start": "hello",
              "variables": { "open": { "type": "boolean", "default": false } },
              "nodes": [
                { "id": "hello", "type": "say", "text": "Hello, which shop?" },
                { "id": "hear", "type": "listen", "into": "shop" },
                { "id": "find", "type": "http", "method": "GET", "url": "https://api.example.com/hours?shop={{shop}}",
                  "values": { "open": "/open" } },
                { "id": "tell", "type": "say", "text": "{{shop}}: {{open}}." },
                { "id": "sorry", "type": "say", "text": "I do not know." },
                { "id": "xfer", "type": "transfer", "to": "+15550123" },
                { "id": "bye", "type": "hangup", "say": "Bye." } ],
              "edges": [
                { "from": "hello", "to": "hear" }, { "from": "hear", "port": "heard", "to": "find" }, { "from": "hear", "to": "bye" },
                { "from": "find", "port": "ok", "to": "tell" }, { "from": "find", "to": "sorry" },
                { "from": "tell", "to": "hear" }, { "from": "sorry", "to": "xfer" }, { "from": "xfer", "to": "bye" } ],
              "tests": [
                { "name": "open", "from": "anonymous", "caller": ["North"],
                  "http": [ { "request": "GET https://api.example.com/hours", "body": { "open": true } } ],
                  "expect": {} },
                { "name": "closed", "from": "anonymous", "caller": ["North"], "transfer": ["no_answer"],
                  "http": [ { "body": { "open": false } }, { "status": 500 } ], "expect": {} } ] }""";

    @Test
    void serversAnswerAsTheTestsSayOfTheSameRequestHoweverOften() throws Exception {
        Flow flow = Flow.parse(FLOW);
        Replayed replayed = replay(flow, Answers.of(flow, null));

        assertThat(replayed.exchanges())
                .containsExactly(
                        new Exchange(null, List.of("Hello, which shop?"), List.of("hello", "hear")),
                        new Exchange("North", List.of("North: true."), List.of("hear", "find", "tell", "hear")),
                        new Exchange("South", List.of("South: true."), List.of("hear", "find", "tell", "hear")));
        assertThat(replayed.answered())
                .containsExactly(
                        "find: GET https://api.example.com/hours was answered 200",
                        "find: GET https://api.example.com/hours was answered 200");
        assertThat(replayed.missing()).isEmpty();
    }

    @Test
    void aNamedTestAnswersInItsOrder() throws Exception {
        Flow flow = Flow.parse(FLOW);
        Replayed replayed = replay(flow, Answers.of(flow.tests().get(1), null));

        assertThat(replayed.exchanges())
                .extracting(Exchange::agent)
                .containsExactly(
                        List.of("Hello, which shop?"), List.of("North: false."), List.of("I do not know.", "Bye."));
        assertThat(replayed.missing()).isEmpty();
    }

    @Test
    void whatNobodyHasAnAnswerForIsSaidWithItsNode() throws Exception {
        Flow flow = Flow.parse(FLOW.replaceAll("(?s)\"http\": \\[.*?],", ""));
        Replayed replayed = replay(flow, Answers.of(flow, null));

        assertThat(replayed.missing())
                .contains(
                        "find: no test of the flow has an answer for GET https://api.example.com/hours",
                        "the caller is transferred to +15550123, and no \"transfer\" of a test says how that ends");
        assertThat(replayed.result().path()).containsExactly("hello", "hear", "find", "sorry", "xfer", "bye");
    }

    @Test
    void aStoredCallIsCutWhereTheCallerSpeaks() {
        assertThat(Exchange.of(List.of(
                        new Utterance(0, false, "Hello."),
                        new Utterance(1, false, "Which shop?"),
                        new Utterance(2, true, "North"),
                        new Utterance(3, true, "Please"),
                        new Utterance(4, false, "Bye."))))
                .containsExactly(
                        new Exchange(null, List.of("Hello.", "Which shop?"), List.of()),
                        new Exchange("North", List.of(), List.of()),
                        new Exchange("Please", List.of("Bye."), List.of()));
    }

    private static Replayed replay(Flow flow, Answers answers) throws InterruptedException {
        return new FlowReplay(FlowStore.NONE)
                .replay(flow, new Caller("anonymous", null, List.of("North", "South")), answers);
    }
}
