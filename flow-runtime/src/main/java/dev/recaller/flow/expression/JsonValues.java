package dev.recaller.flow.expression;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Values of JSON as variables take them. */
public final class JsonValues {

    private JsonValues() {}

    /** Empty when a value of this type cannot be made of it without loss. */
    public static Optional<Object> of(JsonNode node, VariableType type) {
        @Nullable
        Object value =
                switch (type) {
                    case STRING -> node.isString() ? node.stringValue() : null;
                    case BOOLEAN -> node.isBoolean() ? node.booleanValue() : null;
                    case INTEGER -> node.isIntegralNumber() && node.canConvertToLong() ? node.longValue() : null;
                    case NUMBER -> node.isNumber() ? node.doubleValue() : null;
                    case RECOLLECTION -> null;
                };
        return Optional.ofNullable(value);
    }
}
