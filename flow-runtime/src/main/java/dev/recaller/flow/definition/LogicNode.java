package dev.recaller.flow.definition;

import dev.recaller.flow.expression.Expression;
import dev.recaller.flow.expression.Template;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Steps nobody hears. */
public sealed interface LogicNode extends Node {

    /** Does nothing: its edges decide. */
    record Condition(String id) implements LogicNode {
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

    /**
     * Gives variables a value.
     *
     * @param verified whether who comes here has proven who they are, by a PIN or what else the flow asked: from here on
     *     the call's assurance is {@code verified}
     */
    record SetVariables(String id, Map<String, Expression> values, boolean verified) implements LogicNode {
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
            boolean verified = fields.optionalText("assurance") != null;
            if (verified) {
                fields.oneOf("assurance", List.of("verified"));
            }
            return new SetVariables(
                    id,
                    verified && !fields.has("values")
                            ? Map.of()
                            : fields.scoped().values("values"),
                    verified);
        }
    }

    /**
     * Has a model read variables out of what was said.
     *
     * @param values variable to what it should hold, in words for the model
     */
    record Extract(String id, @Nullable Template prompt, Map<String, String> values) implements LogicNode {
        @Override
        public String type() {
            return "extract";
        }

        @Override
        public Set<String> ports() {
            return Set.of("done", "error");
        }

        @Override
        public Set<String> sets() {
            return values.keySet();
        }

        static Extract read(String id, Fields fields) {
            return new Extract(
                    id,
                    fields.scoped().optionalPrompt("prompt"),
                    fields.scoped().declared("values"));
        }
    }

    /**
     * Runs another flow of the organization in this call, to a {@code hangup} of it that says {@code return}.
     *
     * @param flow its id
     * @param with variables of it to variables of this flow, whose values they begin with
     * @param take variables of this flow to variables of it, whose values they get
     */
    record Subflow(String id, String flow, Map<String, String> with, Map<String, String> take) implements LogicNode {

        private static final Pattern FLOW = Pattern.compile("[A-Za-z][A-Za-z0-9_-]{0,63}");

        @Override
        public String type() {
            return "subflow";
        }

        @Override
        public Set<String> ports() {
            return Set.of("done", "error");
        }

        @Override
        public Set<String> sets() {
            return take.keySet();
        }

        @Override
        public boolean ends() {
            return true;
        }

        static Subflow read(String id, Fields fields) {
            return new Subflow(
                    id,
                    fields.text("flow", FLOW, "the id of a flow"),
                    fields.scoped().namedVariables("with"),
                    fields.scoped().declared("take"));
        }
    }
}
