package dev.recaller.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recaller.memory.merge.MemoryMerging;
import dev.recaller.memory.merge.Merge;
import dev.recaller.memory.merge.Undo;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

final class MergeRaceTest extends MemoryTest {

    private static final int THREADS = 32;
    private static final int CALLS = 4;

    @Test
    void mergingAndUndoingBesideCallsLosesNothingAndDoublesNothing() throws Exception {
        var merging = new MemoryMerging(database, clock);
        try (ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
            for (int round = 0; round < 12; round++) {
                String organization = "race-" + round;
                MemoryIdentity user = MemoryIdentity.ofUser(organization, "u");
                MemoryIdentity number = MemoryIdentity.ofPhone(organization, "+15550300");
                var both = new MemoryIdentity(organization, "u", "+15550300");
                MemoryId into = memory.getOrCreateMemory(user).id();
                MemoryId from = memory.getOrCreateMemory(number).id();
                List<MemoryIdentity> identities = List.of(user, number, both);
                var start = new CyclicBarrier(THREADS);
                List<Future<Integer>> running = new ArrayList<>();
                for (int thread = 0; thread < THREADS; thread++) {
                    MemoryIdentity identity = identities.get(thread % identities.size());
                    boolean merges = thread % 8 == 7;
                    Callable<Integer> task = () -> {
                        start.await();
                        return merges ? mergeAndUndo(merging, into, from) : store(identity);
                    };
                    running.add(threads.submit(task));
                }
                int stored = 0;
                for (Future<Integer> task : running) {
                    stored += task.get();
                }
                if (merging.merge(into, from) instanceof Merge.Refused refused) {
                    throw new AssertionError(refused.message());
                }

                assertThat(rows(
                                "select count(*), count(distinct call_id), count(distinct memory_id) from memory_chunks"
                                        + " where organization_id = ? and type = 'conversation'",
                                organization))
                        .containsExactly(stored + "|" + stored + "|1");
                assertThat(rows(
                                "select count(*) from user_memory where organization_id = ? group by organization_id",
                                organization))
                        .as("nobody else was made")
                        .containsExactly("2");
                assertThat(memory.getOrCreateMemory(number).id()).isEqualTo(into);
                assertThat(memory.getOrCreateMemory(number).conversationCount()).isEqualTo(stored);
            }
        }

        String deadlocks = rows("select deadlocks from pg_stat_database where datname = current_database()")
                .getFirst();
        assertThat(Integer.parseInt(deadlocks)).as("deadlocks: a second each").isLessThan(4);
    }

    private int store(MemoryIdentity identity) {
        int stored = 0;
        for (int call = 0; call < CALLS; call++) {
            Turn turn = new Turn(0, Speaker.CALLER, "My name is John. Please text me.", clock.instant());
            stored += memory.store(
                            identity,
                            new Conversation(UUID.randomUUID(), Assurance.PRESENTED, List.of(turn)),
                            MemoryConfiguration.DEFAULT)
                    .turns();
            memory.getOrCreateMemory(identity);
        }
        return stored;
    }

    private static int mergeAndUndo(MemoryMerging merging, MemoryId into, MemoryId from) {
        for (int i = 0; i < CALLS; i++) {
            if (merging.merge(into, from) instanceof Merge.Merged merged) {
                assertThat(merging.undo(into.organizationId(), merged.id())).isInstanceOfAny(Undo.Undone.class);
            }
        }
        return 0;
    }
}
