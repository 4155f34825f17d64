package dev.recaller.flow.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.recaller.flow.definition.Flow;
import dev.recaller.flow.definition.InvalidFlowException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Flows by somebody who wants to harm the calls beside theirs. */
@Timeout(60)
final class HostileFlowTest {

    @Test
    void oneThatGoesRoundWithoutListeningIsRefused() {
        refused("{ \"n\": \"n + 1\" }", "neither listens nor waits");
    }

    @Test
    void oneThatMakesATextTenTimesAsLongAgainAndAgainTakesNoMemory() throws InterruptedException {
        String tenfold = "text + text + text + text + text + text + text + text + text + text";
        var nodes = new StringBuilder();
        var edges = new StringBuilder();
        for (int i = 0; i < 7; i++) {
            nodes.append(
                    "{ \"id\": \"n%d\", \"type\": \"set\", \"values\": { \"text\": \"%s\" } },".formatted(i, tenfold));
            edges.append("{ \"from\": \"n%d\", \"to\": \"n%d\" },".formatted(i, i + 1));
        }
        var call = Scenario.flow("""
                        { "schemaVersion": 1, "id": "grows", "version": 1, "name": "Grows", "start": "n0",
                          "variables": { "text": { "type": "string", "default": "0123456789" } },
                          "nodes": [ %s { "id": "n7", "type": "say", "text": "Done." }, { "id": "bye", "type": "hangup" } ],
                          "edges": [ %s { "from": "n7", "to": "bye" } ] }""".formatted(nodes, edges)).run();

        assertThat(call.said()).containsExactly("Done.");
        assertThat(String.valueOf(call.context().variables().get("text"))).hasSize(10_000);
    }

    @Test
    void anExpressionHasNoLoopsAndAnEnd() {
        refused("{ \"n\": \"[1, 2, 3].map(i, i * 2).size()\" }", "no loops");
        refused("{ \"n\": \"" + "1 + ".repeat(1_000) + "1\" }", "2000 characters");
        refused("{ \"n\": \"" + "(".repeat(900) + "1" + ")".repeat(900) + "\" }", "/nodes/0/values/n");
    }

    @Test
    void aDocumentNestedWithoutEndIsRefused() {
        assertThatThrownBy(() -> Flow.parse("{\"a\":".repeat(200_000))).isInstanceOf(InvalidFlowException.class);
        assertThatThrownBy(() -> Flow.parse(" ".repeat(8_000_001))).isInstanceOf(InvalidFlowException.class);
    }

    private static void refused(String values, String why) {
        String flow = """
            { "schemaVersion": 1, "id": "spins", "version": 1, "name": "Spins", "start": "more",
              "variables": { "text": { "type": "string", "default": "0123456789" }, "n": { "type": "integer", "default": 0 } },
              "nodes": [
                { "id": "more", "type": "set", "values": %s },
                { "id": "again", "type": "condition" },
                { "id": "bye", "type": "hangup" } ],
              "edges": [
                { "from": "more", "to": "again" },
                { "from": "again", "to": "more", "when": "n < 1000000" }, { "from": "again", "to": "bye" } ] }""".formatted(values);
        assertThatThrownBy(() -> Flow.parse(flow))
                .isInstanceOf(InvalidFlowException.class)
                .hasMessageContaining(why);
    }
}
