package dev.recaller.flow.expression;

import java.math.BigDecimal;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Values of JSON as variables take them. */
public final class JsonValues {

    /** The longest text a variable takes from outside. */
    static final int MAX_TEXT = 10_000;

    private static final Pattern NUMBER = Pattern.compile("-?[0-9]{1,18}(\\.[0-9]{1,18})?");

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

    /**
     * What another program answered: numbers may stand there as text and text may be a number, nothing is lost. Empty when
     * it is no value of this type, or a text of more than 10,000 characters.
     */
    public static Optional<Object> convert(JsonNode node, VariableType type) {
        @Nullable
        Object value =
                switch (type) {
                    case STRING -> node.isValueNode() && !node.isNull() ? text(node) : null;
                    case BOOLEAN -> flag(node);
                    case INTEGER -> integer(number(node));
                    case NUMBER -> finite(number(node));
                    case RECOLLECTION -> null;
                };
        return Optional.ofNullable(value);
    }

    private static @Nullable String text(JsonNode node) {
        String text = node.asString();
        return text.length() <= MAX_TEXT ? text : null;
    }

    private static @Nullable Boolean flag(JsonNode node) {
        if (node.isBoolean()) {
            return node.booleanValue();
        }
        return switch (node.isString() ? node.stringValue() : "") {
            case "true" -> true;
            case "false" -> false;
            default -> null;
        };
    }

    private static @Nullable BigDecimal number(JsonNode node) {
        if (node.isNumber()) {
            return node.decimalValue();
        }
        return node.isString() && NUMBER.matcher(node.stringValue()).matches()
                ? new BigDecimal(node.stringValue())
                : null;
    }

    private static @Nullable Long integer(@Nullable BigDecimal number) {
        try {
            return number == null || Math.abs(number.scale()) > 100 ? null : number.longValueExact();
        } catch (ArithmeticException e) {
            return null;
        }
    }

    private static @Nullable Double finite(@Nullable BigDecimal number) {
        return number == null || Double.isInfinite(number.doubleValue()) ? null : (Double) number.doubleValue();
    }
}
