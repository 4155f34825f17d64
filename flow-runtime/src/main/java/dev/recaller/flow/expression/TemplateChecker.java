package dev.recaller.flow.expression;

import dev.cel.common.types.CelType;
import dev.cel.common.types.ListType;
import dev.cel.common.types.MapType;
import dev.recaller.flow.expression.ExpressionException.Mistake;
import io.pebbletemplates.pebble.node.ArgumentsNode;
import io.pebbletemplates.pebble.node.PrintNode;
import io.pebbletemplates.pebble.node.RenderableNode;
import io.pebbletemplates.pebble.node.RootNode;
import io.pebbletemplates.pebble.node.TextNode;
import io.pebbletemplates.pebble.node.expression.ContextVariableExpression;
import io.pebbletemplates.pebble.node.expression.Expression;
import io.pebbletemplates.pebble.node.expression.FilterExpression;
import io.pebbletemplates.pebble.node.expression.FilterInvocationExpression;
import io.pebbletemplates.pebble.node.expression.GetAttributeExpression;
import io.pebbletemplates.pebble.node.expression.LiteralStringExpression;
import io.pebbletemplates.pebble.template.PebbleTemplateImpl;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Lets through only what is named here, whatever else the template language can do now or in a later version. */
final class TemplateChecker {

    private static final Set<String> FILTERS = Set.of("default", "upper", "lower", "capitalize", "title", "trim");

    private final Scope scope;
    private final List<Mistake> mistakes = new ArrayList<>();
    private final List<Reference> references = new ArrayList<>();

    /** A value named by a template: {@code caller}, {@code [preferences, language]}. */
    record Reference(String name, List<String> attributes, boolean hasDefault) {

        @Nullable
        Object resolve(Map<String, Object> values) {
            Object value = values.get(name);
            for (String attribute : attributes) {
                value = value instanceof Map<?, ?> map ? map.get(attribute) : null;
            }
            return value;
        }

        String path() {
            return String.join(
                    ".", Stream.concat(Stream.of(name), attributes.stream()).toList());
        }
    }

    TemplateChecker(Scope scope) {
        this.scope = scope;
    }

    List<Reference> check(PebbleTemplateImpl template) {
        for (RenderableNode node : ((RootNode) template.getRootNode()).getBody().getChildren()) {
            switch (node) {
                case TextNode _ -> {}
                case PrintNode print -> value(print.getExpression(), false);
                default -> refuse(node.getClass().getSimpleName());
            }
        }
        if (!mistakes.isEmpty()) {
            throw new ExpressionException(mistakes);
        }
        return references;
    }

    private void value(Expression<?> expression, boolean hasDefault) {
        switch (expression) {
            case LiteralStringExpression _ -> {}
            case ContextVariableExpression _, GetAttributeExpression _ -> reference(expression, hasDefault);
            case FilterExpression filter
            when filter.getRightExpression() instanceof FilterInvocationExpression it -> {
                if (!FILTERS.contains(it.getFilterName())) {
                    mistakes.add(new Mistake(
                            "no filter is called '" + it.getFilterName() + "'",
                            Suggestion.of(it.getFilterName(), FILTERS)));
                }
                arguments(it.getArgs(), hasDefault);
                value(
                        filter.getLeftExpression(),
                        hasDefault || it.getFilterName().equals("default"));
            }
            default -> refuse(expression.getClass().getSimpleName());
        }
    }

    private void arguments(@Nullable ArgumentsNode arguments, boolean hasDefault) {
        if (arguments == null) {
            return;
        }
        // Pebble leaves either list out when it is empty.
        if (arguments.getNamedArgs() != null && !arguments.getNamedArgs().isEmpty()) {
            refuse("named argument");
        }
        if (arguments.getPositionalArgs() != null) {
            arguments.getPositionalArgs().forEach(argument -> value(argument.getValueExpression(), hasDefault));
        }
    }

    private void reference(Expression<?> expression, boolean hasDefault) {
        List<String> attributes = new ArrayList<>();
        Expression<?> at = expression;
        while (at instanceof GetAttributeExpression get) {
            if (get.getArgumentsNode() != null) {
                refuse("method call");
                return;
            }
            if (!(get.getAttributeNameExpression() instanceof LiteralStringExpression name)) {
                refuse("computed name");
                return;
            }
            attributes.addFirst(name.getValue());
            at = get.getNode();
        }
        if (!(at instanceof ContextVariableExpression variable)) {
            refuse(at.getClass().getSimpleName());
            return;
        }
        Reference reference = new Reference(variable.getName(), List.copyOf(attributes), hasDefault);
        Mistake mistake = typeMistake(reference);
        if (mistake == null) {
            references.add(reference);
        } else {
            mistakes.add(mistake);
        }
    }

    private @Nullable Mistake typeMistake(Reference reference) {
        List<String> attributes = reference.attributes();
        if (!scope.names().contains(reference.name())) {
            return new Mistake(
                    "nothing is called '" + reference.name() + "'", Suggestion.of(reference.name(), scope.names()));
        }
        if (reference.name().equals("metadata")) {
            return attributes.size() == 1
                    ? null
                    : new Mistake("metadata is no text", "name one of its fields: metadata.phoneNumber");
        }
        if (scope.variables().get(reference.name()) != VariableType.RECOLLECTION) {
            return attributes.isEmpty() ? null : new Mistake("'" + reference.name() + "' has no fields", null);
        }
        if (attributes.isEmpty()) {
            return new Mistake(
                    "'" + reference.name() + "' is no text", "name one of its fields: " + reference.name() + ".name");
        }
        CelType field = RecollectionView.FIELDS.get(attributes.getFirst());
        if (field == null) {
            return new Mistake(
                    "a recollection has no field '" + attributes.getFirst() + "'",
                    Suggestion.of(attributes.getFirst(), RecollectionView.FIELDS.keySet()));
        }
        int deep = field instanceof MapType ? 2 : 1;
        return field instanceof ListType || attributes.size() != deep
                ? new Mistake("'" + reference.path() + "' is no text", null)
                : null;
    }

    private void refuse(String what) {
        mistakes.add(new Mistake(
                "a template cannot do this (" + what + ")", "only {{name}} and {{name | filter}} work here"));
    }
}
