package dev.recaller.flow.definition;

import dev.recaller.flow.expression.Expression;
import dev.recaller.flow.expression.ExpressionException;
import dev.recaller.flow.expression.Scope;
import dev.recaller.flow.expression.Template;
import dev.recaller.flow.expression.Values;
import dev.recaller.flow.expression.VariableType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One document being read: what is wrong so far, what may be named, what was named where. */
final class Reading {

    /** The expression or template at {@code pointer} reads these variables. */
    record Use(String pointer, Set<String> names) {}

    final List<Complaint> complaints = new ArrayList<>();
    final List<Use> uses = new ArrayList<>();
    Scope scope = new Scope(Map.of());
    private boolean warmTemplates;
    private boolean warmExpressions;

    void complain(String pointer, String message, @Nullable String hint) {
        complaints.add(new Complaint(pointer, message, hint));
    }

    Template speech(String pointer, String source) {
        return template(pointer, () -> scope.speech(source));
    }

    Template prompt(String pointer, String source) {
        return template(pointer, () -> scope.prompt(source));
    }

    @Nullable
    Expression condition(String pointer, String source) {
        return expression(pointer, () -> scope.condition(source));
    }

    @Nullable
    Expression value(String pointer, String source, VariableType type) {
        return expression(pointer, () -> scope.value(source, type));
    }

    /** The template, or an empty one and complaints; whoever asks for it says what it uses. */
    Template compile(String pointer, Supplier<Template> compile) {
        try {
            Template template = compile.get();
            if (!warmTemplates) {
                template.render(nothing());
                warmTemplates = true;
            }
            return template;
        } catch (ExpressionException e) {
            e.mistakes().forEach(mistake -> complain(pointer, mistake.message(), mistake.hint()));
            return Template.EMPTY;
        }
    }

    private Template template(String pointer, Supplier<Template> compile) {
        Template template = compile(pointer, compile);
        uses.add(new Use(pointer, template.names()));
        return template;
    }

    private @Nullable Expression expression(String pointer, Supplier<Expression> compile) {
        try {
            Expression expression = compile.get();
            if (!warmExpressions) {
                warmUp(expression);
                warmExpressions = true;
            }
            uses.add(new Use(pointer, expression.names()));
            return expression;
        } catch (ExpressionException e) {
            e.mistakes().forEach(mistake -> complain(pointer, mistake.message(), mistake.hint()));
            return null;
        }
    }

    /** The first use of both languages loads many classes: here, and not while a caller waits. */
    private void warmUp(Expression expression) {
        try {
            expression.evaluate(nothing());
        } catch (ExpressionException e) {
            // Nothing has a value yet.
        }
    }

    private Values nothing() {
        return new Values("", null, Map.of(), scope.variables(), Map.of());
    }
}
