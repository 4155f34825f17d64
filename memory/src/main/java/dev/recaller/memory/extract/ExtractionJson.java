package dev.recaller.memory.extract;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.cfg.CoercionAction;
import tools.jackson.databind.cfg.CoercionInputShape;
import tools.jackson.databind.cfg.EnumFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.type.LogicalType;

/**
 * An {@link Extraction} as JSON. The schema is made from the records and is strict as OpenAI's structured output wants it:
 * every property required, none beside them.
 */
public final class ExtractionJson {

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(
                    DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES,
                    DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES,
                    DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES,
                    DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES,
                    DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(EnumFeature.FAIL_ON_NUMBERS_FOR_ENUMS)
            .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
            .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
            .withCoercionConfig(
                    LogicalType.Textual,
                    texts -> texts.setCoercion(CoercionInputShape.Integer, CoercionAction.Fail)
                            .setCoercion(CoercionInputShape.Float, CoercionAction.Fail)
                            .setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail))
            // What a model wrote must not reach a log.
            .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
            .build();

    private static final String SCHEMA = JSON.writeValueAsString(object(Extraction.class));

    private ExtractionJson() {}

    /** JSON Schema of an extraction. */
    public static String schema() {
        return SCHEMA;
    }

    /**
     * Reads what a model wrote.
     *
     * @throws IllegalArgumentException when it is not JSON or does not fit the schema; the message quotes nothing of it
     */
    public static Extraction read(String json) {
        @Nullable Extraction extraction;
        try {
            extraction = JSON.readValue(json, Extraction.class);
        } catch (JacksonException e) {
            throw unfit();
        }
        if (extraction == null) {
            throw unfit();
        }
        return extraction;
    }

    private static IllegalArgumentException unfit() {
        return new IllegalArgumentException("not an extraction as the schema has it");
    }

    private static ObjectNode object(Class<?> type) {
        ObjectNode schema = JSON.createObjectNode().put("type", "object").put("additionalProperties", false);
        var required = schema.putArray("required");
        ObjectNode properties = schema.putObject("properties");
        for (RecordComponent component : type.getRecordComponents()) {
            required.add(component.getName());
            properties.set(component.getName(), value(component.getGenericType()));
        }
        return schema;
    }

    private static ObjectNode value(Type type) {
        if (type instanceof ParameterizedType list) {
            ObjectNode schema = JSON.createObjectNode().put("type", "array");
            schema.set("items", value(list.getActualTypeArguments()[0]));
            return schema;
        }
        Class<?> plain = (Class<?>) type;
        if (plain.isEnum()) {
            ObjectNode schema = JSON.createObjectNode().put("type", "string");
            var names = schema.putArray("enum");
            Arrays.stream(plain.getEnumConstants()).map(Object::toString).forEach(names::add);
            return schema;
        }
        if (plain.isRecord()) {
            return object(plain);
        }
        return JSON.createObjectNode()
                .put("type", plain == String.class ? "string" : plain == Integer.class ? "integer" : "number");
    }
}
