package dev.recaller.flow.definition;

import dev.recaller.flow.expression.Expression;
import dev.recaller.flow.expression.Template;
import dev.recaller.memory.Assurance;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A step of a flow. A new type is a record here, a line in {@link NodeTypes} and an executor. */
public sealed interface Node {

    String id();

    /** As it stands in the document: {@code memory_recall}. */
    String type();

    /** The ways out, each of which needs an edge; none when the node ends the call. */
    Set<String> ports();

    /** The variables it may give a value. */
    default Set<String> sets() {
        return Set.of();
    }

    /** Whether it waits for the caller, who may then be silent or press keys. */
    default boolean listens() {
        return false;
    }

    /** Whether the call may end here by the agent's will. */
    default boolean ends() {
        return ports().isEmpty();
    }

    record MemoryRecall(String id, String into, Duration timeout, int maxItems) implements Node {
        @Override
        public String type() {
            return "memory_recall";
        }

        @Override
        public Set<String> ports() {
            return Set.of("found", "empty", "timeout", "error");
        }

        @Override
        public Set<String> sets() {
            return Set.of(into);
        }

        static MemoryRecall read(String id, Fields fields) {
            return new MemoryRecall(
                    id,
                    fields.text("into"),
                    Duration.ofMillis(fields.number("timeoutMs", 1, 10_000, 150)),
                    fields.number("maxItems", 1, 100, 10));
        }
    }

    /**
     * Stores what was said since the last store.
     *
     * @param minAssurance what it takes at least to read it back in another call
     */
    record MemoryStore(String id, Assurance minAssurance) implements Node {
        private static final List<String> ASSURANCES = List.of("presented", "verified");

        @Override
        public String type() {
            return "memory_store";
        }

        @Override
        public Set<String> ports() {
            return Set.of("stored", "skipped", "error");
        }

        static MemoryStore read(String id, Fields fields) {
            return new MemoryStore(
                    id,
                    Assurance.valueOf(fields.oneOf("minAssurance", ASSURANCES, "presented")
                            .toUpperCase(Locale.ROOT)));
        }
    }

    record Say(String id, Template text) implements Node {
        @Override
        public String type() {
            return "say";
        }

        @Override
        public Set<String> ports() {
            return Set.of("done");
        }

        static Say read(String id, Fields fields) {
            return new Say(id, fields.speech("text"));
        }
    }

    /**
     * Waits for the caller.
     *
     * @param into the variable that takes what was said, or the keys that were pressed
     */
    record Listen(String id, @Nullable String into) implements Node {
        @Override
        public String type() {
            return "listen";
        }

        @Override
        public Set<String> ports() {
            return Set.of("heard", "silence", "dtmf");
        }

        @Override
        public Set<String> sets() {
            return into == null ? Set.of() : Set.of(into);
        }

        @Override
        public boolean listens() {
            return true;
        }

        static Listen read(String id, Fields fields) {
            return new Listen(id, fields.optionalText("into"));
        }
    }

    /**
     * A model talks until it takes an exit.
     *
     * @param exits name to the description the model reads
     * @param tools built-in tools the flow granted
     * @param maxTurns answers of the model before {@code limit}
     */
    record Agent(String id, Template prompt, Map<String, String> exits, List<String> tools, int maxTurns)
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

        static Agent read(String id, Fields fields) {
            return new Agent(
                    id,
                    fields.prompt("prompt"),
                    fields.textsByName("exits", EXIT, "a letter, then letters, digits and _ (64 at most)"),
                    fields.texts("tools"),
                    fields.object("limits").number("maxTurns", 1, 200, 20));
        }
    }

    /** Does nothing: its edges decide. */
    record Condition(String id) implements Node {
        @Override
        public String type() {
            return "condition";
        }

        @Override
        public Set<String> ports() {
            return Set.of("done");
        }

        static Condition read(String id, Fields fields) {
            return new Condition(id);
        }
    }

    record SetVariables(String id, Map<String, Expression> values) implements Node {
        @Override
        public String type() {
            return "set";
        }

        @Override
        public Set<String> ports() {
            return Set.of("done");
        }

        @Override
        public Set<String> sets() {
            return values.keySet();
        }

        static SetVariables read(String id, Fields fields) {
            return new SetVariables(id, fields.values("values"));
        }
    }

    record Hangup(String id, @Nullable Template say) implements Node {
        @Override
        public String type() {
            return "hangup";
        }

        @Override
        public Set<String> ports() {
            return Set.of();
        }

        static Hangup read(String id, Fields fields) {
            return new Hangup(id, fields.optionalSpeech("say"));
        }
    }
}
