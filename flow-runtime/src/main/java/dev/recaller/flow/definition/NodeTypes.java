package dev.recaller.flow.definition;

import dev.recaller.flow.expression.VariableType;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** The node types. */
final class NodeTypes {

    /** @param into the type of the variable its field {@code into} declares */
    record NodeType(
            BiFunction<String, Fields, Node> read, @Nullable VariableType into) {}

    private static final Map<String, NodeType> ALL = Map.ofEntries(
            type("say", SpeechNode.Say::read),
            type("play", SpeechNode.Play::read),
            type("listen", SpeechNode.Listen::read, VariableType.STRING),
            type("wait", SpeechNode.Wait::read),
            type("hangup", SpeechNode.Hangup::read),
            type("memory_recall", MemoryNode.Recall::read, VariableType.RECOLLECTION),
            type("memory_store", MemoryNode.Store::read),
            type("memory_forget", MemoryNode.Forget::read),
            type("transfer", PhoneNode.Transfer::read, VariableType.INTEGER),
            type("collect_digits", PhoneNode.CollectDigits::read, VariableType.STRING),
            type("send_digits", PhoneNode.SendDigits::read),
            type("condition", LogicNode.Condition::read),
            type("set", LogicNode.SetVariables::read),
            type("extract", LogicNode.Extract::read),
            type("subflow", LogicNode.Subflow::read),
            type("http", HttpNode::read),
            type("agent", AgentNode::read));

    private NodeTypes() {}

    private static Map.Entry<String, NodeType> type(String name, BiFunction<String, Fields, Node> read) {
        return Map.entry(name, new NodeType(read, null));
    }

    private static Map.Entry<String, NodeType> type(
            String name, BiFunction<String, Fields, Node> read, VariableType into) {
        return Map.entry(name, new NodeType(read, into));
    }

    static Optional<NodeType> find(String name) {
        return Optional.ofNullable(ALL.get(name));
    }

    static List<String> names() {
        return List.copyOf(ALL.keySet());
    }
}
