package dev.recaller.flow.definition;

import dev.recaller.flow.expression.VariableType;
import org.jspecify.annotations.Nullable;

/** A declared variable; without a default it has no value until a node sets it. */
public record Variable(VariableType type, @Nullable Object defaultValue) {

    static Variable read(Fields fields) {
        VariableType type =
                VariableType.of(fields.oneOf("type", VariableType.labels())).orElse(VariableType.STRING);
        return new Variable(type, fields.scoped().optionalValue("default", type));
    }
}
