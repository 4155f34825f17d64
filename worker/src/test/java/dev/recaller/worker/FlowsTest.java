package dev.recaller.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recaller.flow.definition.Flow;
import dev.recaller.flow.definition.InvalidFlowException;
import dev.recaller.sql.Database;
import dev.recaller.sql.EmbeddedDatabase;
import dev.recaller.worker.store.CallFlows;
import dev.recaller.worker.store.FlowArchive;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What calls run, of files and of a database, as workers that start one after the other see it. */
public class FlowsTest {

    private static final EmbeddedDatabase EMBEDDED = EmbeddedDatabase.temporary();
    private static int organizations;

    private final String organization = "org" + organizations++;
    private final FragileProxy way = new FragileProxy(URI.create(EMBEDDED.urls().worker()));
    private final Database database = Database.open(way.url().toString(), 10);
    private final FlowArchive archive = FlowArchive.in(database);
    private final List<String> problems = new CopyOnWriteArrayList<>();

    @TempDir
    private Path folder;

    @AfterAll
    static void stop() {
        EMBEDDED.close();
    }

    @BeforeEach
    void write() throws IOException {
        file("front-desk.json", "front-desk", 1, "Goodbye.");
        file("reception.json", "reception", 7, "Goodbye.");
    }

    @AfterEach
    void close() {
        database.close();
        way.close();
    }

    @Test
    void filesAreRunWhereAnOrganizationHasActivatedNothing() {
        Flows flows = worker();

        assertThat(named(flows.forCall(organization, null))).isEqualTo("front-desk 1");
        assertThat(named(flows.forCall(organization, " "))).isEqualTo("front-desk 1");
        assertThat(named(flows.forCall(organization, "reception"))).isEqualTo("reception 7");
        assertThat(named(flows.current(organization, "reception"))).isEqualTo("reception 7");
        assertThat(flows.forCall(organization, "nobody")).isEmpty();
        assertThat(flows.current(organization, "nobody")).isEmpty();
        assertThat(flows.version(organization, "reception", 8)).isEmpty();
    }

    @Test
    void whatAnOrganizationActivatesComesBeforeTheFileOfThatId() throws Exception {
        put("front-desk", 5, "From the database.");
        put("reception", 9, "From the database.");
        put("billing", 2, "Only in the database.");
        Flows flows = worker();
        assertThat(named(flows.forCall(organization, null)))
                .as("put, not active")
                .isEqualTo("front-desk 1");

        activate("front-desk", 5);
        activate("reception", 9);
        activate("billing", 2);

        assertThat(named(flows.forCall(organization, null))).isEqualTo("front-desk 5");
        assertThat(named(flows.forCall(organization, "reception.json"))).isEqualTo("reception 9");
        assertThat(named(flows.forCall(organization, "billing"))).isEqualTo("billing 2");
        assertThat(named(flows.current(organization, "billing"))).isEqualTo("billing 2");
        assertThat(named(flows.version(organization, "reception", 7)))
                .as("a call that began with the file goes on with it")
                .isEqualTo("reception 7");
        assertThat(named(flows.forCall("another", null))).isEqualTo("front-desk 1");
        assertThat(flows.forCall("another", "billing")).isEmpty();
        assertThat(flows.version("another", "billing", 2)).isEmpty();
        assertThat(flows.standard().version()).isEqualTo(1);

        put("reception", 8, "Older.");
        activate("reception", 8);
        assertThat(named(flows.forCall(organization, "reception"))).isEqualTo("reception 8");
        assertThat(flows.forCall(organization, "reception"))
                .as("read once")
                .containsSame(flows.forCall(organization, "reception").orElseThrow());
        assertThat(problems).isEmpty();
    }

    @Test
    void theFirstCallOfAFilesVersionFixesIt() throws IOException {
        assertThat(goodbye(worker().forCall(organization, "reception"))).contains("Goodbye.");
        file("reception.json", "reception", 7, "So long.");

        Flows later = worker();
        for (int i = 0; i < 3; i++) {
            assertThat(goodbye(later.forCall(organization, "reception"))).contains("Goodbye.");
        }
        assertThat(problems)
                .containsExactly("version 7 of reception of organization " + organization
                        + " was used by calls with another content, which goes on: raise its version to 8");
        assertThat(goodbye(later.forCall("new-" + organization, "reception")))
                .as("no call of this one ran it")
                .contains("So long.");

        file("reception.json", "reception", 8, "So long.");
        assertThat(named(later.forCall(organization, "reception"))).isEqualTo("reception 8");
        assertThat(goodbye(later.version(organization, "reception", 7)))
                .as("a call goes on with what it began with")
                .contains("Goodbye.");
        assertThat(archive.versions(organization, "reception"))
                .extracting(FlowArchive.Version::version)
                .containsExactly(8, 7);
    }

    @Test
    void ofTwoWorkersWithDifferentFilesTheFirstCallDecidesForBoth() throws Exception {
        List<Flows> workers = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            file("reception.json", "reception", 7, "Goodbye number " + i + ".");
            Flows worker = worker();
            worker.current("reads the file", "reception");
            workers.add(worker);
        }

        Set<String> said = new HashSet<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<String>> calls = new ArrayList<>();
            workers.forEach(worker -> calls.add(() -> goodbye(worker.forCall(organization, "reception"))));
            for (Future<String> call : threads.invokeAll(calls)) {
                said.add(call.get());
            }
        }

        assertThat(said).hasSize(1);
    }

    @Test
    void aFrozenDatabaseHoldsUpOneCallForAMomentAndWhatWasActivatedGoesOn() throws Exception {
        put("reception", 9, "From the database.");
        activate("reception", 9);
        Flows flows = worker();
        assertThat(named(flows.forCall(organization, "reception"))).isEqualTo("reception 9");

        way.freeze();
        try {
            long begun = System.nanoTime();
            for (int i = 0; i < 10; i++) {
                assertThat(named(flows.forCall(organization, "reception"))).isEqualTo("reception 9");
                assertThat(named(flows.forCall(organization, null))).isEqualTo("front-desk 1");
            }
            assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(30));
        } finally {
            way.thaw();
        }

        assertThat(problems).isNotEmpty();
        Awaitility.await().until(() -> {
            flows.forCall(organization, null);
            return !archive.versions(organization, "front-desk").isEmpty();
        });
    }

    @Test
    void aVersionThisProgramCannotRunIsToldOnceAndTheFileGoesOn() throws Exception {
        put("reception", 9, "From the database.");
        activate("reception", 9);
        database.transactions()
                .run(
                        organization,
                        tx -> tx.execute(
                                "update flow_versions set definition = '{\"schemaVersion\": 2}' where version = 9"));
        Flows flows = worker();

        for (int i = 0; i < 3; i++) {
            assertThat(named(flows.forCall(organization, "reception"))).isEqualTo("reception 7");
        }

        assertThat(problems).singleElement().asString().contains("version 9 of reception", "/schemaVersion: ");
    }

    @Test
    void aShareOfCallsRunsTheCanaryAndACallAlwaysTheSame() throws Exception {
        put("reception", 7, "Goodbye.");
        put("reception", 8, "So long.");
        Flows flows = worker();
        assertThat(archive.canary(organization, "reception", new FlowArchive.Canary(8, 30)))
                .as("nothing is active beside it")
                .isFalse();
        activate("reception", 7);
        assertThat(archive.canary(organization, "reception", new FlowArchive.Canary(9, 30)))
                .isFalse();
        assertThat(archive.canary(organization, "reception", new FlowArchive.Canary(8, 30)))
                .isTrue();

        List<UUID> calls = Stream.generate(UUID::randomUUID).limit(1_000).toList();
        Set<UUID> canaries =
                calls.stream().filter(call -> version(flows, call) == 8).collect(Collectors.toSet());
        assertThat(canaries).hasSizeBetween(240, 360); // 30 % and four standard deviations
        Flows another = worker();
        assertThat(calls.stream().filter(call -> version(another, call) == 8)).hasSameElementsAs(canaries);
        assertThat(named(flows.current(organization, "reception"))).isEqualTo("reception 7");

        assertThat(archive.canary(organization, "reception", new FlowArchive.Canary(8, 60)))
                .isTrue();
        assertThat(calls.stream().filter(call -> version(flows, call) == 8))
                .as("a larger share has the calls of the smaller one")
                .containsAll(canaries);
        activate("reception", 8);
        assertThat(archive.list(organization).getFirst().canary()).isNull();
        assertThat(version(flows, calls.getFirst())).isEqualTo(8);
        assertThat(archive.rollBack(organization, "reception")).contains(7);
        assertThat(version(flows, calls.getFirst())).isEqualTo(7);
        assertThat(archive.rollBack(organization, "reception")).contains(8);
    }

    private int version(Flows flows, UUID call) {
        return flows.forCall(organization, "reception", call).orElseThrow().version();
    }

    private Flows worker() {
        return new Flows(
                FlowFolder.open(folder.resolve("front-desk.json"), problems::add),
                CallFlows.in(database, Duration.ofSeconds(2), problems::add));
    }

    private void put(String id, int version, String goodbye) throws InvalidFlowException {
        String document = document(id, version, goodbye);
        assertThat(archive.put(organization, Flow.parse(document), document)).isEqualTo(FlowArchive.Put.STORED);
    }

    private void activate(String id, int version) throws InvalidFlowException {
        Flow flow = Flow.parse(archive.document(organization, id, version).orElseThrow());
        assertThat(archive.activate(organization, flow)).isTrue();
    }

    private void file(String name, String id, int version, String goodbye) throws IOException {
        Files.writeString(folder.resolve(name), document(id, version, goodbye));
    }

    public static String document(String id, int version, String goodbye) {
        return """
                {"schemaVersion": 1, "id": "%s", "version": %d, "name": "A flow", "start": "bye",
                 "nodes": [{"id": "bye", "type": "hangup", "say": "%s"}], "edges": []}
                """.formatted(id, version, goodbye);
    }

    private static String named(Optional<Flow> flow) {
        return flow.map(it -> it.id() + " " + it.version()).orElse("none");
    }

    private static String goodbye(Optional<Flow> flow) {
        return flow.orElseThrow().node("bye").toString();
    }
}
