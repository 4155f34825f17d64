package dev.recaller.worker.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.recaller.flow.EndReason;
import dev.recaller.flow.FlowState;
import dev.recaller.flow.FlowStateException;
import dev.recaller.memory.Assurance;
import dev.recaller.memory.Conversation;
import dev.recaller.memory.IdentityHash;
import dev.recaller.memory.MemoryConfiguration;
import dev.recaller.memory.MemoryIdentity;
import dev.recaller.memory.Recollection;
import dev.recaller.memory.Speaker;
import dev.recaller.memory.Turn;
import dev.recaller.memory.UnifiedMemoryService;
import dev.recaller.memory.privacy.Erased;
import dev.recaller.memory.privacy.Erasure;
import dev.recaller.sql.Database;
import dev.recaller.sql.EmbeddedDatabase;
import dev.recaller.worker.FragileProxy;
import java.net.URI;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CallJournalTest {

    private static final Instant START = Instant.parse("2026-11-22T10:00:00Z");
    private static final String NUMBER = "+1234567890";

    private static final EmbeddedDatabase EMBEDDED = EmbeddedDatabase.temporary();

    private final FragileProxy way = new FragileProxy(URI.create(EMBEDDED.urls().worker()));
    private final Database database = Database.open(way.url().toString(), 10);
    private final AtomicInteger lost = new AtomicInteger();
    /** Waits as long as it takes: only what a frozen database does is a matter of time. */
    private final CallJournal journal = new CallStateTable(database, Duration.ofMinutes(1), lost::incrementAndGet);

    private final CallStore calls = CallStore.in(database, () -> {});

    @AfterAll
    static void stop() {
        EMBEDDED.close();
    }

    @AfterEach
    void close() throws SQLException {
        database.close();
        way.close();
    }

    @Test
    void keepsOneRowACallAndForgetsItAtTheEnd() throws SQLException {
        UUID call = call("acme");

        assertThat(journal.save(state("acme", call, 1, "hello"))).isTrue();
        assertThat(journal.save(state("acme", call, 2, "talk"))).isTrue();

        assertThat(ask("select concat_ws('|', node, step) from call_state where call_id = '" + call + "'"))
                .containsExactly("talk|2");
        assertThat(journal.find("acme", call)).contains(state("acme", call, 2, "talk"));
        journal.ended("acme", call);
        assertThat(journal.find("acme", call)).isEmpty();
        assertThat(lost).hasValue(0);
    }

    @Test
    void anOlderStepNeverOverwritesANewerOneWhoeverIsFirst() throws Exception {
        UUID call = call("acme");
        List<Callable<Boolean>> saves = new ArrayList<>(LongStream.rangeClosed(1, 100)
                .<Callable<Boolean>>mapToObj(step -> () -> journal.save(state("acme", call, step, "n" + step)))
                .toList());
        Collections.shuffle(saves);

        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<Boolean> saved : threads.invokeAll(saves)) {
                saved.get();
            }
        }

        assertThat(lost).as("a busy database is waited for").hasValue(0);
        assertThat(journal.find("acme", call)).contains(state("acme", call, 100, "n100"));
        assertThat(journal.save(state("acme", call, 100, "again"))).isFalse();
        assertThat(journal.save(state("acme", call, 99, "late"))).isFalse();
        assertThat(journal.find("acme", call))
                .get()
                .extracting(FlowState::place)
                .isEqualTo("n100");
    }

    @Test
    void anOrganizationFindsAndForgetsItsOwnCallsOnly() {
        UUID call = call("acme");
        journal.save(state("acme", call, 1, "talk"));

        assertThat(journal.find("other", call)).isEmpty();
        journal.ended("other", call);
        assertThat(journal.save(state("other", call, 2, "stolen"))).isFalse();
        assertThat(journal.find("acme", call)).contains(state("acme", call, 1, "talk"));
    }

    @Test
    void aCallWithoutARowHasNoState() {
        UUID call = UUID.randomUUID();

        assertThat(journal.save(state("acme", call, 1, "talk"))).isFalse();

        assertThat(journal.find("acme", call)).isEmpty();
        assertThat(lost).as("the row comes with the next state").hasValue(0);
    }

    @Test
    void nothingIsLeftOfACallThatEndedWhateverComesLate() throws SQLException {
        UUID call = call("acme");
        journal.save(state("acme", call, 1, "talk"));

        calls.end(row("acme", call).ended(START.plusSeconds(9), EndReason.CALLER_HANGUP), true);
        assertThat(journal.find("acme", call))
                .as("even when the journal was not told")
                .isEmpty();

        assertThat(journal.save(state("acme", call, 2, "late"))).isFalse();
        assertThat(ask("select node from call_state where call_id = '" + call + "'"))
                .isEmpty();
    }

    @Test
    void ofAnErasedCallersLiveCallNothingIsLeftAndNothingComesBack() throws SQLException {
        MemoryIdentity caller = MemoryIdentity.ofPhone("erased", NUMBER);
        IdentityHash hash = new IdentityHash("a key of the tests");
        UUID byNumber = UUID.randomUUID();
        calls.save(row("erased", byNumber, hash.ofNumber(NUMBER)));
        UUID byMemory = call("erased");
        UUID other = call("erased");
        for (UUID call : List.of(byNumber, byMemory, other)) {
            assertThat(journal.save(state("erased", call, 1, "talk"))).isTrue();
        }
        InstantSource clock = InstantSource.system();
        Erased erased;
        try (var memory = new UnifiedMemoryService(database, clock, "a key of the tests", null)) {
            List<Turn> turns = List.of(new Turn(0, Speaker.CALLER, "I sail to Zanzibar.", START));
            memory.store(caller, new Conversation(byMemory, Assurance.PRESENTED, turns), MemoryConfiguration.DEFAULT);
            erased = new Erasure(database, clock, memory, hash).erase(caller, "operator:test");
        }

        assertThat(erased).isInstanceOf(Erased.Done.class);
        assertThat(((Erased.Done) erased).receipt().counts()).containsEntry("call_state", 2L);
        for (UUID call : List.of(byNumber, byMemory)) {
            assertThat(journal.save(state("erased", call, 2, "talk"))).isFalse();
            assertThat(journal.find("erased", call)).isEmpty();
        }
        assertThat(ask("select call_id from call_state where organization_id = 'erased'"))
                .containsExactly(other.toString());
    }

    @Test
    void aFrozenDatabaseHoldsUpOneSaveForAMomentAndTheOthersNotAtAll() {
        UUID call = call("acme");
        journal.save(state("acme", call, 1, "hello"));
        CallJournal prompt = CallJournal.in(database, lost::incrementAndGet);

        way.freeze();
        try {
            assertThat(took(() -> prompt.save(state("acme", call, 2, "talk"))))
                    .isBetween(CallJournal.LIMIT.minusMillis(10), CallJournal.LIMIT.multipliedBy(10));
            Duration twenty = took(() -> {
                for (int step = 3; step < 23; step++) {
                    assertThat(prompt.save(state("acme", call, step, "talk"))).isFalse();
                }
            });
            assertThat(twenty).as("not each of them").isLessThan(CallJournal.LIMIT.multipliedBy(10));
            assertThat(lost).hasValue(21);
        } finally {
            way.thaw();
        }

        Awaitility.await().until(() -> prompt.save(state("acme", call, 1_000 + lost.get(), "bye")));
        assertThat(journal.find("acme", call))
                .get()
                .extracting(FlowState::place)
                .isEqualTo("bye");
        assertThat(calls.end(row("acme", call).ended(START.plusSeconds(9), EndReason.CALLER_HANGUP), true))
                .isTrue();
    }

    @Test
    void aDatabaseThatIsGoneFailsNoCall() {
        UUID call = call("acme");
        database.close();

        assertThat(journal.save(state("acme", call, 1, "talk"))).isFalse();
        journal.ended("acme", call);

        assertThat(lost).hasValue(1);
        assertThatThrownBy(() -> journal.find("acme", call)).isInstanceOf(RuntimeException.class);
    }

    @Test
    void aStateOfAnotherVersionIsNotGoneOnFrom() throws SQLException {
        UUID call = call("acme");
        journal.save(state("acme", call, 1, "talk"));
        database.transactions()
                .run(
                        "acme",
                        tx -> tx.execute(
                                "update call_state set state = replace(state, '\"version\":2', '\"version\":9')"));

        assertThatThrownBy(() -> journal.find("acme", call)).isInstanceOf(FlowStateException.class);
    }

    private UUID call(String organizationId) {
        UUID id = UUID.randomUUID();
        calls.save(row(organizationId, id));
        return id;
    }

    private static CallStore.Call row(String organizationId, UUID id) {
        return CallStore.Call.ofText(id, organizationId, "reception", 7, 365, START);
    }

    private static CallStore.Call row(String organizationId, UUID id, String numberHash) {
        return new CallStore.Call(
                id,
                organizationId,
                "reception",
                7,
                365,
                new CallStore.Telephone("r", null, null, null, null, null, numberHash),
                START,
                null,
                null,
                null,
                null);
    }

    private static FlowState state(String organizationId, UUID call, long step, String node) {
        return new FlowState(
                organizationId,
                call,
                List.of(new FlowState.Frame(
                        "reception", 7, node, Map.of("caller", Recollection.EMPTY, "city", "Zanzibar"))),
                false,
                step,
                Assurance.PRESENTED,
                List.of(new Turn(0, Speaker.CALLER, "I sail.", START)),
                Set.of());
    }

    private static Duration took(Runnable work) {
        long begun = System.nanoTime();
        work.run();
        return Duration.ofNanos(System.nanoTime() - begun);
    }

    private static List<String> ask(String sql) throws SQLException {
        try (Database reader = Database.open(EMBEDDED.urls().reader(), 1);
                Connection connection = reader.connection();
                ResultSet result = connection.createStatement().executeQuery(sql)) {
            List<String> rows = new ArrayList<>();
            while (result.next()) {
                rows.add(result.getString(1));
            }
            return rows;
        }
    }
}
