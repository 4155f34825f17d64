package dev.recaller.flow.expression;

import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime;
import java.util.Set;

/** A compiled, type-checked CEL expression: no side effects, no loops. Safe for use by many calls at once. */
public final class Expression {

    /** So that a flow that doubles a text again and again takes no memory of the calls beside it. */
    private static final int MAX_TEXT = JsonValues.MAX_TEXT;

    private final String source;
    private final Set<String> names;
    private final CelRuntime.Program program;

    Expression(String source, Set<String> names, CelRuntime.Program program) {
        this.source = source;
        this.names = Set.copyOf(names);
        this.program = program;
    }

    public String source() {
        return source;
    }

    /** The variables it reads. */
    public Set<String> names() {
        return names;
    }

    /**
     * The value, of the type it was compiled for.
     *
     * @throws ExpressionException when a value it needs is not there, a number overflows or is divided by zero, a text has
     *     more than 10,000 characters
     */
    public Object evaluate(Values values) {
        try {
            Object value = program.eval(values.view());
            if (value instanceof String text && text.length() > MAX_TEXT) {
                throw new ExpressionException(
                        "'" + source + "' has no value: more than " + MAX_TEXT + " characters", null);
            }
            return value;
        } catch (CelEvaluationException e) {
            // The message may quote what the caller said.
            throw new ExpressionException("'" + source + "' has no value: " + e.getErrorCode(), null);
        }
    }

    @Override
    public String toString() {
        return source;
    }
}
