package dev.recaller.memory.extract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

final class ExtractionJsonTest {

    private static final JsonMapper JSON = new JsonMapper();

    private static final Extraction ONE_OF_EACH = new Extraction(
            List.of(new Extraction.Fact(
                    Extraction.FactType.EVENT,
                    "The surgery is on December 3rd.",
                    "",
                    "2026-12-03",
                    0.8,
                    List.of("health"),
                    List.of(1))),
            List.of(new Extraction.Entity(Extraction.EntityType.PERSON, "Ann", List.of(1, 2))),
            List.of(new Extraction.Relationship("caller", "married_to", "Ann", List.of(2))),
            List.of(new Extraction.Preference("seat", "window", "travel", 1, List.of(3))),
            "The caller asked for a window seat.");

    @Test
    void theSchemaAndTheRecordsAgree() {
        JsonNode written = JSON.valueToTree(ONE_OF_EACH);

        assertThat(ExtractionJson.read(written.toString())).isEqualTo(ONE_OF_EACH);
        assertFits(written, JSON.readTree(ExtractionJson.schema()), "");
    }

    @Test
    void theSchemaIsStrictAsStructuredOutputWantsIt() {
        assertStrict(JSON.readTree(ExtractionJson.schema()));
    }

    @ParameterizedTest
    @MethodSource("damaged")
    void whatDoesNotFitIsRefusedWithoutQuotingIt(String json) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ExtractionJson.read(json))
                .satisfies(e -> assertThat(e).hasNoCause().message().doesNotContain("surgery", "Ann"));
    }

    static List<String> damaged() {
        String whole = JSON.valueToTree(ONE_OF_EACH).toString();
        return List.of(
                "",
                "null",
                "I'm sorry, Ann.",
                whole.substring(0, whole.length() / 2),
                whole + whole,
                whole.replace("\"summary\"", "\"sumary\""),
                whole.replace("\"EVENT\"", "\"NEWS\""),
                whole.replace("\"EVENT\"", "1"),
                whole.replace("0.8", "8"),
                whole.replace("0.8", "\"high\""),
                whole.replace("[1,2]", "[\"1\"]"),
                whole.replace("[1,2]", "[1.5]"),
                whole.replace("[1,2]", "null"),
                whole.replace("\"Ann\"", "null"),
                whole.replace("[1,2]", "[1],\"verified\":true"),
                "[" + whole + "]");
    }

    /** As far as JSON Schema is used. */
    private static void assertFits(JsonNode value, JsonNode schema, String at) {
        switch (schema.get("type").asString()) {
            case "object" -> {
                assertThat(value.propertyNames())
                        .as(at)
                        .containsExactlyElementsOf(schema.get("properties").propertyNames());
                value.propertyNames()
                        .forEach(name -> assertFits(
                                value.get(name), schema.get("properties").get(name), at + "/" + name));
            }
            case "array" -> {
                assertThat(value.isEmpty()).as(at).isFalse();
                value.forEach(item -> assertFits(item, schema.get("items"), at + "/0"));
            }
            case "string" -> {
                assertThat(value.isString()).as(at).isTrue();
                if (schema.has("enum")) {
                    assertThat(schema.get("enum").valueStream().map(JsonNode::asString))
                            .as(at)
                            .contains(value.asString());
                }
            }
            case "integer" -> assertThat(value.isIntegralNumber()).as(at).isTrue();
            case "number" -> assertThat(value.isNumber()).as(at).isTrue();
            default -> throw new AssertionError(at + ": " + schema);
        }
    }

    private static void assertStrict(JsonNode schema) {
        if (schema instanceof ObjectNode object && object.has("properties")) {
            assertThat(object.get("additionalProperties").asBoolean(true)).isFalse();
            assertThat(((ArrayNode) object.get("required"))
                            .valueStream()
                            .map(JsonNode::asString)
                            .toList())
                    .containsExactlyElementsOf(object.get("properties").propertyNames());
        }
        schema.forEach(ExtractionJsonTest::assertStrict);
    }
}
