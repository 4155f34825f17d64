package dev.recaller.flow.definition;

import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaException;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.SpecificationVersion;
import dev.recaller.flow.expression.VariableType;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a model may give a tool: a JSON Schema (2020-12) of an object. References are refused: one may lead to another
 * machine, or into itself for ever.
 */
public final class ToolParameters {

    private static final String DIALECT = SpecificationVersion.DRAFT_2020_12.getDialectId();

    private static final SchemaRegistry SCHEMAS = SchemaRegistry.withDefaultDialect(
            SpecificationVersion.DRAFT_2020_12,
            builder -> builder.schemaRegistryConfig(SchemaRegistryConfig.builder()
                    .formatAssertionsEnabled(true)
                    .locale(Locale.ENGLISH)
                    .build()));

    private static final Pattern NAME = Pattern.compile("[A-Za-z][A-Za-z0-9_]{0,63}");

    /** More are of no help to a model. */
    private static final int MAX_MISTAKES = 5;

    private final ObjectNode source;
    private final Schema schema;
    private final Map<String, VariableType> types = new HashMap<>();
    private final Set<String> structures = new HashSet<>();

    private ToolParameters(ObjectNode source, Schema schema) {
        this.source = source;
        this.schema = schema;
        source.path("properties").forEachEntry((name, property) -> {
            if (NAME.matcher(name).matches()) {
                switch (property.path("type").asString("")) {
                    case "string" -> types.put(name, VariableType.STRING);
                    case "boolean" -> types.put(name, VariableType.BOOLEAN);
                    case "integer" -> types.put(name, VariableType.INTEGER);
                    case "number" -> types.put(name, VariableType.NUMBER);
                    default -> structures.add(name);
                }
            }
        });
    }

    static ToolParameters read(Fields fields, String name) {
        JsonNode node = fields.optionalJson(name);
        if (!(node instanceof ObjectNode object)) {
            fields.complain(name, "is missing: the JSON Schema of an object", null);
            return broken(JsonNodeFactory.instance.objectNode());
        }
        if (!object.path("type").asString("").equals("object")) {
            fields.complain(name, "must be the schema of an object", "give it \"type\": \"object\"");
            return broken(object);
        }
        if (refers(object)) {
            fields.complain(name, "must be JSON Schema 2020-12 without $ref and $id", "write out what it refers to");
            return broken(object);
        }
        try {
            List<Error> wrong = SCHEMAS.getSchema(SchemaLocation.of(DIALECT)).validate(object);
            if (!wrong.isEmpty()) {
                wrong.stream()
                        .limit(MAX_MISTAKES)
                        .forEach(error -> fields.reading()
                                .complain(
                                        fields.pointer(name) + error.getInstanceLocation(), error.getMessage(), null));
                return broken(object);
            }
            Schema schema = SCHEMAS.getSchema(object);
            schema.initializeValidators();
            return new ToolParameters(object, schema);
        } catch (SchemaException e) {
            fields.complain(name, "is no JSON Schema: " + e.getMessage(), null);
            return broken(object);
        }
    }

    /** The schema as the model is given it. */
    public String text() {
        return source.toString();
    }

    /** What is wrong with these arguments, each with its place; none when they fit. */
    public List<String> mistakes(JsonNode arguments) {
        return schema.validate(arguments).stream()
                .limit(MAX_MISTAKES)
                .map(error -> error.getInstanceLocation() + ": " + error.getMessage())
                .toList();
    }

    /** The parameters that are one value, by name. */
    public Map<String, VariableType> types() {
        return Map.copyOf(types);
    }

    /** The parameters that are lists, objects or of no one type. */
    public Set<String> structures() {
        return Set.copyOf(structures);
    }

    @Override
    public String toString() {
        return text();
    }

    /** Knows the names all the same, so that their uses are no further mistakes. */
    private static ToolParameters broken(ObjectNode source) {
        return new ToolParameters(source, SCHEMAS.getSchema(JsonNodeFactory.instance.objectNode()));
    }

    private static boolean refers(JsonNode node) {
        if (node instanceof ObjectNode object) {
            for (Map.Entry<String, JsonNode> member : object.properties()) {
                JsonNode value = member.getValue();
                boolean reference = value.isString()
                        && switch (member.getKey()) {
                            case "$ref", "$dynamicRef", "$recursiveRef", "$id" -> true;
                            case "$schema" -> !value.stringValue().equals(DIALECT);
                            default -> false;
                        };
                if (reference) {
                    return true;
                }
            }
        }
        return node.values().stream().anyMatch(ToolParameters::refers);
    }
}
