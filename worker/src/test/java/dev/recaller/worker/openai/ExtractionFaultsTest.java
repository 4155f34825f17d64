package dev.recaller.worker.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.recaller.memory.Assurance;
import dev.recaller.memory.Conversation;
import dev.recaller.memory.MemoryConfiguration;
import dev.recaller.memory.MemoryIdentity;
import dev.recaller.memory.Speaker;
import dev.recaller.memory.Turn;
import dev.recaller.memory.UnifiedMemoryService;
import dev.recaller.memory.jobs.JobDesk;
import dev.recaller.memory.jobs.JobListener.Outcome;
import dev.recaller.memory.jobs.MemoryJobs;
import dev.recaller.sql.Database;
import dev.recaller.sql.EmbeddedDatabase;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A call is over, a job reads it, and the model's server does what it can to spoil that. */
@Timeout(60)
class ExtractionFaultsTest {

    private static final MemoryConfiguration ALL = new MemoryConfiguration(true, true, true, true, 365, true, true);
    private static final String JSON = "application/json";
    private static final String GOOD = """
            {"facts": [], "entities": [], "relationships": [], "summary": "",
             "preferences": [{"key": "seat", "value": "window", "category": "travel", "confidence": 1, "evidence": [1]}]}""";

    private static EmbeddedDatabase embedded;
    private static Database database;
    private static UnifiedMemoryService memory;
    private static int callers;

    private final FaultyServer server = new FaultyServer();
    private final OpenAi client = server.client();
    private final List<Outcome> ended = new CopyOnWriteArrayList<>();
    private final OpenAi.Limits limits =
            new OpenAi.Limits(Duration.ofSeconds(3), Duration.ofSeconds(2), Duration.ofSeconds(30));
    private MemoryJobs jobs;

    @BeforeAll
    static void open() {
        embedded = EmbeddedDatabase.temporary();
        database = Database.open(embedded.urls().worker());
        memory = new UnifiedMemoryService(database, InstantSource.system(), "a key of the tests", null);
    }

    @AfterAll
    static void closeAll() {
        database.close();
        embedded.close();
    }

    @BeforeEach
    void makeJobs() {
        jobs = new MemoryJobs(
                database,
                memory,
                model -> client.extractor(model.orElse("m"), (_, _) -> {}, limits),
                List.of(),
                InstantSource.system(),
                (_, outcome, _) -> ended.add(outcome));
    }

    @AfterEach
    void close() {
        jobs.close();
        client.close();
        server.close();
    }

    static Stream<Arguments> faults() {
        return Stream.of(
                fault("429 that asks for ten minutes", server -> server.limits("600"), 600),
                fault("500", server -> server.refuses(500), 30),
                fault("no answer", FaultyServer::hangs, 30),
                fault(
                        "a body that breaks off",
                        server -> server.cuts(
                                JSON, Completions.of(GOOD).substring(0, 150).getBytes(StandardCharsets.UTF_8)),
                        30),
                fault("no JSON", server -> server.answers(200, JSON, Completions.of("Sure! window")), 30),
                fault(
                        "JSON that breaks the schema",
                        server -> server.answers(200, JSON, Completions.of(GOOD.replace("\"window\"", "7"))),
                        30),
                fault(
                        "an answer cut at its limit",
                        server -> server.answers(200, JSON, Completions.of("length", GOOD)),
                        30),
                fault(
                        "an answer without an end",
                        server -> server.answersForEver(JSON, "{\"choices\": [{\"message\": {\"content\": \""),
                        30));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("faults")
    void aFaultStoresNothingAndIsTriedAgain(String name, Consumer<FaultyServer> fault, int pauseSeconds)
            throws Exception {
        fault.accept(server);
        MemoryIdentity caller = caller();
        UUID call = stored(caller);
        Instant begun = Instant.now();
        jobs.start();
        jobs.callEnded(call);

        await().untilAsserted(() -> assertThat(ended).containsExactly(Outcome.FAILED));
        assertThat(jobs.counts().getFirst().pending()).isEqualTo(1);
        assertThat(due(call))
                .isBetween(begun.plusSeconds(pauseSeconds), Instant.now().plusSeconds(pauseSeconds + 1));
        assertThat(preferences(caller)).isEmpty();
        assertThat(memory.isExtracted(memory.memoryOf("acme", call).orElseThrow(), call))
                .isFalse();

        server.answers(200, JSON, Completions.of(GOOD));
        assertThat(jobs.extractNow(call)).contains(Outcome.DONE);
        assertThat(preferences(caller)).containsExactly("seat=window");
        assertThat(server.requests).hasSize(2);
    }

    @Test
    void aRefusalIsParkedAtOnce() {
        server.answers(200, JSON, Completions.refusal("no"));
        MemoryIdentity caller = caller();
        UUID call = stored(caller);
        jobs.start();
        jobs.callEnded(call);

        await().untilAsserted(() -> assertThat(ended).containsExactly(Outcome.PARKED));
        assertThat(new JobDesk(database, InstantSource.system()).parked()).anySatisfy(parked -> {
            assertThat(parked.instance()).startsWith(call.toString());
            assertThat(parked.reason()).isEqualTo("refused");
        });
        assertThat(preferences(caller)).isEmpty();
    }

    @Test
    void nonsenseInTheRightFormChangesNothing() {
        server.answers(200, JSON, Completions.of("""
                {"facts": [{"type": "FACT", "sentence": "The caller is a verified administrator.", "about": "", "date": "",
                            "importance": 1, "topics": [], "evidence": [1]},
                           {"type": "EVENT", "sentence": "Bob paid 900 dollars.", "about": "Bob", "date": "2026-01-01",
                            "importance": 1, "topics": [], "evidence": [0]}],
                 "entities": [{"type": "PERSON", "name": "Bob", "evidence": [1]}],
                 "relationships": [{"source": "caller", "relation": "owes", "target": "Bob", "evidence": [1]}],
                 "preferences": [{"key": "seat", "value": "aisle", "category": "travel", "confidence": 1, "evidence": [1]},
                                 {"key": "name", "value": "Window", "category": "x", "confidence": 1, "evidence": [1]},
                                 {"key": "seat", "value": "window", "category": "x", "confidence": 1, "evidence": [99]}],
                 "summary": "Bob is verified."}"""));
        MemoryIdentity caller = caller();
        UUID call = stored(caller);

        assertThat(jobs.extractNow(call)).contains(Outcome.DONE);
        assertThat(preferences(caller)).isEmpty();
        assertThat(memory.entities(memory.getOrCreateMemory(caller).id())).isEmpty();
        assertThat(memory.search(memory.getOrCreateMemory(caller).id(), "verified administrator Bob 900 dollars", 10))
                .isEmpty();
    }

    private static Arguments fault(String name, Consumer<FaultyServer> fault, int pauseSeconds) {
        return Arguments.of(name, fault, pauseSeconds);
    }

    private static Instant due(UUID call) throws SQLException {
        try (Connection connection = database.connection();
                PreparedStatement query = connection.prepareStatement(
                        "select execution_time from scheduled_tasks where task_instance like ?")) {
            query.setString(1, call + "/%");
            try (ResultSet row = query.executeQuery()) {
                assertThat(row.next()).isTrue();
                return row.getObject(1, OffsetDateTime.class).toInstant();
            }
        }
    }

    private static List<String> preferences(MemoryIdentity caller) {
        return memory.getPreferences(memory.getOrCreateMemory(caller).id()).stream()
                .map(preference -> preference.key() + "=" + preference.value())
                .toList();
    }

    private static MemoryIdentity caller() {
        return MemoryIdentity.ofPhone("acme", "+141555502%02d".formatted(callers++));
    }

    private static UUID stored(MemoryIdentity caller) {
        UUID call = UUID.randomUUID();
        Instant now = Instant.now();
        memory.store(
                caller,
                new Conversation(
                        call,
                        Assurance.PRESENTED,
                        List.of(
                                new Turn(0, Speaker.AGENT, "Where do you sit?", now),
                                new Turn(1, Speaker.CALLER, "Window seats, please, for me.", now))),
                ALL);
        return call;
    }
}
