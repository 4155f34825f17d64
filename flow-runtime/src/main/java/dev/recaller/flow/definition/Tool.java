package dev.recaller.flow.definition;

import java.util.List;
import java.util.Set;

/**
 * A declared tool of type http.
 *
 * @param parameters a JSON Schema as text
 */
public record Tool(String description, String method, String url, String parameters) {

    /** Tools every flow has. */
    public static final String END_CALL = "end_call";

    public static final String TRANSFER = "transfer";
    public static final String RECALL = "recall";
    public static final String REMEMBER = "remember";

    public static final Set<String> BUILT_IN = Set.of(END_CALL, TRANSFER, RECALL, REMEMBER);

    static Tool read(Fields fields) {
        fields.oneOf("type", List.of("http"));
        return new Tool(
                fields.text("description"),
                fields.oneOf("method", List.of("GET", "POST", "PUT", "PATCH", "DELETE")),
                fields.text("url"),
                fields.json("parameters"));
    }
}
