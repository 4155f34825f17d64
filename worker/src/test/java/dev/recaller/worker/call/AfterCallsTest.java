package dev.recaller.worker.call;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recaller.flow.definition.Flow;
import dev.recaller.flow.definition.FlowConfiguration;
import dev.recaller.memory.Assurance;
import dev.recaller.memory.Conversation;
import dev.recaller.memory.Entity;
import dev.recaller.memory.MemoryId;
import dev.recaller.memory.MemoryIdentity;
import dev.recaller.memory.Speaker;
import dev.recaller.memory.Turn;
import dev.recaller.memory.UnifiedMemoryService;
import dev.recaller.memory.extract.Extraction;
import dev.recaller.memory.extract.Extractor;
import dev.recaller.sql.Database;
import dev.recaller.sql.EmbeddedDatabase;
import dev.recaller.worker.speech.ProviderException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

final class AfterCallsTest {
    private static final Extractor FINDS_ACME = call -> new Extraction(
            List.of(new Extraction.Entity(Extraction.EntityType.ORGANIZATION, "Acme", List.of(1))),
            List.of(),
            List.of(new Extraction.Preference("seat", "window", "travel", 0.9, List.of(1))));

    private static EmbeddedDatabase server;
    private static Database database;
    private static UnifiedMemoryService memory;

    @BeforeAll
    static void open() {
        server = EmbeddedDatabase.temporary();
        database = Database.open(server.urls().worker());
        memory = new UnifiedMemoryService(database, InstantSource.system(), null);
    }

    @AfterAll
    static void close() {
        database.close();
        server.close();
    }

    @Test
    void keepsWhatAModelFoundWhereTheFlowAsksForIt() throws Exception {
        FlowConfiguration flow = flow("\"extractEntities\": true, \"extractPreferences\": true");
        MemoryId caller = after(stored("+14155550161", flow), flow, FINDS_ACME);

        assertThat(memory.entities(caller)).extracting(Entity::name).contains("Acme");
        assertThat(memory.getPreferences(caller)).singleElement().satisfies(preference -> {
            assertThat(preference.key()).isEqualTo("seat");
            assertThat(preference.value()).isEqualTo("window");
        });
    }

    @Test
    void asksNoModelWhereTheFlowDoesNot() throws Exception {
        FlowConfiguration flow = flow("\"autoStore\": true");
        MemoryId caller = after(stored("+14155550162", flow), flow, call -> {
            throw new AssertionError("nobody asked for this");
        });
        assertThat(memory.entities(caller)).isEmpty();
    }

    @Test
    void losesOnlyWhatAFailingModelWouldHaveFound() throws Exception {
        FlowConfiguration flow = flow("\"extractEntities\": true");
        MemoryId caller = after(stored("+14155550163", flow), flow, call -> {
            throw ProviderException.failed("the model is away", null);
        });
        assertThat(memory.history(caller, 10)).hasSize(2);
        assertThat(memory.entities(caller)).isEmpty();
    }

    @Test
    void hasNothingToReadInACallThatStoredNothing() throws Exception {
        FlowConfiguration flow = flow("\"extractEntities\": true");
        UUID never = UUID.randomUUID();
        run(never, flow, call -> {
            throw new AssertionError("there is nothing to read");
        });
        assertThat(memory.memoryOf("acme", never)).isEmpty();
    }

    private static MemoryId after(UUID callId, FlowConfiguration flow, Extractor extractor) {
        run(callId, flow, extractor);
        return memory.memoryOf("acme", callId).orElseThrow();
    }

    /** Closing waits for what was begun. */
    private static void run(UUID callId, FlowConfiguration flow, Extractor extractor) {
        try (var afterCalls = new AfterCalls(memory, _ -> extractor)) {
            afterCalls.ended("acme", callId, flow, () -> {});
        }
    }

    private static UUID stored(String number, FlowConfiguration flow) {
        UUID callId = UUID.randomUUID();
        Instant now = Instant.now();
        memory.store(
                MemoryIdentity.ofPhone("acme", number),
                new Conversation(
                        callId,
                        Assurance.PRESENTED,
                        List.of(
                                new Turn(0, Speaker.AGENT, "How can I help?", now),
                                new Turn(1, Speaker.CALLER, "I work for Acme and like a window seat.", now))),
                memory.configuration("acme", flow.memory()));
        return callId;
    }

    private static FlowConfiguration flow(String memoryFields) throws Exception {
        return Flow.parse("""
                        {"schemaVersion": 1, "id": "f", "version": 1, "name": "F", "start": "bye",
                         "configuration": {"memory": {%s}},
                         "nodes": [{"id": "bye", "type": "hangup", "say": "Goodbye."}], "edges": []}
                        """.formatted(memoryFields)).configuration();
    }
}
