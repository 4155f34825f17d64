package dev.recaller.flow.tool;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaException;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.util.Optional;
import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Whether what a model wrote is what a tool wants. Nothing a schema refers to is fetched. */
public final class Arguments {

    /** No tool of a telephone call is told more. */
    private static final int MAX_CHARACTERS = 20_000;

    private static final int MAX_MISTAKES = 5;

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final SchemaRegistry SCHEMAS = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);

    private Arguments() {}

    /** Whether the text is one JSON object. */
    public static boolean isObject(String json) {
        try {
            return json.length() <= MAX_CHARACTERS && JSON.readTree(json).isObject();
        } catch (JacksonException e) {
            return false;
        }
    }

    /**
     * What is wrong with the arguments, for the model to read; empty: nothing.
     *
     * @param schema a JSON Schema as text, of the 2020-12 draft unless it says otherwise
     */
    public static Optional<String> mistakes(String schema, String arguments) {
        if (arguments.length() > MAX_CHARACTERS) {
            return Optional.of("they are longer than " + MAX_CHARACTERS + " characters");
        }
        JsonNode node;
        try {
            node = JSON.readTree(arguments);
        } catch (JacksonException e) {
            return Optional.of("they are no JSON: " + e.getOriginalMessage());
        }
        if (!node.isObject()) {
            return Optional.of("they are no JSON object");
        }
        try {
            Schema compiled = SCHEMAS.getSchema(schema, InputFormat.JSON);
            String mistakes = compiled.validate(node).stream()
                    .limit(MAX_MISTAKES)
                    .map(Object::toString)
                    .collect(Collectors.joining("; "));
            return mistakes.isEmpty() ? Optional.empty() : Optional.of(mistakes);
        } catch (SchemaException e) {
            throw new ToolException("this function cannot be called: its parameters are no JSON Schema", e);
        }
    }
}
