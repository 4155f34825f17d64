package dev.recaller.flow.definition;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The published schema and what is read are the same format. */
final class FlowSchemaTest {

    private static final JsonMapper JSON = JsonMapper.shared();

    private final Schema schema = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
            .getSchema(Flow.schema(), InputFormat.JSON);

    static Stream<Path> shipped() throws IOException {
        try (Stream<Path> files =
                Files.list(Path.of(System.getProperty("basedir", "")).resolve("../flows"))) {
            return files.filter(file -> file.toString().endsWith(".json")).toList().stream();
        }
    }

    @ParameterizedTest
    @MethodSource("shipped")
    void theFlowsThatComeWithItFit(Path file) throws Exception {
        assertThat(mistakes(Files.readString(file))).isEmpty();
    }

    @Test
    void theFormatsExampleFits() throws Exception {
        assertThat(mistakes(new String(
                        getClass().getResourceAsStream("/example.json").readAllBytes(),
                        java.nio.charset.StandardCharsets.UTF_8)))
                .isEmpty();
    }

    static List<String> types() {
        return NodeTypes.names();
    }

    @ParameterizedTest
    @MethodSource("types")
    void aNodeTypeHasTheFieldsThatAreReadOfIt(String type) {
        Reading reading = new Reading();
        Fields fields = new Fields(JSON.createObjectNode(), "/nodes/0", reading);
        Node _ = NodeTypes.find(type).orElseThrow().read().apply("id", fields);
        Set<String> read = new TreeSet<>(fields.known());
        read.addAll(List.of("id", "type"));

        assertThat(new TreeSet<>(definition(type).path("properties").propertyNames()))
                .isEqualTo(read);
    }

    @Test
    void everyNodeTypeOfTheSchemaExists() {
        JsonNode definitions = JSON.readTree(Flow.schema()).path("$defs");
        assertThat(definitions.propertyNames().stream()
                        .filter(name -> name.startsWith("node_"))
                        .map(name -> name.substring("node_".length())))
                .containsExactlyInAnyOrderElementsOf(NodeTypes.names());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"strat\": \"recall\", \"start\"",
                "\"version\": 0, \"start\"",
                "\"configuration\": { \"maxCallSeconds\": 5 }, \"start\"",
                "\"configuration\": { \"metadata\": { \"phoneNumber\": \"job.a\" } }, \"start\"",
                "\"configuration\": { \"metadata\": { \"a-b\": \"job.a\" } }, \"start\"",
                "\"configuration\": { \"metadata\": { \"a\": \"jobs.a\" } }, \"start\"",
                "\"configuration\": { \"metadata\": { \"a\": \"participant.sip.phoneNumber\" } }, \"start\"",
                "\"tests\": [ { \"name\": \"t\", \"from\": \"anonymous\", \"metadata\": { \"a\": 1 } } ], \"start\"",
                "\"configuration\": { \"recording\": { \"consent\": \" \" } }, \"start\"",
                "\"variables\": { \"a-b\": { \"type\": \"string\" } }, \"start\""
            })
    void whatIsWrongInOnePlaceDoesNotFit(String instead) throws Exception {
        String flow = "{ \"schemaVersion\": 1, \"id\": \"f\", \"version\": 1, \"name\": \"F\", \"start\": \"bye\","
                + " \"nodes\": [ { \"id\": \"bye\", \"type\": \"hangup\" } ] }";
        assertThat(mistakes(flow)).isEmpty();
        String broken = instead.contains("\"version\": 0")
                ? flow.replace("\"version\": 1", "\"version\": 0")
                : flow.replace("\"start\"", instead);
        assertThat(mistakes(broken)).isNotEmpty();
    }

    private List<String> mistakes(String flow) {
        return schema.validate(flow, InputFormat.JSON).stream()
                .map(Object::toString)
                .toList();
    }

    private static JsonNode definition(String type) {
        return JSON.readTree(Flow.schema()).path("$defs").path("node_" + type);
    }
}
