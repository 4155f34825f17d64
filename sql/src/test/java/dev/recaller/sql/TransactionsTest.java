package dev.recaller.sql;

import static dev.recaller.sql.schema.Tables.USER_MEMORY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.stream.IntStream;
import org.jooq.DSLContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

final class TransactionsTest {

    private static EmbeddedDatabase embedded;
    private static Database database;
    private static Transactions transactions;

    @BeforeAll
    static void open() {
        embedded = EmbeddedDatabase.temporary();
        database = Database.open(embedded.urls().worker());
        transactions = database.transactions();
    }

    @AfterAll
    static void close() {
        database.close();
        embedded.close();
    }

    @Test
    void leavesNothingBehindWhenItsWorkFails() {
        assertThatThrownBy(() -> transactions.run("failing", tx -> {
                    remember(tx, "failing", "+15550100");
                    throw new IllegalStateException("no");
                }))
                .hasMessage("no");

        assertThat(count("failing")).isZero();
    }

    @Test
    void aReadingTransactionCannotWrite() {
        assertThatExceptionOfType(DatabaseException.class)
                .isThrownBy(() -> transactions.read("reading", tx -> remember(tx, "reading", "+15550100")))
                .satisfies(e -> assertThat(e.sqlState()).isEqualTo("25006"))
                .satisfies(e -> assertThat(e.code()).isEqualTo(DatabaseException.Code.REFUSED));
    }

    @Test
    void whoWaitsLongestForAConnectionIsNext() throws InterruptedException {
        int rounds = 20;
        var done = new AtomicIntegerArray(30);
        var slowestWhenTheFirstEnds = new AtomicInteger(-1);
        try (Database one = Database.open(embedded.urls().worker(), 1);
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < done.length(); i++) {
                int thread = i;
                threads.execute(() -> {
                    for (int round = 0; round < rounds; round++) {
                        one.transactions().run("a", tx -> tx.execute("select 1"));
                        done.incrementAndGet(thread);
                    }
                    int slowest = IntStream.range(0, done.length())
                            .map(done::get)
                            .min()
                            .orElseThrow();
                    slowestWhenTheFirstEnds.compareAndSet(-1, slowest);
                });
            }
        }

        assertThat(slowestWhenTheFirstEnds).hasValueBetween(rounds / 2, rounds);
    }

    @Test
    void theOrganizationEndsWithTheTransaction() {
        try (Database one = Database.open(embedded.urls().worker(), 1)) {
            one.transactions().run("a", tx -> remember(tx, "a", "+15550177"));

            assertThat(one.transactions().<Integer>read("", tx -> tx.fetchCount(USER_MEMORY)))
                    .isZero();
        }
    }

    @Test
    void runsAgainWhenItLostAgainstAnotherTransaction() {
        var attempts = new AtomicInteger();

        String result = transactions.run("again", tx -> {
            if (attempts.incrementAndGet() < 3) {
                tx.execute("do $$ begin raise exception 'lost' using errcode = '40001'; end $$");
            }
            return "done";
        });

        assertThat(result).isEqualTo("done");
        assertThat(attempts).hasValue(3);
    }

    @Test
    void givesUpAfterFiveAttemptsAndNamesThemAll() {
        var attempts = new AtomicInteger();

        assertThatExceptionOfType(DatabaseException.class)
                .isThrownBy(() -> transactions.run("again", tx -> {
                    attempts.incrementAndGet();
                    return tx.execute("do $$ begin raise exception 'lost' using errcode = '40P01'; end $$");
                }))
                .satisfies(e -> assertThat(e.getSuppressed()).hasSize(4));
        assertThat(attempts).hasValue(5);
    }

    @Test
    void doesNotRepeatWhatTheServerRefuses() {
        var attempts = new AtomicInteger();

        assertThatExceptionOfType(DatabaseException.class)
                .isThrownBy(() -> transactions.run("twice", tx -> {
                    attempts.incrementAndGet();
                    remember(tx, "twice", "+15550123");
                    return remember(tx, "twice", "+15550123");
                }))
                .satisfies(e -> assertThat(e.sqlState()).isEqualTo("23505"));
        assertThat(attempts).hasValue(1);
    }

    @Test
    void whoIsCutOffInTheMiddleOfATransactionHoldsItsRowsForTwoSecondsOnly() throws Exception {
        transactions.run("cut", tx -> remember(tx, "cut", "+15550100"));
        var holding = new CountDownLatch(1);
        var back = new CompletableFuture<String>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var cutOff = threads.submit(() -> transactions.run("cut", tx -> {
                tx.deleteFrom(USER_MEMORY)
                        .where(USER_MEMORY.ORGANIZATION_ID.eq("cut"))
                        .execute();
                holding.countDown();
                back.join();
                return tx.fetchCount(USER_MEMORY);
            }));
            holding.await();

            assertThat(transactions.<Integer>run(
                            "cut",
                            tx -> tx.deleteFrom(USER_MEMORY)
                                    .where(USER_MEMORY.ORGANIZATION_ID.eq("cut"))
                                    .execute()))
                    .as("the other one's deletion was undone")
                    .isEqualTo(1);

            back.complete("the network is there again");
            assertThatThrownBy(cutOff::get).cause().isInstanceOf(DatabaseException.class);
        }
    }

    @Test
    void stopsReadingWhenTheBudgetIsOver() {
        long began = System.nanoTime();

        assertThatExceptionOfType(DatabaseException.class)
                .isThrownBy(() -> transactions.read("a", Duration.ofMillis(100), tx -> tx.fetch("select pg_sleep(20)")))
                .satisfies(e -> assertThat(e.code()).isEqualTo(DatabaseException.Code.TIMEOUT));
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(15));
        // Its own statement timeout ends it on the server too.
        await().until(() -> transactions.<Integer>read(
                        "a",
                        tx -> tx.fetchSingle(
                                        "select count(*) from pg_stat_activity where query like '%pg_sleep(20)%' and pid <> pg_backend_pid()"
                                                + " and state = 'active'")
                                .get(0, Integer.class))
                == 0);
    }

    @Test
    void theBudgetHoldsWhileTheCallerOnlyWaitsForAConnection() throws InterruptedException {
        try (Database one = Database.open(embedded.urls().worker(), 1)) {
            var taken = new CountDownLatch(1);
            var leave = new CountDownLatch(1);
            Thread holder = Thread.ofVirtual()
                    .start(() -> one.transactions().run("a", tx -> {
                        taken.countDown();
                        return pass(leave);
                    }));
            taken.await();

            assertThatExceptionOfType(DatabaseException.class)
                    .isThrownBy(() -> one.transactions().read("a", Duration.ofMillis(50), DSLContext::selectOne))
                    .satisfies(e -> assertThat(e.code()).isEqualTo(DatabaseException.Code.TIMEOUT));
            leave.countDown();
            holder.join();
        }
    }

    @Test
    void saysWhereNothingAnswersWithoutThePassword() {
        assertThatExceptionOfType(DatabaseException.class)
                .isThrownBy(() -> Database.open("postgresql://me:topsecret@127.0.0.1:1/nothing"))
                .satisfies(e -> assertThat(e.code()).isEqualTo(DatabaseException.Code.UNAVAILABLE))
                .withMessageContaining("127.0.0.1:1/nothing")
                .satisfies(e -> assertThat(e.getMessage()).doesNotContain("topsecret"));
    }

    private static boolean pass(CountDownLatch latch) {
        try {
            latch.await();
            return true;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static int count(String organization) {
        return transactions.<Integer>read(organization, tx -> tx.fetchCount(USER_MEMORY));
    }

    private static int remember(DSLContext tx, String organization, String phone) {
        return tx.insertInto(USER_MEMORY)
                .set(USER_MEMORY.ORGANIZATION_ID, organization)
                .set(USER_MEMORY.ID, UUID.randomUUID())
                .set(USER_MEMORY.PHONE_NUMBER, phone)
                .execute();
    }
}
