package dev.recaller.bench.flow;

import dev.recaller.flow.definition.Flow;
import dev.recaller.flow.definition.InvalidFlowException;
import java.util.ArrayList;
import java.util.List;

/** Flows made for measuring. */
final class Flows {

    private Flows() {}

    private static final String SAY =
            "{ \"id\": \"n%1$d\", \"type\": \"say\", \"text\": \"Number {{count}} of %1$d.\" }";
    private static final String LISTEN = "{ \"id\": \"n%1$d\", \"type\": \"listen\", \"into\": \"words\" }";
    private static final String STORE = "{ \"id\": \"n%1$d\", \"type\": \"memory_store\" }";
    private static final String SET =
            "{ \"id\": \"n%1$d\", \"type\": \"set\", \"values\": { \"count\": \"count + %1$d\" } }";
    private static final String CHOOSE = "{ \"id\": \"n%1$d\", \"type\": \"condition\" }";

    /** Sets, conditions and words, so many in a row, then hangs up; nothing of it waits for anybody. */
    static Flow steps(int nodes) {
        return parse(chain(nodes, List.of(SET, CHOOSE, SET, SAY)));
    }

    /** Waits for the caller, again and again. */
    static Flow listening() {
        return parse("""
                { "schemaVersion": 1, "id": "waits", "version": 1, "name": "Waits", "start": "hello",
                  "variables": { "count": { "type": "integer", "default": 0 } },
                  "nodes": [
                    { "id": "hello", "type": "say", "text": "Hello, this is the front desk. Who am I talking to?" },
                    { "id": "hear", "type": "listen", "into": "words" },
                    { "id": "more", "type": "set", "values": { "count": "count + 1" } },
                    { "id": "bye", "type": "hangup" } ],
                  "edges": [
                    { "from": "hello", "to": "hear" },
                    { "from": "hear", "port": "heard", "to": "more" }, { "from": "hear", "to": "bye" },
                    { "from": "more", "to": "bye", "when": "count > 100" }, { "from": "more", "to": "hello" } ] }""");
    }

    /** A document of so many nodes of the kinds that flows are made of; no two sentences or expressions are the same. */
    static String document(int nodes) {
        return chain(nodes, List.of(SAY, LISTEN, CHOOSE, SET, SAY, LISTEN, STORE, SAY));
    }

    static Flow parse(String json) {
        try {
            return Flow.parse(json);
        } catch (InvalidFlowException e) {
            throw new IllegalStateException("the benchmark's flow cannot run", e);
        }
    }

    private static String chain(int length, List<String> kinds) {
        List<String> nodes = new ArrayList<>();
        List<String> edges = new ArrayList<>();
        for (int i = 0; i < length; i++) {
            String kind = kinds.get(i % kinds.size());
            nodes.add(kind.formatted(i));
            if (kind.equals(CHOOSE)) {
                edges.add("{ \"from\": \"n%1$d\", \"to\": \"bye\", \"when\": \"count < -%1$d\" }".formatted(i));
            }
            edges.add("{ \"from\": \"n%d\", \"to\": \"%s\" }".formatted(i, i + 1 < length ? "n" + (i + 1) : "bye"));
        }
        nodes.add("{ \"id\": \"bye\", \"type\": \"hangup\" }");
        return """
                { "schemaVersion": 1, "id": "steps", "version": 1, "name": "Steps", "start": "n0",
                  "configuration": { "memory": { "enabled": false } },
                  "variables": { "count": { "type": "integer", "default": 0 } },
                  "nodes": [ %s ],
                  "edges": [ %s ] }""".formatted(String.join(",\n", nodes), String.join(",\n", edges));
    }
}
