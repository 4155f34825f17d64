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
 * @param tools what the flow grants: built-in tools, tools it declares, {@code server.tool} or {@code server.*}
 * @param transfers whom a model may hand the caller on to: name to number or SIP URI
 */
public record AgentNode(
        String id,
        Template prompt,
        Map<String, String> exits,
        List<String> tools,
        Map<String, Template> transfers,
        Limits limits,
        TurnChanges turns)
        implements Node {

    static final Pattern EXIT = Pattern.compile("[A-Za-z][A-Za-z0-9_]{0,63}");
    static final Set<String> OWN_PORTS = Set.of("limit", "error");
    static final Set<String> NO_EXITS = Set.of("limit", "error", "silence", "dtmf");

    private static final String NAME_WORDS = "a letter, then letters, digits and _ (64 at most)";

    /**
     * How far it may go.
     *
     * @param maxTurns answers to the caller before {@code limit}
     * @param maxSteps requests to the model for one answer: one, and one after each round of tools
     * @param maxTokens of the conversation as the model is given it, beside the prompt and what is remembered
     */
    public record Limits(int maxTurns, int maxSteps, int maxTokens) {
        private static Limits read(Fields fields) {
            return new Limits(
                    fields.number("maxTurns", 1, 200, 20),
                    fields.number("maxSteps", 1, 32, 8),
                    fields.number("maxTokens", 500, 200_000, 6_000));
        }
    }

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
                fields.scoped().prompt("prompt"),
                fields.textsByName("exits", EXIT, NAME_WORDS),
                fields.list("tools").texts(),
                fields.scoped().speechByName("transfers", EXIT, NAME_WORDS),
                Limits.read(fields.object("limits")),
                TurnChanges.read(fields.object("turns")));
    }
}
