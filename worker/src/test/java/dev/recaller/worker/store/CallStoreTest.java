package dev.recaller.worker.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recaller.flow.EndReason;
import dev.recaller.sql.Database;
import dev.recaller.sql.EmbeddedDatabase;
import dev.recaller.worker.store.CallStore.Call;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CallStoreTest {

    private static final Instant START = Instant.parse("2026-11-22T10:00:00Z");

    private final EmbeddedDatabase embedded = EmbeddedDatabase.temporary();
    private final Database database = Database.open(embedded.urls().worker(), 2);
    private final AtomicInteger lost = new AtomicInteger();
    private final CallStore store = CallStore.in(database, lost::incrementAndGet);

    @AfterEach
    void close() {
        database.close();
        embedded.close();
    }

    @Test
    void keepsOneRowForACallFromItsStartToItsEnd() throws SQLException {
        Call call = new Call(
                UUID.randomUUID(),
                "acme",
                "front-desk",
                3,
                30,
                new CallStore.Telephone("call_+1234567890_x", "RM_1", "sip-1", "ST_1", "leg-1", "session-1", "0011"),
                START,
                null,
                null,
                null,
                null);
        assertThat(store.save(call)).isTrue();
        Call answered = call.answered(START.plusSeconds(2));
        assertThat(store.save(answered)).isTrue();
        assertThat(store.end(answered.ended(START.plusSeconds(9), EndReason.CALLER_HANGUP), true))
                .isTrue();

        assertThat(ask("SELECT concat_ws('|', organization_id, id, flow_id, flow_version, room, room_sid, sip_call_id,"
                        + " sip_trunk_id, carrier_call_id, carrier_session_id, number_hash, extract(epoch FROM answered_at - started_at)::int,"
                        + " extract(epoch FROM ended_at - started_at)::int, end_reason,"
                        + " extract(day FROM expires_at - started_at)) FROM calls"))
                .isEqualTo("acme|" + call.id()
                        + "|front-desk|3|call_+1234567890_x|RM_1|sip-1|ST_1|leg-1|session-1|0011|2|9|caller_hangup|30");
        assertThat(ask("SELECT count(*) FROM calls")).isEqualTo("1");
        assertThat(lost).hasValue(0);
    }

    @Test
    void tellsWhetherWhoWasDialledPickedUpAndWhatTheNetworkSaidToTheirOrganizationOnly() {
        CallOutcomes outcomes = CallOutcomes.in(database);
        Call call = Call.ofText(UUID.randomUUID(), "acme", "front-desk", 3, 30, START);
        assertThat(outcomes.find("acme", call.id())).isEmpty();

        assertThat(store.end(call.notReached(486).ended(START.plusSeconds(9), EndReason.BUSY), false))
                .isTrue();

        assertThat(outcomes.find("acme", call.id())).contains(new CallOutcomes.CallOutcome(START, "busy", 486));
        assertThat(outcomes.find("other", call.id())).isEmpty();
    }

    @Test
    void writesTheWholeRowAtTheEndWhenTheStartWasLost() throws SQLException {
        Call call = Call.ofText(UUID.randomUUID(), "acme", "front-desk", 1, 365, START);

        assertThat(store.end(call.ended(START.plusSeconds(1), EndReason.AGENT_HANGUP), false))
                .isTrue();

        assertThat(ask("SELECT end_reason FROM calls")).isEqualTo("agent_hangup");
    }

    @Test
    void aCallErasedWhileItGoesOnLeavesNoRowAtItsEnd() throws SQLException {
        Call call = Call.ofText(UUID.randomUUID(), "acme", "front-desk", 1, 365, START);
        store.save(call);
        try (Connection connection = database.connection();
                Statement statement = connection.createStatement()) {
            statement.execute("SELECT set_config('recaller.organization_id', 'acme', true)");
            statement.execute("DELETE FROM calls");
            connection.commit();
        }

        assertThat(store.end(call.ended(START.plusSeconds(5), EndReason.CALLER_HANGUP), true))
                .isTrue();

        assertThat(ask("SELECT count(*) FROM calls")).isEqualTo("0");
    }

    @Test
    void refersToTheMemoryItsTurnsWentTo() throws SQLException {
        UUID memory = UUID.randomUUID();
        Call call = Call.ofText(UUID.randomUUID(), "acme", "front-desk", 1, 365, START);
        store.save(call);
        try (Connection connection = database.connection();
                Statement statement = connection.createStatement()) {
            statement.execute("SELECT set_config('recaller.organization_id', 'acme', true)");
            statement.execute("INSERT INTO user_memory (organization_id, id, phone_number) VALUES ('acme', '" + memory
                    + "', '+1234567890')");
            statement.execute("INSERT INTO memory_chunks (organization_id, id, memory_id, type, content, call_id, turn,"
                    + " speaker, said_at, valid_from) VALUES ('acme', gen_random_uuid(), '" + memory
                    + "', 'conversation', 'My name is John.', '" + call.id() + "', 0, 'caller', now(), now())");
            connection.commit();
        }

        store.end(call.ended(START.plusSeconds(5), EndReason.CALLER_HANGUP), true);

        assertThat(ask("SELECT memory_id FROM calls")).isEqualTo(memory.toString());
    }

    @Test
    void losesTheRowAndNotTheCallWhenTheDatabaseIsGone() {
        database.close();

        assertThat(store.save(Call.ofText(UUID.randomUUID(), "acme", "front-desk", 1, 365, START)))
                .isFalse();
        assertThat(lost).hasValue(1);
    }

    private String ask(String sql) throws SQLException {
        try (Database reader = Database.open(embedded.urls().reader(), 1);
                Connection connection = reader.connection();
                ResultSet result = connection.createStatement().executeQuery(sql)) {
            assertThat(result.next()).isTrue();
            return String.valueOf(result.getString(1));
        }
    }
}
