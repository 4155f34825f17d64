package dev.recaller.worker.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recaller.flow.EndReason;
import dev.recaller.flow.FlowContext;
import dev.recaller.flow.FlowListener;
import dev.recaller.flow.FlowListener.RecallOutcome;
import dev.recaller.flow.FlowResult;
import dev.recaller.memory.Assurance;
import dev.recaller.sql.Database;
import dev.recaller.sql.EmbeddedDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The views over rows made by hand: organization {@code five} has five callers, {@code four} has four. */
class MemoryStatisticsTest {

    private static final String JOB = "('{\"organizationId\":\"%s\",\"callId\":\"x\"}')::bytea";

    private static EmbeddedDatabase embedded;
    private static Database reader;
    private static Database worker;

    @BeforeAll
    static void fill() throws SQLException {
        embedded = EmbeddedDatabase.temporary();
        reader = Database.open(embedded.urls().reader(), 1);
        worker = Database.open(embedded.urls().worker(), 4);
        fill("five", 5);
        fill("four", 4);
    }

    private static void fill(String organization, int callers) throws SQLException {
        try (Connection connection = worker.connection();
                Statement statement = connection.createStatement()) {
            statement.execute("set local recaller.organization_id = '" + organization + "'");
            for (int caller = 0; caller < callers; caller++) {
                UUID memory = UUID.randomUUID();
                statement.execute(
                        "insert into user_memory (organization_id, id, user_id, conversation_count, created_at)"
                                + " values ('%s', '%s', 'u%d', %d, '%s')"
                                        .formatted(
                                                organization,
                                                memory,
                                                caller,
                                                caller + 1,
                                                caller == 0 ? "2026-03-01" : "2026-03-04"));
                statement.execute(
                        "insert into calls (organization_id, id, memory_id, flow_id, flow_version, started_at)"
                                + " values ('%s', gen_random_uuid(), '%s', 'f', 1, '2026-03-04T23:00:00Z')"
                                        .formatted(organization, memory));
                statement.execute("insert into memory_chunks (organization_id, id, memory_id, type, content, topics,"
                        + " said_at, valid_from, tokens, expires_at) values ('%s', gen_random_uuid(), '%s', 'fact', 'x',"
                                .formatted(organization, memory)
                        + " '{Billing,caller_name" + (caller == 0 ? ",divorce" : "") + "}', now(), now(), 3, "
                        + (caller == 0 ? "'2026-01-02T03:04:05Z'" : "now() + interval '1 day'") + ")");
                statement.execute(
                        "insert into entities (organization_id, id, memory_id, type, name, first_mentioned_at,"
                                + " last_mentioned_at, mention_count) values"
                                + " ('%1$s', gen_random_uuid(), '%2$s', 'person', 'John', now(), now(), 1),"
                                        .formatted(organization, memory)
                                + " ('%1$s', gen_random_uuid(), '%2$s', 'place', 'Berlin', now(), now(), 2)"
                                        .formatted(organization, memory));
            }
            statement.execute("insert into memory_usage values ('" + organization + "', '2026-03-04', 8, 6, 1)");
            statement.execute(
                    "insert into scheduled_tasks (task_name, task_instance, task_data, execution_time, picked,"
                            + " version, consecutive_failures) values"
                            + " ('extraction', '%1$s/due', %2$s, now() - interval '1 hour', false, 1, 2),"
                                    .formatted(organization, JOB.formatted(organization))
                            + " ('extraction', '%1$s/later', %2$s, now() + interval '1 hour', false, 1, null)"
                                    .formatted(organization, JOB.formatted(organization)));
            statement.execute("insert into parked_jobs values ('extraction', '%s/parked', %s, 5, 'timeout', now())"
                    .formatted(organization, JOB.formatted(organization)));
            connection.commit();
        }
    }

    @AfterAll
    static void close() {
        worker.close();
        reader.close();
        embedded.close();
    }

    @Test
    void tellsOfFiveCallersWhatNoneOfThemAloneShows() throws SQLException {
        Map<String, List<Map<String, Object>>> five = new MemoryStatistics(reader).read("five");

        assertThat(five.get("callers"))
                .extracting(row -> row.get("period") + " " + row.get("start") + " " + row.get("callers") + " "
                        + row.get("new_callers"))
                .containsExactly("day 2026-03-04 5 4", "week 2026-03-02 5 4");
        assertThat(five.get("returning"))
                .extracting(row ->
                        row.get("callers") + " " + row.get("returning_callers") + " " + row.get("returning_rate"))
                .containsExactly("5 4 0.800");
        assertThat(five.get("recalls"))
                .extracting(row -> row.get("day") + " " + row.get("recalls") + " " + row.get("helped_rate"))
                .containsExactly("2026-03-04 8 0.750");
        assertThat(five.get("chunks"))
                .extracting(row -> row.get("type") + " " + row.get("chunks") + " " + row.get("tokens"))
                .containsExactly("fact 5 15");
        assertThat(five.get("topics"))
                .as("what one caller spoke of is not there, and names of people never are")
                .extracting(row -> row.get("place") + " " + row.get("kind") + " " + row.get("topic"))
                .containsExactly("1 place berlin", "2 topic billing");
        assertThat(five.get("retention"))
                .extracting(row -> row.get("rows_of") + " " + row.get("expired") + " " + row.get("oldest"))
                .containsExactly("memory_chunks 1 2026-01-02");
        assertThat(five.get("extraction")).singleElement().satisfies(row -> {
            assertThat(row)
                    .containsEntry("due", 1L)
                    .containsEntry("retrying", 1L)
                    .containsEntry("parked", 1L);
            assertThat((Long) row.get("lag_seconds")).isBetween(3600L, 3700L);
        });
    }

    @Test
    void withholdsWhatFourCallersWouldShow() throws SQLException {
        Map<String, List<Map<String, Object>>> four = new MemoryStatistics(reader).read("four");

        assertThat(four.keySet())
                .containsExactly("callers", "returning", "recalls", "chunks", "topics", "retention", "extraction");
        assertThat(List.of("callers", "returning", "recalls", "chunks", "topics"))
                .allSatisfy(view -> assertThat(four.get(view)).as(view).isEmpty());
        assertThat(four.get("extraction")).as("work that waits").hasSize(1);
    }

    @Test
    void theWorkerSeesItsOrganizationAndTheReaderAll() throws SQLException {
        assertThat(organizations(new MemoryStatistics(reader).read(null))).containsExactlyInAnyOrder("five", "four");
        assertThat(organizations(new MemoryStatistics(worker).read("five"))).containsExactly("five");
        assertThat(organizations(new MemoryStatistics(worker).read(null))).isEmpty();
        assertThat(new MemoryStatistics(worker).read("five").get("chunks")).hasSize(1);
    }

    private static List<Object> organizations(Map<String, List<Map<String, Object>>> statistics) {
        return statistics.values().stream()
                .flatMap(List::stream)
                .<Object>map(row -> row.get("organization_id"))
                .distinct()
                .toList();
    }

    @Test
    void recallsAreCountedByDayWhenACallEnds() throws SQLException {
        var heard = new ArrayList<RecallOutcome>();
        FlowListener next = new FlowListener() {
            @Override
            public void recalled(FlowContext context, RecallOutcome outcome, Duration took) {
                heard.add(outcome);
            }
        };
        for (int call = 0; call < 2; call++) {
            Instant at = Instant.parse("2026-03-0" + (call + 1) + "T12:00:00Z");
            try (RecallListener counting = RecallListener.in(worker, () -> at)) {
                FlowListener listener = next.then(counting);
                var context = new FlowContext(UUID.randomUUID(), "counted", "u", Map.of(), Assurance.PRESENTED);
                for (RecallOutcome outcome : RecallOutcome.values()) {
                    listener.recalled(context, outcome, Duration.ZERO);
                }
                listener.ended(context, new FlowResult(EndReason.CALLER_HANGUP, List.of(), null));
                listener.recalled(context, RecallOutcome.FOUND, Duration.ZERO);
            }
        }

        assertThat(heard).hasSize(10);
        try (Connection connection = reader.connection();
                Statement statement = connection.createStatement();
                var rows =
                        statement.executeQuery("select concat_ws(' ', day, recalls, helped, failed) from memory_usage"
                                + " where organization_id = 'counted' order by day")) {
            var counted = new ArrayList<String>();
            while (rows.next()) {
                counted.add(rows.getString(1));
            }
            assertThat(counted).containsExactly("2026-03-01 5 2 2", "2026-03-02 5 2 2");
        }
    }
}
