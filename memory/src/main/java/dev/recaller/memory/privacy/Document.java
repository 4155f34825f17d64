package dev.recaller.memory.privacy;

import static java.util.Objects.requireNonNull;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The format of one caller's memory: how it is written, and all that can be wrong with one. */
final class Document {

    static final String FORMAT = "recaller.caller-memory";
    static final int VERSION = 1;

    /** Numbers as they are written, and no field twice. */
    static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern(
                    "yyyy-MM-dd'T'HH:mm:ss.SSSSSS'Z'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);
    private static final Schema SCHEMA = schema();
    private static final List<String> WITHHELD = List.of(
            "vectors: made again from the words",
            "the hash of the number kept with each call: it is secret by the key of this installation",
            "which rows a merge moved: an import restores memories as they are now",
            "turns not yet stored, of a call that is going on");

    private Document() {}

    static JsonNode parse(String json) {
        return JSON.readTree(json);
    }

    static String write(String organizationId, Instant at, DocumentStore.Parts parts) {
        ObjectNode document = JSON.createObjectNode();
        document.put("format", FORMAT);
        document.put("version", VERSION);
        document.put("organization", organizationId);
        document.put("exportedAt", TIME.format(at));
        document.put("sha256", checksum(parts.content(), parts.record()));
        document.set("withheld", JSON.valueToTree(WITHHELD));
        document.set("content", parts.content());
        document.set("record", parts.record());
        return JSON.writeValueAsString(document);
    }

    /** Everything that is wrong with a document before a database is asked; empty: nothing. */
    static List<Problem> problems(JsonNode document, long line) {
        JsonNode format = document.path("format");
        if (!format.asString("").equals(FORMAT)) {
            return List.of(new Problem(
                    line,
                    "/format",
                    "this is no caller's memory: " + FORMAT + " is expected",
                    "give a file that" + " 'recaller memory export' wrote"));
        }
        if (document.path("version").asInt(0) > VERSION) {
            return List.of(new Problem(
                    line,
                    "/version",
                    "version " + document.path("version").asInt() + " was written by a newer program, this one reads "
                            + VERSION,
                    "import it with that program"));
        }
        List<Problem> problems = new ArrayList<>();
        SCHEMA.validate(document)
                .forEach(error -> problems.add(new Problem(
                        line,
                        error.getInstanceLocation().toString(),
                        error.getMessage(),
                        "see caller-memory.schema.json; export it again if it was edited")));
        if (!problems.isEmpty()) {
            return problems;
        }
        String checksum = checksum(document.get("content"), document.get("record"));
        if (!checksum.equals(document.get("sha256").asString())) {
            return List.of(new Problem(
                    line,
                    "/sha256",
                    "the content is not what was exported: it was damaged or edited",
                    "export it again"));
        }
        return references(document.get("content"), line);
    }

    private static List<Problem> references(JsonNode content, long line) {
        Set<String> memories = ids(content, Section.MEMORIES);
        Set<String> entities = ids(content, Section.ENTITIES);
        Set<String> chunks = ids(content, Section.CHUNKS);
        List<Problem> problems = new ArrayList<>();
        for (Section section : Section.CONTENT) {
            int index = 0;
            for (JsonNode row : content.get(section.field())) {
                String at = "/content/" + section.field() + "/" + index++;
                require(row, "memoryId", memories, at, line, problems);
                require(row, "mergedInto", memories, at, line, problems);
                require(row, "sourceId", entities, at, line, problems);
                require(row, "targetId", entities, at, line, problems);
                require(row, "sourceChunk", chunks, at, line, problems);
            }
        }
        return problems;
    }

    private static void require(
            JsonNode row, String field, Set<String> known, String at, long line, List<Problem> problems) {
        JsonNode id = row.path(field);
        if (id.isString() && !known.contains(id.asString())) {
            problems.add(new Problem(line, at + "/" + field, "nothing in the document has this id", "export it again"));
        }
    }

    private static Set<String> ids(JsonNode content, Section section) {
        Set<String> ids = new HashSet<>();
        content.get(section.field()).forEach(row -> ids.add(row.get("id").asString()));
        return ids;
    }

    private static String checksum(JsonNode content, JsonNode record) {
        ObjectNode both = JSON.createObjectNode();
        both.set("content", content);
        both.set("record", record);
        return Canonical.sha256(both);
    }

    private static Schema schema() {
        try (InputStream file = requireNonNull(
                Document.class.getResourceAsStream("caller-memory.schema.json"), "the schema is in this jar")) {
            String text = new String(file.readAllBytes(), StandardCharsets.UTF_8);
            return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                    .getSchema(text, InputFormat.JSON);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
