package dev.recaller.memory;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.recaller.memory.merge.MemoryMerging;
import dev.recaller.memory.privacy.Erased;
import dev.recaller.memory.privacy.Erasure;
import dev.recaller.memory.privacy.Receipt;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What is left of a caller in the raw tables after an erasure. */
final class ErasureTest extends MemoryTest {

    private static final String OPERATOR = "operator:test";

    private final IdentityHash hash = new IdentityHash(KEY);
    private Erasure erasure;
    private int callers;

    @BeforeAll
    void prepare() {
        erasure = new Erasure(database, clock, memory, hash);
    }

    @Test
    void nothingOfTheCallerIsLeftInAnyTable() throws Exception {
        MemoryIdentity zoe = new MemoryIdentity("gone", "zoe-user", "+155507001");
        memory.getOrCreateMemory(MemoryIdentity.ofPhone("gone", "+155507001"));
        Conversation said = conversation("c: My name is Zoe.", "c: I sail to Zanzibar.", "c: Please text me.");
        memory.store(zoe, said, MemoryConfiguration.DEFAULT); // adopts: the journal holds user and number
        MemoryId id = memory.getOrCreateMemory(zoe).id();
        everythingOf(id, said.callId());
        MemoryIdentity other = MemoryIdentity.ofPhone("gone", "+155507002");
        call(other, "c: My name is Yves.");

        Receipt receipt = erase(zoe);

        List<String> tables = rows("select table_name from information_schema.tables where table_schema = 'recaller'"
                + " and table_type = 'BASE TABLE' and table_name not in ('flyway_schema_history', 'control_keys')");
        assertThat(tables).hasSizeGreaterThan(15);
        for (String table : tables) {
            assertThat(String.join("\n", rows("select t::text from " + table + " t")))
                    .as(table)
                    .doesNotContainIgnoringCase("zoe", "zanzibar", "155507001", "text me");
        }
        assertThat(receipt.counts())
                .containsAllEntriesOf(Map.of(
                        "user_memory", 1L,
                        "calls", 2L,
                        "call_state", 1L,
                        "chunk_vectors", 1L,
                        "consents", 1L,
                        "merges", 1L,
                        "scheduled_tasks", 1L,
                        "parked_jobs", 1L,
                        "preferences", 1L))
                .containsEntry("memory_chunks", 4L);
        assertThat(receipt.counts().toString()).doesNotContainIgnoringCase("zoe");
        assertThat(rows("select name from entities where organization_id = 'gone'"))
                .containsExactly("Yves");
        assertThat(rows("select id, counts ->> 'user_memory', receipt_id from erasures where organization_id = 'gone'"
                        + " order by receipt_id nulls first"))
                .hasSize(2)
                .first()
                .asString()
                .isEqualTo(receipt.id() + "|1|null");
        assertThat(rows("select actor, action, memory_id, detail ->> 'receipt' from audit where action = 'erase'"
                        + " and organization_id = 'gone'"))
                .containsExactly(OPERATOR + "|erase|null|" + receipt.id());
        assertThat(rows("select note from blocked_callers where organization_id = 'gone'"))
                .as("who is blocked stays so")
                .containsExactly("null");
        assertThat(rows("select detail, actor from audit where action = 'show' and organization_id = 'gone'"))
                .containsExactly("{}|someone");
    }

    @Test
    void turnsSaidBeforeComeTooLateAndTheCallerStartsAnew() {
        MemoryIdentity caller = caller();
        Conversation late = conversation("c: My name is John.", "c: I have a secret.");
        memory.store(
                caller,
                new Conversation(
                        late.callId(), Assurance.PRESENTED, late.turns().subList(0, 1)),
                MemoryConfiguration.DEFAULT);
        Receipt receipt = erase(caller);

        assertThat(memory.store(caller, late, MemoryConfiguration.DEFAULT)).isEqualTo(Stored.NOTHING);
        assertThat(rows("select 1 from user_memory where phone_number = ?", number(caller)))
                .isEmpty();

        clock.step(Duration.ofSeconds(1));
        List<Turn> all = new ArrayList<>(late.turns());
        all.add(new Turn(2, Speaker.CALLER, "My name is Jim.", clock.instant()));
        Stored stored = memory.store(
                caller, new Conversation(late.callId(), Assurance.PRESENTED, all), MemoryConfiguration.DEFAULT);

        assertThat(stored.turns()).isEqualTo(1);
        assertThat(greeting(caller)).isEqualTo("Jim");
        assertThat(rows(
                        "select content from memory_chunks where memory_id = ? and type = 'conversation'",
                        stored.memory().orElseThrow().value()))
                .containsExactly("My name is Jim.");
        assertThat(receipt.erasedAt()).isBefore(clock.instant());
    }

    @Test
    void aCallerNobodyKnowsIsMarkedToo() {
        MemoryIdentity caller = caller();
        Conversation waiting = conversation("c: My name is John.");

        assertThat(erase(caller).counts()).isEmpty();

        assertThat(memory.store(caller, waiting, MemoryConfiguration.DEFAULT)).isEqualTo(Stored.NOTHING);
    }

    @Test
    void aNumberOfTwoUsersIsErasedForOneUserOnly() {
        String number = number(caller());
        MemoryIdentity ann = new MemoryIdentity("default", "ann" + callers, number);
        MemoryIdentity bob = new MemoryIdentity("default", "bob" + callers, number);
        call(ann, "c: My name is Ann.");
        call(bob, "c: My name is Bob.");
        Conversation late = conversation("c: I like tea.");

        assertThat(erasure.erase(MemoryIdentity.ofPhone("default", number), OPERATOR))
                .isInstanceOfSatisfying(
                        Erased.SharedNumber.class,
                        shared -> assertThat(shared.memories()).hasSize(2));
        assertThat(greeting(ann)).isEqualTo("Ann");
        erase(ann);

        assertThat(recall(ann).isEmpty()).isTrue();
        assertThat(greeting(bob)).isEqualTo("Bob");
        assertThat(memory.store(bob, late, MemoryConfiguration.DEFAULT).turns()).isEqualTo(1);
        assertThat(memory.store(ann, late, MemoryConfiguration.DEFAULT).turns()).isZero();
    }

    @Test
    void whatWasMergedIntoTheMemoryGoesWithIt() {
        MemoryIdentity phone = caller();
        MemoryIdentity user = MemoryIdentity.ofUser("default", "merged" + callers);
        call(phone, "c: I play the tuba.");
        call(user, "c: My name is John.");
        Conversation late = conversation("c: I like tea.");
        MemoryId into = memory.getOrCreateMemory(user).id();
        new MemoryMerging(database, clock)
                .merge(into, memory.getOrCreateMemory(phone).id());

        assertThat(erase(user).counts()).containsEntry("user_memory", 2L).containsEntry("merges", 1L);

        assertThat(recall(phone).isEmpty()).isTrue();
        assertThat(memory.store(phone, late, MemoryConfiguration.DEFAULT)).isEqualTo(Stored.NOTHING);
    }

    @Test
    void aPreviewCountsAndChangesNothing() {
        MemoryIdentity caller = caller();
        call(caller, "c: My name is John.");
        MemoryId id = memory.getOrCreateMemory(caller).id();
        List<String> before = rows("select t::text from memory_chunks t where memory_id = ?", id.value());

        var preview = (Erased.Preview) erasure.preview(caller);

        assertThat(rows("select t::text from memory_chunks t where memory_id = ?", id.value()))
                .isEqualTo(before);
        assertThat(((Erased.Preview) erasure.preview(id)).counts()).isEqualTo(preview.counts());
        assertThat(((Erased.Done) erasure.erase(id, OPERATOR)).receipt().counts())
                .isEqualTo(preview.counts());
    }

    @Test
    void turnsThatRaceWithTheErasureAreGoneOrWereSaidLater() throws Exception {
        MemoryIdentity caller = caller();
        List<Callable<Object>> work = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            Conversation said = conversation("c: I said this before.");
            work.add(() -> memory.store(caller, said, MemoryConfiguration.DEFAULT));
        }
        clock.step(Duration.ofSeconds(1));
        work.add(20, () -> erasure.erase(caller, OPERATOR));
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<Object> done : threads.invokeAll(work)) {
                done.get();
            }
        }

        assertThat(rows("select 1 from user_memory where phone_number = ?", number(caller)))
                .isEmpty();
    }

    private Receipt erase(MemoryIdentity identity) {
        return ((Erased.Done) erasure.erase(identity, OPERATOR)).receipt();
    }

    private MemoryIdentity caller() {
        return MemoryIdentity.ofPhone("default", "+1555071" + (100 + callers++));
    }

    /** Rows of the kinds a conversation alone does not make. */
    private void everythingOf(MemoryId id, UUID callId) {
        UUID unknown = UUID.randomUUID();
        run("insert into calls (organization_id, id, memory_id, flow_id, flow_version, room, started_at, summary)"
                + " values ('gone', '" + callId + "', '" + id.value()
                + "', 'f', 1, 'call_+155507001', now(), 'Zoe sails')");
        run("insert into calls (organization_id, id, flow_id, flow_version, room, number_hash, started_at)"
                + " values ('gone', '" + unknown + "', 'f', 1, 'call_+155507001_x', '" + hash.ofNumber("+155507001")
                + "', now())");
        run("insert into call_state (organization_id, call_id, node, state) values ('gone', '" + unknown
                + "', 'n', '{\"name\": \"Zoe\"}')");
        run("insert into call_leases values ('gone', '" + unknown
                + "', gen_random_uuid(), now(), 'call_+155507001_x', 'RM_1', '{\"to\": \"+155507001\"}')");
        run(
                "insert into chunk_vectors select organization_id, id, 'm', '', '', '' from memory_chunks where memory_id = '"
                        + id.value() + "' limit 1");
        run("insert into consents (organization_id, id, grantee, memory_id, categories, purpose, evidence, expires_at)"
                + " values ('gone', gen_random_uuid(), 'b', '" + id.value() + "', '{name}', 'Zoe asked', 'e', now())");
        run("insert into audit (organization_id, id, actor, action, memory_id, detail) values ('gone',"
                + " gen_random_uuid(), 'someone', 'show', '" + id.value() + "', '{\"was\": \"Zoe\"}')");
        run("insert into audit (organization_id, id, actor, action, memory_id, call_id, detail) values ('gone',"
                + " gen_random_uuid(), 'worker', 'extraction', '" + id.value() + "', '" + callId
                + "', '{\"name\": \"Zoe\"}')");
        run("insert into scheduled_tasks (task_name, task_instance, task_data, execution_time, picked, version)"
                + " values ('extraction', '" + callId + "/1', 'Zoe', now(), false, 1)");
        run("insert into blocked_callers (organization_id, number_hash, note) values ('gone', '"
                + hash.ofNumber("+155507001") + "', 'Zoe shouts')");
        run("insert into parked_jobs (task_name, task_instance, task_data, failures, reason, parked_at)"
                + " values ('extraction', '" + unknown + "/1', 'Zoe', 5, 'timeout', now())");
    }

    private void run(String sql) {
        database.transactions().run("gone", tx -> tx.execute(sql));
    }

    private static String number(MemoryIdentity identity) {
        return requireNonNull(identity.phoneNumber());
    }
}
