package dev.recaller.flow.definition;

import dev.recaller.flow.expression.Template;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A model talks until it takes an exit.
 *
 * @param exits name to the description the model reads
 * @param tools built-in tools the flow granted
 * @param maxTurns answers of the model before {@code limit}
 */
public record AgentNode(String id, Template prompt, Map<String, String> exits, List<String> tools, int maxTurns)
        implements Node {

    static final Pattern EXIT = Pattern.compile("[A-Za-z][A-Za-z0-9_]{0,63}");
    static final Set<String> OWN_PORTS = Set.of("limit", "error");
    static final Set<String> NO_EXITS = Set.of("limit", "error", "silence", "dtmf");

    @Override
    public String type() {
        return "agent";
    }

    @Override
    public Set<String> ports() {
        Set<String> ports = new LinkedHashSet<>(exits.keySet());
        ports.addAll(OWN_PORTS);
        return ports;
    }

    @Override
    public boolean listens() {
        return true;
    }

    @Override
    public boolean ends() {
        return mayEndCall();
    }

    public boolean mayEndCall() {
        return tools.contains(Tool.END_CALL);
    }

    static AgentNode read(String id, Fields fields) {
        return new AgentNode(
                id,
                fields.prompt("prompt"),
                fields.textsByName("exits", EXIT, "a letter, then letters, digits and _ (64 at most)"),
                fields.texts("tools"),
                fields.object("limits").number("maxTurns", 1, 200, 20));
    }
}
