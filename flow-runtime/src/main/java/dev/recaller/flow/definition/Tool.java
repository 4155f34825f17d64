package dev.recaller.flow.definition;

import java.util.List;
import java.util.Set;

/**
 * A declared tool of type http. Its shape is checked; no node of this version may use it.
 *
 * @param parameters a JSON Schema as text
 */
public record Tool(String description, String method, String url, String parameters) {

    /** Tools every flow has. */
    static final String END_CALL = "end_call";

    static final Set<String> BUILT_IN = Set.of(END_CALL);
    static final Set<String> BUILT_IN_LATER = Set.of("recall", "remember");

    static Tool read(Fields fields) {
        fields.oneOf("type", List.of("http"));
        return new Tool(
                fields.text("description"),
                fields.oneOf("method", List.of("GET", "POST", "PUT", "PATCH", "DELETE")),
                fields.text("url"),
                fields.json("parameters"));
    }
}
