package dev.recaller.flow.definition;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A flow that can run: read, checked and compiled. Immutable; one serves many calls at once.
 *
 * @param leaving the edges by the node they are from
 */
public record Flow(
        String id,
        int version,
        String name,
        String start,
        FlowConfiguration configuration,
        Map<String, Variable> variables,
        Map<String, Tool> tools,
        Map<String, McpServer> mcpServers,
        Map<String, Node> nodes,
        List<Edge> edges,
        Map<String, List<Edge>> leaving,
        List<Global> globals,
        List<FlowTest> tests) {

    /** Reads a flow. The first one of a process takes a second or more: the expression compiler loads. */
    public static Flow parse(String json) throws InvalidFlowException {
        return new FlowReader().read(json);
    }

    /**
     * The JSON Schema (2020-12) of flows, for editors. What depends on more than one place (an edge's target, an expression's
     * type) only {@link #parse} checks.
     */
    public static String schema() {
        try (InputStream schema =
                requireNonNull(Flow.class.getResourceAsStream("flow.schema.json"), "the schema is in this jar")) {
            return new String(schema.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Reads a flow from a UTF-8 file. */
    public static Flow read(Path file) throws IOException, InvalidFlowException {
        return parse(Files.readString(file));
    }

    public Node node(String id) {
        return requireNonNull(nodes.get(id), "no node " + id);
    }

    /** A declared tool. */
    public Optional<Tool> tool(String name) {
        return Optional.ofNullable(tools.get(name));
    }

    /** In the document's order, which decides. */
    public List<Edge> edgesFrom(String id) {
        return leaving.getOrDefault(id, List.of());
    }
}
