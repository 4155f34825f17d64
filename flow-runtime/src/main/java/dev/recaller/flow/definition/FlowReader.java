package dev.recaller.flow.definition;

import dev.recaller.flow.expression.Scope;
import dev.recaller.flow.expression.Suggestion;
import dev.recaller.flow.expression.Values;
import dev.recaller.flow.expression.VariableType;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reads one document, going on after each mistake, and lists them all. */
final class FlowReader {

    private static final int MAX_CHARACTERS = 8_000_000;
    private static final Pattern ID = Pattern.compile("[A-Za-z][A-Za-z0-9_-]{0,63}");
    private static final String ID_WORDS = "a letter, then letters, digits, - and _ (64 at most)";
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    /** A node with its place; {@code node} is absent when its type is not one of this version. */
    record Placed(String id, String pointer, @Nullable Node node) {}

    private final Reading reading = new Reading();

    Flow read(String json) throws InvalidFlowException {
        Fields root = new Fields(parse(json), "", reading);
        root.optionalText("$schema"); // for editors
        root.requiredNumber("schemaVersion", 1, 1);
        String id = root.text("id", ID, ID_WORDS);
        int version = root.requiredNumber("version", 1, Integer.MAX_VALUE);
        String name = root.text("name");
        String start = root.text("start");
        FlowConfiguration configuration = FlowConfiguration.read(root.object("configuration"));
        Map<String, Variable> variables = root.objectsByName("variables", (_, fields) -> Variable.read(fields));
        Map<String, McpServer> servers = root.objectsByName("mcpServers", this::server);
        List<Fields> nodeFields = root.list("nodes").objects();
        if (nodeFields.isEmpty()) {
            root.complain("nodes", "a flow needs at least one node", null);
        }
        reading.scope = new Scope(declared(variables, nodeFields));
        Map<String, Tool> tools = root.objectsByName("tools", (_, fields) -> Tool.read(fields));
        tools.keySet().stream()
                .filter(Tool.BUILT_IN::contains)
                .forEach(tool -> reading.complain("/tools/" + tool, "is the name of a built-in tool", null));
        AgentCheck agents = new AgentCheck(reading, tools, servers);
        List<Placed> nodes =
                nodeFields.stream().map(fields -> node(fields, agents)).toList();
        List<Fields> edgeFields = root.list("edges").objects();
        List<Edge> edges = edgeFields.stream().map(Edge::read).toList();
        List<Fields> globalFields = root.list("global").objects();
        List<Global> globals = globalFields.stream().map(Global::read).toList();
        Set<String> ids = nodes.stream().map(Placed::id).collect(Collectors.toSet());
        List<FlowTest> tests = new FlowTests(
                        variables(variables), configuration.metadata().keySet(), ids)
                .read(root.list("tests").objects());

        root.refuseOthers();
        refuseUnset(variables, nodes);
        new GraphCheck(reading, start, nodes, edges, globals).check();
        if (!reading.complaints.isEmpty()) {
            throw new InvalidFlowException(reading.complaints);
        }
        Map<String, Node> byId = new LinkedHashMap<>();
        nodes.forEach(placed -> Optional.ofNullable(placed.node()).ifPresent(node -> byId.put(node.id(), node)));
        return new Flow(
                id,
                version,
                name,
                start,
                configuration,
                variables(variables),
                tools,
                servers,
                Collections.unmodifiableMap(byId),
                edges,
                Map.copyOf(edges.stream().collect(Collectors.groupingBy(Edge::from, Collectors.toUnmodifiableList()))),
                globals,
                tests);
    }

    private static JsonNode parse(String json) throws InvalidFlowException {
        if (json.length() > MAX_CHARACTERS) {
            throw invalid("is longer than " + MAX_CHARACTERS + " characters", null);
        }
        try {
            JsonNode root = JSON.readTree(json);
            if (!root.isObject()) {
                throw invalid("must be an object, is " + Fields.kind(root), null);
            }
            return root;
        } catch (JacksonException e) {
            String where = e.getLocation() == null
                    ? ""
                    : "line " + e.getLocation().getLineNr() + ", column "
                            + e.getLocation().getColumnNr() + ": ";
            throw invalid("is no JSON: " + where + e.getOriginalMessage(), null);
        }
    }

    private static InvalidFlowException invalid(String message, @Nullable String hint) {
        return new InvalidFlowException(List.of(new Complaint("", message, hint)));
    }

    private Map<String, VariableType> declared(Map<String, Variable> variables, List<Fields> nodes) {
        Map<String, VariableType> types = new LinkedHashMap<>();
        variables.forEach((name, variable) -> {
            if (Names.usable(reading, "/variables/" + name, name)) {
                types.put(name, variable.type());
            }
        });
        for (Fields node : nodes) {
            VariableType type = NodeTypes.find(node.peek("type"))
                    .map(NodeTypes.NodeType::into)
                    .orElse(null);
            String into = node.peek("into");
            if (type == null || into.isBlank() || !Names.usable(reading, node.pointer("into"), into)) {
                continue;
            }
            VariableType before = types.putIfAbsent(into, type);
            if (before != null && before != type) {
                node.complain("into", "'" + into + "' is of type " + before.label() + ", not " + type.label(), null);
            }
        }
        return types;
    }

    private McpServer server(String name, Fields fields) {
        if (!McpServer.NAME.matcher(name).matches()) {
            reading.complain(fields.pointer(), "the name must be " + McpServer.NAME_WORDS, null);
        }
        return McpServer.read(fields, reading);
    }

    private Placed node(Fields fields, AgentCheck agents) {
        String id = fields.text("id", ID, ID_WORDS);
        String type = fields.text("type");
        Optional<NodeTypes.NodeType> found = NodeTypes.find(type);
        if (found.isPresent()) {
            Node node = found.get().read().apply(id, fields);
            if (node instanceof AgentNode agent) {
                agents.check(fields, agent);
            }
            return new Placed(id, fields.pointer(), node);
        }
        if (!type.isEmpty()) {
            fields.complain("type", "no node type is called '" + type + "'", Suggestion.of(type, NodeTypes.names()));
        }
        fields.allowAll();
        return new Placed(id, fields.pointer(), null);
    }

    /** A variable that is read somewhere needs a default or a node that sets it. */
    private void refuseUnset(Map<String, Variable> variables, List<Placed> nodes) {
        Set<String> set = new HashSet<>();
        variables.forEach((name, variable) -> {
            if (variable.defaultValue() != null) {
                set.add(name);
            }
        });
        for (Placed placed : nodes) {
            if (placed.node() == null) {
                return; // a type of a later version may set anything
            }
            set.addAll(placed.node().sets());
        }
        set.addAll(Values.CONTEXT_NAMES);
        for (Reading.Use use : reading.uses) {
            use.names().stream()
                    .filter(name -> !set.contains(name))
                    .sorted()
                    .forEach(name -> reading.complain(
                            use.pointer(),
                            "variable '" + name + "' is used, but nothing sets it",
                            "give it a default or a node that sets it"));
        }
    }

    /** With those that only {@code into} declares. */
    private Map<String, Variable> variables(Map<String, Variable> declared) {
        Map<String, Variable> all = new LinkedHashMap<>(declared);
        reading.scope.variables().forEach((name, type) -> all.putIfAbsent(name, new Variable(type, null)));
        return Collections.unmodifiableMap(all);
    }
}
