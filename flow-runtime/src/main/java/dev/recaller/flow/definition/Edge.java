package dev.recaller.flow.definition;

import dev.recaller.flow.expression.Expression;
import org.jspecify.annotations.Nullable;

/**
 * Where a node's port leads.
 *
 * @param port absent: every port
 * @param when absent: always
 */
public record Edge(
        String from,
        @Nullable String port,
        String to,
        @Nullable Expression when) {

    public boolean takes(String taken) {
        return port == null || port.equals(taken);
    }

    static Edge read(Fields fields) {
        return new Edge(
                fields.text("from"),
                fields.optionalText("port"),
                fields.text("to"),
                fields.scoped().optionalCondition("when"));
    }
}
