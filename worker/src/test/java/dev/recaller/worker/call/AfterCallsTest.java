package dev.recaller.worker.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.recaller.flow.FlowContext;
import dev.recaller.flow.FlowListener;
import dev.recaller.flow.definition.Flow;
import dev.recaller.flow.engine.FlowRunner;
import dev.recaller.memory.Assurance;
import dev.recaller.memory.Entity;
import dev.recaller.memory.ExtractionJob;
import dev.recaller.memory.MemoryId;
import dev.recaller.memory.UnifiedMemoryService;
import dev.recaller.memory.extract.Extraction;
import dev.recaller.memory.jobs.MemoryJobs;
import dev.recaller.sql.Database;
import dev.recaller.sql.EmbeddedDatabase;
import dev.recaller.worker.console.TerminalLine;
import dev.recaller.worker.telemetry.JobMeters;
import dev.recaller.worker.telemetry.Meters;
import java.io.BufferedReader;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class AfterCallsTest {
    private static final Extraction ACME = new Extraction(
            List.of(new Extraction.Entity(Extraction.EntityType.ORGANIZATION, "Acme", List.of(1))),
            List.of(),
            List.of());

    private static EmbeddedDatabase server;
    private static Database database;
    private static UnifiedMemoryService memory;

    private final Meters meters = new Meters();
    private final List<String> models = new CopyOnWriteArrayList<>();

    @BeforeAll
    static void open() {
        server = EmbeddedDatabase.temporary();
        database = Database.open(server.urls().worker());
        memory = new UnifiedMemoryService(database, InstantSource.system(), "a key of the tests", null);
    }

    @AfterAll
    static void close() {
        database.close();
        server.close();
    }

    @Test
    void aModelReadsACallWhereItsFlowAsksForItAndMetricsTell() throws Exception {
        UUID call = called("\"autoStore\": true, \"extractEntities\": true", "+14155550161");
        try (MemoryJobs jobs = jobs();
                var afterCalls = new AfterCalls(jobs)) {
            assertThat(meters.scrape())
                    .contains("recaller_memory_jobs{kind=\"extraction\",state=\"pending\"} 1.0")
                    .contains("recaller_memory_jobs{kind=\"extraction\",state=\"running\"} 0.0")
                    .contains("recaller_memory_jobs{kind=\"extraction\",state=\"parked\"} 0.0")
                    .contains("recaller_memory_jobs_lag_seconds{kind=\"extraction\"} 0.0");
            jobs.start();
            List<String> order = new CopyOnWriteArrayList<>();

            afterCalls.ended(call, () -> order.add("row"));

            await().untilAsserted(() -> assertThat(meters.scrape())
                    .contains("recaller_memory_job_seconds_count{kind=\"extraction\",outcome=\"done\"} 1"));
            assertThat(order).containsExactly("row");
        }
        MemoryId caller = memory.memoryOf("acme", call).orElseThrow();
        assertThat(memory.entities(caller)).extracting(Entity::name).contains("Acme");
        assertThat(models).as("the flow's own").containsExactly("a-model");
    }

    @Test
    void noModelReadsItWhereTheFlowDoesNotAsk() throws Exception {
        UUID call = called("\"autoStore\": true", "+14155550162");
        try (MemoryJobs jobs = jobs()) {
            assertThat(jobs.extractNow(call)).isEmpty();
        }
        assertThat(memory.entities(memory.memoryOf("acme", call).orElseThrow())).isEmpty();
        assertThat(models).isEmpty();
    }

    @Test
    void aCallThatStoredNothingIsNoJob() throws Exception {
        UUID call = called("\"extractEntities\": true", "+14155550163");
        try (MemoryJobs jobs = jobs()) {
            assertThat(jobs.extractNow(call)).isEmpty();
        }
        assertThat(memory.memoryOf("acme", call)).isEmpty();
    }

    private MemoryJobs jobs() {
        var jobMeters = new JobMeters(meters);
        var jobs = new MemoryJobs(
                database,
                memory,
                model -> {
                    models.add(model.orElse("none"));
                    return _ -> ACME;
                },
                List.of(),
                InstantSource.system(),
                jobMeters);
        jobMeters.watch(jobs, List.of(ExtractionJob.KIND));
        return jobs;
    }

    /** A caller who says one thing and hangs up. */
    private static UUID called(String memoryFields, String number) throws Exception {
        Flow flow = Flow.parse("""
                        {"schemaVersion": 1, "id": "f", "version": 1, "name": "F", "start": "ask",
                         "configuration": {"memory": {%s}, "models": {"chat": "a-model"}},
                         "nodes": [{"id": "ask", "type": "say", "text": "Where do you work?"},
                                   {"id": "hear", "type": "listen"},
                                   {"id": "bye", "type": "hangup", "say": "Goodbye."}],
                         "edges": [{"from": "ask", "to": "hear"}, {"from": "hear", "to": "bye"}]}
                        """.formatted(memoryFields));
        UUID call = UUID.randomUUID();
        var context =
                new FlowContext(call, "acme", null, Map.of(FlowContext.PHONE_NUMBER, number), Assurance.PRESENTED);
        var line = new TerminalLine(
                new BufferedReader(new StringReader("I work for Acme in Boston.\n")),
                new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8),
                null);
        new FlowRunner(memory, null, new FlowListener() {}).run(flow, context, line);
        return call;
    }
}
