package dev.recaller.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recaller.memory.privacy.Audit;
import dev.recaller.memory.privacy.Retention;
import dev.recaller.memory.privacy.Swept;
import dev.recaller.sql.Database;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What the sweep leaves in the raw tables. */
final class RetentionTest extends MemoryTest {

    private static final MemoryConfiguration MONTH = new MemoryConfiguration(true, true, true, false, 30, false, false);

    /** That anything is kept. */
    private static final Duration LONGEST = Duration.ofDays(3_650);

    private final Map<String, Integer> flows = Map.of("short", 10);

    @Test
    void everyRowPastItsTimeIsDeletedInAllOrganizationsAndNoOther() {
        clock.step(LONGEST);
        sweeper().sweep(); // what other tests left behind
        for (String organization : List.of("one", "two")) {
            MemoryIdentity old = MemoryIdentity.ofPhone(organization, "+155508001");
            MemoryIdentity young = MemoryIdentity.ofPhone(organization, "+155508002");
            memory.store(old, said("c: My name is Zoe.", "c: Please text me."), MONTH);
            callRow(organization, "any", clock.instant(), 30);
            run(
                    organization,
                    "insert into chunk_vectors select organization_id, id, 'm', '', '', '' from memory_chunks");
            audit(organization, clock.instant());
            memory.store(young, said("c: My name is Yves."), MemoryConfiguration.DEFAULT);
        }
        clock.step(Duration.ofDays(400));
        MemoryIdentity now = MemoryIdentity.ofPhone("one", "+155508003");
        memory.store(now, said("c: My name is Xena.", "c: Please text me."), MONTH);
        clock.step(Duration.ofDays(1));

        Swept swept = sweeper().sweep();

        assertThat(swept.finished()).isTrue();
        assertThat(swept.organizations()).isGreaterThanOrEqualTo(2);
        assertThat(swept.deleted())
                .containsEntry("calls", 2L)
                .containsEntry("entities", 4L)
                .containsEntry("preferences", 2L)
                .containsEntry("audit", 2L)
                .containsEntry("user_memory", 4L);
        assertThat(
                        rows(
                                "select organization_id, phone_number from user_memory where organization_id in ('one', 'two')"))
                .containsExactly("one|+155508003");
        for (String table : List.of("memory_chunks", "chunk_vectors", "entities", "preferences", "calls", "audit")) {
            assertThat(String.join(
                            "\n", rows("select t::text from " + table + " t where organization_id in ('one', 'two')")))
                    .as(table)
                    .doesNotContain("Zoe", "Yves", "155508001");
        }
        assertThat(greeting(now)).isEqualTo("Xena");
        assertThat(sweeper().sweep().deleted())
                .as("a second sweep finds nothing")
                .isEmpty();
    }

    @Test
    void aShorterSettingOfTheOrganizationReachesOldRowsAndALongerOneDoesNot() {
        MemoryIdentity caller = MemoryIdentity.ofPhone("acme", "+155508004");
        memory.store(caller, said("c: My name is John.", "c: Please text me."), MemoryConfiguration.DEFAULT);
        callRow("acme", "any", clock.instant(), 365);
        clock.step(Duration.ofDays(20));
        memory.store(caller, said("c: I play the tuba."), MemoryConfiguration.DEFAULT);
        setting("acme", 3650, null);
        assertThat(sweeper().sweep("acme").shortened()).isZero();

        setting("acme", 100, "{\"retentionDays\": 15}");
        Swept swept = sweeper().sweep("acme");

        assertThat(swept.shortened()).isGreaterThanOrEqualTo(5);
        assertThat(swept.deleted()).containsEntry("calls", 1L).containsEntry("entities", 1L);
        assertThat(rows("select content, extract(day from expires_at - said_at) from memory_chunks"
                        + " where organization_id = 'acme'"))
                .containsExactly("I play the tuba.|15");
        assertThat(rows("select 1 from user_memory where organization_id = 'acme'"))
                .hasSize(1);
    }

    @Test
    void aShorterSettingOfAFlowReachesItsCallsAndWhatTheyLeft() {
        MemoryIdentity caller = MemoryIdentity.ofPhone("flows", "+155508005");
        Conversation brief = said("c: Please text me.");
        Conversation lasting = said("c: I play the tuba.");
        memory.store(caller, brief, MemoryConfiguration.DEFAULT);
        memory.store(caller, lasting, MemoryConfiguration.DEFAULT);
        callRow("flows", "short", clock.instant(), 365, brief.callId());
        callRow("flows", "long", clock.instant(), 365, lasting.callId());
        clock.step(Duration.ofDays(11));

        sweeper().sweep("flows");

        assertThat(rows("select content from memory_chunks where organization_id = 'flows'"))
                .containsExactly("I play the tuba.");
        assertThat(rows("select flow_id from calls where organization_id = 'flows'"))
                .containsExactly("long");
        assertThat(rows("select 1 from preferences where organization_id = 'flows'"))
                .isEmpty();
    }

    @Test
    void aFlowInTheDatabaseCountsAsWell() {
        MemoryIdentity caller = MemoryIdentity.ofPhone("stored", "+155508006");
        Conversation brief = said("c: I play the tuba.");
        memory.store(caller, brief, MemoryConfiguration.DEFAULT);
        callRow("stored", "f", clock.instant(), 365, brief.callId());
        run("stored", "insert into flows (organization_id, id, name, version) values ('stored', 'f', 'F', 2)");
        run(
                "stored",
                "insert into flow_versions (organization_id, flow_id, version, definition) values ('stored', 'f', 2,"
                        + " jsonb_build_object('configuration', jsonb_build_object('memory', jsonb_build_object('retentionDays', 5))))");
        clock.step(Duration.ofDays(6));

        assertThat(sweeper().sweep("stored").deleted())
                .containsEntry("memory_chunks", 1L)
                .containsEntry("calls", 1L);
    }

    @Test
    void whereACallStoodThatItsWorkerDidNotEndIsForgottenADayLater() {
        UUID lost = UUID.randomUUID();
        UUID live = UUID.randomUUID();
        callRow("states", "f", clock.instant(), 365, lost);
        callRow("states", "f", clock.instant(), 365, live);
        for (UUID call : List.of(lost, live)) {
            run(
                    "states",
                    "insert into call_state (organization_id, call_id, node, state, updated_at) values ('states', '"
                            + call + "', 'n', '{}', '"
                            + clock.instant().minus(Duration.ofHours(call.equals(live) ? 23 : 25)) + "')");
        }

        assertThat(sweeper().sweep("states").deleted()).isEqualTo(Map.of("call_state", 1L));

        assertThat(rows("select call_id from call_state where organization_id = 'states'"))
                .containsExactly(live.toString());
    }

    @Test
    void aPreferenceStatedAgainLivesOnFromThen() {
        MemoryIdentity caller = MemoryIdentity.ofPhone("again", "+155508007");
        memory.store(caller, said("c: Please text me."), MONTH);
        clock.step(Duration.ofDays(20));
        memory.store(caller, said("c: Please text me."), MONTH);
        clock.step(Duration.ofDays(15));

        sweeper().sweep("again");

        assertThat(rows("select value from preferences where organization_id = 'again'"))
                .hasSize(1);
    }

    @Test
    void aFactGoesWithTheLastTurnItWasDrawnFrom() {
        MemoryIdentity caller = MemoryIdentity.ofPhone("facts", "+155508008");
        memory.store(caller, said("c: I play the tuba."), MONTH);
        clock.step(Duration.ofDays(10));
        memory.store(caller, said("c: I play it well."), MONTH);
        MemoryId id = memory.getOrCreateMemory(caller).id();
        run(
                "facts",
                "insert into memory_chunks (organization_id, id, memory_id, type, content, said_at, valid_from,"
                        + " source_chunks, expires_at) select 'facts', gen_random_uuid(), '" + id.value()
                        + "', 'fact', 'Plays the tuba well.', max(said_at), max(said_at), array_agg(id), max(expires_at) + interval"
                        + " '1 year' from memory_chunks where organization_id = 'facts'");

        clock.step(Duration.ofDays(21));
        sweeper().sweep("facts");
        assertThat(rows("select type from memory_chunks where organization_id = 'facts' order by type"))
                .containsExactly("conversation", "fact");
        clock.step(Duration.ofDays(10));
        sweeper().sweep("facts");
        assertThat(rows("select type from memory_chunks where organization_id = 'facts'"))
                .isEmpty();
    }

    @Test
    void manyBatchesAreSweptAndAnInterruptedSweepGoesOnNextTime() {
        MemoryIdentity caller = MemoryIdentity.ofPhone("many", "+155508009");
        memory.store(caller, said("c: I play the tuba."), MONTH);
        run(
                "many",
                "insert into memory_chunks (organization_id, id, memory_id, type, content, said_at, valid_from, expires_at)"
                        + " select organization_id, gen_random_uuid(), memory_id, 'fact', 'x', said_at, valid_from, expires_at"
                        + " from memory_chunks, generate_series(1, 2500) where organization_id = 'many'");
        clock.step(Duration.ofDays(31));

        Thread.currentThread().interrupt();
        Swept interrupted = sweeper().sweep("many");
        assertThat(Thread.interrupted()).isTrue();
        assertThat(interrupted.finished()).isFalse();
        assertThat(interrupted.deleted()).isEmpty();

        assertThat(sweeper().sweep("many").deleted()).containsEntry("memory_chunks", 2501L);
    }

    private Retention sweeper() {
        return new Retention(database, clock, flows);
    }

    private Conversation said(String... lines) {
        return conversation(lines);
    }

    private void audit(String organization, Instant at) {
        new Audit(database, () -> at).note(organization, "operator:test", Audit.Action.LIST);
    }

    private void callRow(String organization, String flow, Instant started, int days) {
        callRow(organization, flow, started, days, UUID.randomUUID());
    }

    private void callRow(String organization, String flow, Instant started, int days, UUID id) {
        run(
                organization,
                "insert into calls (organization_id, id, flow_id, flow_version, room, started_at, expires_at)"
                        + " values ('" + organization + "', '" + id + "', '" + flow + "', 1, 'call_+155508001', '"
                        + started
                        + "', '" + started.plus(Duration.ofDays(days)) + "')");
    }

    private void setting(String organization, int days, @Nullable String defaults) {
        try (Database owner = Database.open(urls().owner(), 1)) {
            owner.transactions()
                    .run(
                            organization,
                            tx -> tx.execute(
                                    "insert into organizations (organization_id, name, retention_days, memory)"
                                            + " values (?, 'A', ?, ?::jsonb) on conflict (organization_id) do update set"
                                            + " retention_days = excluded.retention_days, memory = excluded.memory",
                                    organization,
                                    days,
                                    defaults));
        }
    }

    private void run(String organization, String sql) {
        database.transactions().run(organization, tx -> tx.execute(sql));
    }
}
