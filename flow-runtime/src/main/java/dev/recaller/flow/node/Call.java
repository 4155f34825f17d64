package dev.recaller.flow.node;

import static java.util.Objects.requireNonNull;

import dev.recaller.flow.FlowContext;
import dev.recaller.flow.FlowListener;
import dev.recaller.flow.definition.Flow;
import dev.recaller.flow.definition.Node;
import dev.recaller.flow.definition.Variable;
import dev.recaller.flow.expression.Expression;
import dev.recaller.flow.expression.ExpressionException;
import dev.recaller.flow.expression.Template;
import dev.recaller.flow.expression.Values;
import dev.recaller.flow.expression.VariableType;
import dev.recaller.flow.http.HttpAccess;
import dev.recaller.flow.model.ChatModel;
import dev.recaller.flow.tool.ToolSource;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a node works with in one call.
 *
 * @param nested whether another flow called this one
 * @param keys of the requests of this flow and those it calls
 */
public record Call(
        Flow flow,
        FlowContext context,
        Talk talk,
        CallMemory memory,
        @Nullable ChatModel model,
        @Nullable HttpAccess http,
        ToolSource tools,
        FlowListener listener,
        boolean nested,
        RequestKeys keys) {

    /** The same call in a subflow. */
    public Call in(Flow subflow, FlowContext inner) {
        return new Call(subflow, inner, talk, memory, model, http, tools, listener, true, keys);
    }

    /** The template with this call's values; what had none is empty and the listener is told. */
    String render(Node node, Template template) {
        Template.Rendered rendered = template.render(values());
        rendered.unresolved().forEach(path -> warn(node, "'" + path + "' has no value"));
        return rendered.text();
    }

    /** The expression's value; empty, and the listener is told, when it has none. */
    Optional<Object> evaluate(Node node, Expression expression) {
        try {
            return Optional.of(expression.evaluate(values()));
        } catch (ExpressionException e) {
            warn(node, String.valueOf(e.getMessage()));
            return Optional.empty();
        }
    }

    /** The listener is told, and the call goes on. */
    public void warn(Node node, String message) {
        listener.warning(context, node.id(), message);
    }

    Values values() {
        return values(context.variables());
    }

    /** The call's values with these variables. */
    Values values(Map<String, Object> variables) {
        Map<String, VariableType> types = flow.variables().entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, variable -> type(variable.getValue())));
        return new Values(
                context.organizationId(), context.userId().orElse(null), context.metadata(), types, variables);
    }

    /** The type of a variable of the flow. */
    VariableType type(String variable) {
        return requireNonNull(flow.variables().get(variable), "no variable " + variable)
                .type();
    }

    private static VariableType type(Variable variable) {
        return variable.type();
    }
}
