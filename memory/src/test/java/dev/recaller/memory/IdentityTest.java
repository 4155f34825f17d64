package dev.recaller.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.recaller.memory.merge.MemoryMerging;
import dev.recaller.memory.merge.Merge;
import dev.recaller.memory.merge.Proposal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class IdentityTest extends MemoryTest {

    private static final int THREADS = 32;

    @Test
    void manyAtOnceGetOneMemoryForOneIdentity() throws Exception {
        try (ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
            for (int round = 0; round < 60; round++) {
                MemoryIdentity phone = MemoryIdentity.ofPhone("crowd", "+1555020%04d".formatted(round));
                MemoryIdentity user = MemoryIdentity.ofUser("crowd", "user-" + round);
                MemoryIdentity both = new MemoryIdentity("crowd", user.userId(), phone.phoneNumber());
                List<MemoryIdentity> mixes =
                        round % 4 == 0 ? List.of(user) : round % 4 == 1 ? List.of(phone) : List.of(user, phone, both);
                if (round % 3 == 0) {
                    memory.getOrCreateMemory(phone);
                }
                Map<MemoryIdentity, Set<UUID>> ids = resolve(threads, mixes);

                assertThat(ids.values())
                        .as("round " + round + ": " + ids)
                        .allSatisfy(set -> assertThat(set).hasSize(1));
            }
        }
        assertThat(rows("select user_id from user_memory where organization_id = 'crowd' and user_id is not null"
                        + " group by user_id having count(*) > 1"))
                .isEmpty();
    }

    private Map<MemoryIdentity, Set<UUID>> resolve(ExecutorService threads, List<MemoryIdentity> mixes)
            throws Exception {
        Map<MemoryIdentity, Set<UUID>> ids = new ConcurrentHashMap<>();
        var start = new CyclicBarrier(THREADS);
        List<Future<Boolean>> running = new ArrayList<>();
        for (int thread = 0; thread < THREADS; thread++) {
            MemoryIdentity identity = mixes.get(thread % mixes.size());
            Callable<Boolean> task = () -> {
                start.await();
                return ids.computeIfAbsent(identity, _ -> ConcurrentHashMap.newKeySet())
                        .add(memory.getOrCreateMemory(identity).id().value());
            };
            running.add(threads.submit(task));
        }
        for (Future<Boolean> task : running) {
            task.get();
        }
        return ids;
    }

    @Test
    void whoComesSecondWaitsForTheFirstAndFindsItsMemory() throws Exception {
        var stores = new Stores(database, clock);
        var both = new MemoryIdentity("default", "second", "+155503090");
        var made = new CountDownLatch(1);
        var commit = new CountDownLatch(1);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<UUID> first = threads.submit(() -> stores.<UUID>write("default", tx -> {
                UUID id = stores.identities()
                        .getOrCreate(tx, MemoryIdentity.ofPhone("default", "+155503090"), clock.instant())
                        .getId();
                made.countDown();
                pass(commit);
                return id;
            }));
            made.await();
            Future<Memory> second = threads.submit(() -> memory.getOrCreateMemory(both));
            await().until(() -> second.isDone()
                    || !rows("select 1 from pg_locks where locktype = 'advisory' and not granted")
                            .isEmpty());
            commit.countDown();

            assertThat(second.get().id().value()).isEqualTo(first.get());
            assertThat(second.get().userId()).isEqualTo("second");
        }
    }

    private static void pass(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void theNumberOfAUserIsTheUsers() {
        Memory both = get("one", "+155503000");

        assertThat(get(null, "+155503000").id()).isEqualTo(both.id());
        assertThat(get("one", null).id()).isEqualTo(both.id());
        assertThat(both.userId()).isEqualTo("one");
        assertThat(both.phoneNumber()).isEqualTo("+155503000");
    }

    @Test
    void theNumberOfTwoUsersHasAMemoryOfItsOwn() {
        Memory first = get("two-a", "+155503001");
        Memory second = get("two-b", "+155503001");

        Memory number = get(null, "+155503001");

        assertThat(Set.of(first.id(), second.id(), number.id())).hasSize(3);
        assertThat(get(null, "+155503001").id()).isEqualTo(number.id());
    }

    @Test
    void aUserAdoptsTheNumbersMemoryAndTheJournalSaysSo() {
        Memory number = get(null, "+155503002");

        Memory adopted = get("three", "+155503002");

        assertThat(adopted.id()).isEqualTo(number.id());
        assertThat(adopted.userId()).isEqualTo("three");
        assertThat(get(null, "+155503002").id()).isEqualTo(number.id());
        assertThat(rows(
                        "select kind, detail ->> 'user_id' from merges where into_id = ?",
                        number.id().value()))
                .containsExactly("adoption|three");
    }

    @Test
    void aUsersMemoryAndANumbersMemoryStayApart() {
        Memory user = get("four", null);
        Memory number = get(null, "+155503003");

        assertThat(get("four", "+155503003").id()).isEqualTo(user.id());
        assertThat(get(null, "+155503003").id()).isEqualTo(number.id());
    }

    @Test
    void aUserHasOneMemoryWhateverTheNumber() {
        Memory first = get("five", "+155503004");

        assertThat(get("five", "+155503005").id()).isEqualTo(first.id());
        assertThat(rows("select phone_number from user_memory where user_id = 'five'"))
                .containsExactly("+155503004");
    }

    @Test
    void aSharedNumberIsNotAdopted() {
        MemoryIdentity number = MemoryIdentity.ofPhone("default", "+155503006");
        call(number, "c: My name is John.");
        call(number, "c: My name is Mary.");

        assertThat(get("six", "+155503006").id())
                .isNotEqualTo(memory.getOrCreateMemory(number).id());
        assertThat(get(null, "+155503006").userId()).isNull();
    }

    @Test
    void aNumberThatWasSilentIsNotAdopted() {
        MemoryIdentity number = MemoryIdentity.ofPhone("default", "+155503007");
        call(number, "c: My name is John.");
        clock.step(Duration.ofDays(181));

        assertThat(get("seven", "+155503007").id())
                .isNotEqualTo(memory.getOrCreateMemory(number).id());
    }

    @Test
    void aNumberThatAnotherUserHasIsNotAdopted() {
        Memory first = get("eight-a", "+155503009");
        Memory second = get("eight-b", "+155503009");
        Memory number = get(null, "+155503009");

        Memory third = get("eight-c", "+155503009");

        assertThat(Set.of(first.id(), second.id(), number.id(), third.id())).hasSize(4);
        assertThat(get(null, "+155503009").userId()).isNull();
    }

    @Test
    void aUserAndANumberThatBothHaveAMemoryAreProposedOnceForMerging() {
        var merging = new MemoryMerging(database, clock);
        Memory user = get("nine", null);
        Memory number = get(null, "+155503010");
        assertThat(proposed(merging, user)).isEmpty();

        get("nine", "+155503010");
        Instant first = clock.instant();
        clock.step(Duration.ofDays(1));
        get("nine", "+155503010");

        assertThat(get(null, "+155503010").id()).as("never silently done").isEqualTo(number.id());
        assertThat(proposed(merging, user)).singleElement().satisfies(proposal -> {
            assertThat(proposal.from()).isEqualTo(number.id());
            assertThat(proposal.userId()).isEqualTo("nine");
            assertThat(proposal.phoneNumber()).isEqualTo("+155503010");
            assertThat(proposal.proposedAt()).isEqualTo(first);
        });
        assertThat(merging.proposals("elsewhere")).isEmpty();

        Merge.Merged merged = (Merge.Merged) merging.merge(user.id(), number.id());
        assertThat(proposed(merging, user)).as("accepted").isEmpty();
        merging.undo("default", merged.id());
        Proposal again = proposed(merging, user).getFirst();

        assertThat(merging.dismiss("elsewhere", again.id())).isFalse();
        assertThat(merging.dismiss("default", again.id())).isTrue();
        get("nine", "+155503010");
        assertThat(proposed(merging, user)).as("dismissed for good").isEmpty();
        assertThat(merging.dismiss("default", again.id())).isFalse();
    }

    @Test
    void sharedAndSilentNumbersAreNotProposed() {
        var merging = new MemoryMerging(database, clock);
        Memory user = get("ten", null);
        MemoryIdentity shared = MemoryIdentity.ofPhone("default", "+155503011");
        call(shared, "c: My name is John.");
        call(shared, "c: My name is Mary.");
        get("ten-b", "+155503012");
        get("ten-c", "+155503012");
        get(null, "+155503012");
        get(null, "+155503013");
        clock.step(Duration.ofDays(181));

        get("ten", "+155503011");
        get("ten", "+155503012");
        get("ten", "+155503013");

        assertThat(proposed(merging, user)).isEmpty();
    }

    private static List<Proposal> proposed(MemoryMerging merging, Memory user) {
        return merging.proposals("default").stream()
                .filter(proposal -> proposal.into().equals(user.id()))
                .toList();
    }

    @Test
    void organizationsDoNotShareIdentities() {
        Memory one = memory.getOrCreateMemory(MemoryIdentity.ofPhone("left", "+155503008"));
        Memory other = memory.getOrCreateMemory(MemoryIdentity.ofPhone("right", "+155503008"));

        assertThat(one.id().value()).isNotEqualTo(other.id().value());
    }

    private Memory get(@Nullable String user, @Nullable String phone) {
        return memory.getOrCreateMemory(new MemoryIdentity("default", user, phone));
    }
}
