package dev.recaller.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recaller.memory.extract.Extraction;
import dev.recaller.memory.merge.MemoryMerging;
import dev.recaller.memory.privacy.CallerExport;
import dev.recaller.memory.privacy.CallerImport;
import dev.recaller.memory.privacy.Erasure;
import dev.recaller.memory.privacy.ImportResult;
import dev.recaller.memory.privacy.ImportResult.Imported;
import dev.recaller.memory.privacy.ImportResult.Refused;
import dev.recaller.memory.privacy.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

final class ExportImportTest extends MemoryTest {

    private static final String OPERATOR = "operator:test";
    private static final MemoryConfiguration ALL = new MemoryConfiguration(true, true, true, false, 365, true, true);
    private static final JsonMapper JSON = new JsonMapper();

    private final IdentityHash hash = new IdentityHash(KEY);

    @TempDir
    private Path folder;

    private CallerExport exporting;
    private CallerImport importing;
    private int callers;

    @BeforeAll
    void prepare() {
        exporting = new CallerExport(database, clock);
        importing = new CallerImport(database, clock, hash);
    }

    @Test
    void anotherOrganizationHasTheSameAfterAnImportAndAgainChangesNothing() throws IOException {
        MemoryId id = caller("first");
        String exported = exporting.export(id, OPERATOR);
        for (String section : List.of("memories", "chunks", "entities", "relationships", "preferences", "calls")) {
            assertThat(content(exported).get(section)).as(section).isNotEmpty();
        }

        assertThat(run("second", exported)).isEqualTo(new Imported(1, 0));

        assertThat(content(exporting.export(new MemoryId("second", id.value()), OPERATOR)))
                .isEqualTo(content(exported));
        List<String> before = everything("second");
        assertThat(run("second", exported)).isEqualTo(new Imported(0, 1));
        assertThat(everything("second")).isEqualTo(before);
        assertThat(content(exporting.export(id, OPERATOR))).isEqualTo(content(exported));
        MemoryIdentity there = MemoryIdentity.ofUser("second", "user" + callers);
        assertThat(recall(there).preferences())
                .isEqualTo(
                        recall(MemoryIdentity.ofUser("first", "user" + callers)).preferences());
        assertThat(rows("select actor, action from audit where organization_id = 'second' and action = 'import'"))
                .containsExactly(OPERATOR + "|import");
    }

    @Test
    void deletedRowsComeBackAsTheyWere() throws IOException {
        MemoryId id = caller("back");
        String exported = exporting.export(id, OPERATOR);
        database.transactions().run("back", tx -> tx.execute("delete from calls"));
        database.transactions().run("back", tx -> tx.execute("delete from user_memory"));

        assertThat(run("back", exported)).isEqualTo(new Imported(1, 0));

        assertThat(content(exporting.export(id, OPERATOR))).isEqualTo(content(exported));
    }

    @Test
    void mergedMemoriesStayOne() throws IOException {
        MemoryIdentity phone = MemoryIdentity.ofPhone("merged", "+155509100");
        MemoryIdentity user = MemoryIdentity.ofUser("merged", "user");
        call(phone, "c: I play the tuba.");
        call(user, "c: My name is John.");
        MemoryId into = memory.getOrCreateMemory(user).id();
        MemoryId from = memory.getOrCreateMemory(phone).id();
        new MemoryMerging(database, clock).merge(into, from);

        String exported = exporting.export(from, OPERATOR);
        assertThat(run("elsewhere", exported)).isEqualTo(new Imported(1, 0));

        assertThat(greeting(MemoryIdentity.ofPhone("elsewhere", "+155509100"))).isEqualTo("John");
        assertThat(content(exporting.export(new MemoryId("elsewhere", into.value()), OPERATOR)))
                .isEqualTo(content(exported));
    }

    @Test
    void aWholeOrganizationIsOneLineACaller() throws IOException {
        caller("many");
        caller("many");
        List<String> lines = new ArrayList<>();

        assertThat(exporting.exportAll("many", OPERATOR, lines::add)).isEqualTo(2);

        assertThat(lines).hasSize(2).allSatisfy(line -> assertThat(line).doesNotContain("\n"));
        assertThat(run("many2", String.join("\n", lines))).isEqualTo(new Imported(2, 0));
        List<String> again = new ArrayList<>();
        exporting.exportAll("many2", OPERATOR, again::add);
        assertThat(again.stream().map(ExportImportTest::content))
                .isEqualTo(lines.stream().map(ExportImportTest::content).toList());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "tuba                  | flute                | /sha256               | damaged",
                "recaller.caller-memory| other.format         | /format               | no caller's memory",
                "\"version\":1         | \"version\":2        | /version              | newer program",
                "\"importance\":0.5    | \"importance\":7     | /content/chunks/      | 1",
                "\"topics\":           | \"colour\":1,\"topics\": | /content/chunks/  | colour",
                "\"content\":{         | {                    | ''                    | not JSON",
                "\"version\":1         | \"version\":1,\"version\":1 | ''              | not JSON",
            })
    void aForeignOrDamagedFileIsRefusedWithNothingChanged(String found, String replaced, String pointer, String message)
            throws IOException {
        String good = exporting.export(caller("good"), OPERATOR);
        String bad = exporting.export(caller("good"), OPERATOR).replace(found.strip(), replaced.strip());

        List<Problem> problems = ((Refused) run("clean", good + "\n" + bad)).problems();

        assertThat(problems).isNotEmpty();
        assertThat(problems).allSatisfy(problem -> assertThat(problem.line()).isEqualTo(2));
        assertThat(problems).anySatisfy(problem -> {
            assertThat(problem.pointer()).startsWith(pointer);
            assertThat(problem.message()).contains(message);
            assertThat(problem.remedy()).isNotEmpty();
        });
        assertThat(everything("clean")).isEmpty();
    }

    @Test
    void anEmptyFileAndACallerTwiceAreRefused() throws IOException {
        String good = exporting.export(caller("twice"), OPERATOR);

        assertThat(((Refused) run("clean", "")).problems())
                .singleElement()
                .asString()
                .contains("empty");
        assertThat(((Refused) run("clean", good + "\n" + good)).problems())
                .singleElement()
                .asString()
                .startsWith("line 2: ")
                .contains("twice");
        assertThat(everything("clean")).isEmpty();
    }

    @Test
    void aCallerWhoIsThereInAnotherStateIsRefusedAndStays() throws IOException {
        MemoryId id = caller("changed");
        String exported = exporting.export(id, OPERATOR);
        call(MemoryIdentity.ofUser("changed", "user" + callers), "c: I moved to Rome.");
        List<String> before = everything("changed");

        assertThat(((Refused) run("changed", exported)).problems())
                .singleElement()
                .asString()
                .contains("another state: memories, chunks differ");
        assertThat(everything("changed")).isEqualTo(before);
        call(MemoryIdentity.ofUser("taken", "user" + callers), "c: I am here already.");
        assertThat(((Refused) run("taken", exported)).problems())
                .singleElement()
                .asString()
                .contains("the same caller is here");
    }

    @Test
    void whatWasSaidBeforeAnErasureNeverComesBack() throws IOException {
        MemoryId id = caller("erased");
        MemoryIdentity user = MemoryIdentity.ofUser("erased", "user" + callers);
        String exported = exporting.export(id, OPERATOR);
        new Erasure(database, clock, memory, hash).erase(user, OPERATOR);

        assertThat(((Refused) run("erased", exported)).problems())
                .singleElement()
                .asString()
                .contains("was erased at");
        assertThat(rows("select 1 from user_memory where organization_id = 'erased'"))
                .isEmpty();

        clock.step(Duration.ofDays(1));
        call(user, "c: I start anew.");
        MemoryId anew = memory.getOrCreateMemory(user).id();
        String later = exporting.export(anew, OPERATOR);
        database.transactions().run("erased", tx -> tx.execute("delete from user_memory"));
        assertThat(run("erased", later)).isEqualTo(new Imported(1, 0));
    }

    /** A caller of whom every table has rows. */
    private MemoryId caller(String organization) {
        callers++;
        MemoryIdentity identity = new MemoryIdentity(organization, "user" + callers, "+1555091" + (100 + callers));
        Conversation said = conversation(
                "c: My name is John.",
                "a: \"Hello\", \u00fcber John\\n!",
                "c: I play the tuba in Zanzibar.",
                "c: Please text me.");
        memory.store(identity, said, ALL);
        call(identity, "c: Please email me.");
        MemoryId id = memory.getOrCreateMemory(identity).id();
        memory.storeExtraction(
                id,
                said.callId(),
                ALL,
                new Extraction(
                        List.of(new Extraction.Entity(Extraction.EntityType.PLACE, "Zanzibar", List.of(2))),
                        List.of(new Extraction.Relationship("caller", "plays_in", "Zanzibar", List.of(2))),
                        List.of()));
        database.transactions()
                .run(
                        organization,
                        tx -> tx.execute(
                                "insert into calls (organization_id, id, memory_id, flow_id, flow_version, room, started_at)"
                                        + " values (?, ?, ?, 'f', 1, 'call_+1', now())",
                                organization,
                                said.callId(),
                                id.value()));
        return id;
    }

    private ImportResult run(String organization, String text) throws IOException {
        Path file = folder.resolve(UUID.randomUUID() + ".ndjson");
        Files.writeString(file, text);
        return importing.run(organization, file, OPERATOR);
    }

    private static JsonNode content(String document) {
        return JSON.readTree(document).get("content");
    }

    private List<String> everything(String organization) {
        List<String> all = new ArrayList<>();
        for (String table :
                List.of("user_memory", "memory_chunks", "entities", "entity_relationships", "preferences", "calls")) {
            all.addAll(rows("select t::text from " + table + " t where organization_id = ? order by id", organization));
        }
        return all;
    }
}
