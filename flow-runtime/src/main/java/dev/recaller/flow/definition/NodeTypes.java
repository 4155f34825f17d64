package dev.recaller.flow.definition;

import dev.recaller.flow.expression.VariableType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** The node types of this version, and those of the format that are not in it yet. */
final class NodeTypes {

    /** @param into the type of the variable its field {@code into} declares */
    record NodeType(
            BiFunction<String, Fields, Node> read, @Nullable VariableType into) {}

    private static final Map<String, NodeType> AVAILABLE = Map.of(
            "memory_recall", new NodeType(Node.MemoryRecall::read, VariableType.RECOLLECTION),
            "memory_store", new NodeType(Node.MemoryStore::read, null),
            "say", new NodeType(Node.Say::read, null),
            "listen", new NodeType(Node.Listen::read, VariableType.STRING),
            "agent", new NodeType(Node.Agent::read, null),
            "condition", new NodeType(Node.Condition::read, null),
            "set", new NodeType(Node.SetVariables::read, null),
            "hangup", new NodeType(Node.Hangup::read, null));

    static final List<String> LATER = List.of(
            "play", "extract", "memory_forget", "http", "collect_digits", "send_digits", "transfer", "subflow", "wait");

    private NodeTypes() {}

    static Optional<NodeType> find(String name) {
        return Optional.ofNullable(AVAILABLE.get(name));
    }

    static List<String> names() {
        List<String> names = new ArrayList<>(AVAILABLE.keySet());
        names.addAll(LATER);
        return names;
    }
}
