package dev.recaller.worker.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.recaller.flow.EndReason;
import dev.recaller.sql.Database;
import dev.recaller.sql.EmbeddedDatabase;
import dev.recaller.worker.store.CallLeases.Elsewhere;
import dev.recaller.worker.store.CallLeases.Held;
import dev.recaller.worker.store.CallLeases.Lost;
import dev.recaller.worker.store.CallLeases.Taken;
import java.net.URI;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Who holds a call, between two workers on one real database. */
class CallLeasesTest {
    private static final Instant START = Instant.parse("2026-11-26T10:00:00Z");
    private static final URI CONTROL = URI.create("https://one.example.com:8081");
    private static final EmbeddedDatabase EMBEDDED = EmbeddedDatabase.temporary();

    private final Database database = Database.open(EMBEDDED.urls().worker(), 10);
    private final CallStore calls = CallStore.in(database, () -> {});
    private final CallLeases one = CallLeases.in(database, UUID.randomUUID(), () -> CONTROL);
    private final CallLeases other = CallLeases.in(database, UUID.randomUUID(), () -> null);

    @AfterAll
    static void stop() {
        EMBEDDED.close();
    }

    @AfterEach
    void close() {
        run("delete from calls");
        database.close();
    }

    @Test
    void aCallThatIsRenewedIsNobodyElses() {
        UUID call = begin("acme");
        expire(call);

        assertThat(one.renew(List.of(call))).isEmpty();

        assertThat(other.lost()).isEmpty();
        assertThat(other.take(lost(call))).isEmpty();
    }

    @Test
    void aCallThatIsNotRenewedIsLostByItselfInTime() {
        UUID call = begin("acme");

        await().until(() -> other.lost().equals(List.of(lost(call))));
    }

    @Test
    void oneOfAllWhoSeeALostCallHasIt() throws Exception {
        UUID call = begin("acme");
        expire(call);

        List<Optional<Taken>> taken = atOnce(
                8, () -> CallLeases.in(database, UUID.randomUUID(), () -> null).take(lost(call)));

        assertThat(taken)
                .filteredOn(Optional::isPresent)
                .containsExactly(
                        Optional.of(new Taken("acme", call, "{\"flow\":\"menu\"}", START, START.plusSeconds(2))));
    }

    @Test
    void whoTakesACallHasItAndItsFirstWorkerLearnsThat() {
        UUID call = begin("acme");
        expire(call);
        assertThat(other.take(lost(call))).isPresent();

        assertThat(other.lost()).isEmpty();
        assertThat(other.renew(List.of(call))).isEmpty();
        assertThat(one.renew(List.of(call))).containsExactly(call);
    }

    @Test
    void theCallsOfOtherWorkersAreSeenByTheirOrganizationWithWhomToAsk() {
        UUID call = begin("acme");

        assertThat(one.elsewhere("acme")).isEmpty();
        assertThat(other.elsewhere("other")).isEmpty();
        assertThat(other.elsewhere("acme"))
                .containsExactly(new Elsewhere(call, "menu", 1, START, START.plusSeconds(2), CONTROL));
        assertThat(other.elsewhere("acme", call)).map(Elsewhere::control).contains(CONTROL);
        assertThat(other.elsewhere("acme", UUID.randomUUID())).isEmpty();
        assertThat(other.elsewhere("other", call)).isEmpty();

        expire(call);
        assertThat(other.elsewhere("acme")).as("of a worker that was lost").isEmpty();
        assertThat(other.take(lost(call))).isPresent();
        assertThat(one.elsewhere("acme"))
                .singleElement()
                .extracting(Elsewhere::control)
                .isNull();
    }

    @Test
    void anotherOrganizationTakesNothing() {
        UUID call = begin("acme");
        expire(call);

        assertThat(other.take(new Lost("other", call, "call_+1", "RM_1"))).isEmpty();
    }

    @Test
    void aCallThatEndedIsHeldByNobody() throws SQLException {
        UUID call = begin("acme");
        calls.end(call("acme", call).ended(START.plusSeconds(9), EndReason.CALLER_HANGUP), true);

        assertThat(ask("select call_id::text from call_leases")).isEmpty();
    }

    @Test
    void aCallWithoutARowOrThatIsOverIsNotHeld() throws SQLException {
        UUID nobodys = UUID.randomUUID();
        one.hold(new Held("acme", nobodys, "room", "RM_1", ""));
        UUID over = UUID.randomUUID();
        calls.end(call("acme", over).ended(START.plusSeconds(9), EndReason.CALLER_HANGUP), false);
        one.hold(new Held("acme", over, "room", "RM_1", ""));

        assertThat(ask("select call_id::text from call_leases")).isEmpty();
        assertThat(one.renew(List.of(nobodys, over)))
                .as("nobody has taken them")
                .isEmpty();
    }

    @Test
    void aLostCallThatCannotGoOnEndsWithItsRow() throws SQLException {
        UUID call = begin("acme");
        expire(call);
        assertThat(other.take(lost(call))).isPresent();

        one.end(lost(call), EndReason.WORKER_LOST);
        assertThat(ask("select end_reason from calls")).as("not its own").containsExactly((String) null);
        other.end(lost(call), EndReason.WORKER_LOST);

        assertThat(ask("select end_reason from calls")).containsExactly("worker_lost");
        assertThat(ask("select call_id::text from call_leases")).isEmpty();
    }

    @Test
    void whatOnlyOneMayDoIsDoneByOneAtATime() throws Exception {
        var inside = new AtomicInteger();
        var done = new AtomicInteger();
        atOnce(6, () -> {
            one.alone("RM_1", () -> {
                assertThat(inside.incrementAndGet()).isEqualTo(1);
                done.incrementAndGet();
                inside.decrementAndGet();
            });
            return Optional.empty();
        });
        assertThat(done.get()).isPositive();
    }

    private UUID begin(String organization) {
        UUID id = UUID.randomUUID();
        calls.save(call(organization, id));
        one.hold(new Held(organization, id, "call_+1", "RM_1", "{\"flow\":\"menu\"}"));
        return id;
    }

    private static CallStore.Call call(String organization, UUID id) {
        var telephone = new CallStore.Telephone("call_+1", "RM_1", null, null, null, null, null);
        return new CallStore.Call(
                id, organization, "menu", 1, 30, telephone, START, START.plusSeconds(2), null, null, null);
    }

    private static Lost lost(UUID call) {
        return new Lost("acme", call, "call_+1", "RM_1");
    }

    /** As if it had not been renewed for long. */
    private void expire(UUID call) {
        run("update call_leases set held_until = now() - interval '1 minute' where call_id = '" + call + "'");
    }

    private void run(String sql) {
        int _ = database.transactions().run("acme", transaction -> transaction.execute(sql));
    }

    private static <T> List<T> atOnce(int times, Callable<T> work) throws Exception {
        var together = new CountDownLatch(times);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var results = threads.invokeAll(IntStream.range(0, times)
                    .<Callable<T>>mapToObj(_ -> () -> {
                        together.countDown();
                        together.await();
                        return work.call();
                    })
                    .toList());
            return results.stream().map(result -> result.resultNow()).toList();
        }
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
