package dev.recaller.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import dev.recaller.memory.extract.Extraction;
import dev.recaller.memory.extract.Extractor;
import dev.recaller.memory.extract.ExtractorException;
import dev.recaller.memory.extract.ExtractorException.Reason;
import dev.recaller.memory.jobs.JobCounts;
import dev.recaller.memory.jobs.JobDesk;
import dev.recaller.memory.jobs.JobListener.Outcome;
import dev.recaller.memory.jobs.MemoryJobs;
import dev.recaller.memory.jobs.ParkedJob;
import dev.recaller.memory.jobs.QuickJobs;
import dev.recaller.memory.jobs.Sweep;
import java.io.BufferedReader;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class JobsTest extends MemoryTest {

    private static final MemoryConfiguration ALL = new MemoryConfiguration(true, true, true, true, 365, true, true);
    private static final Extraction WINDOW = new Extraction(
            List.of(), List.of(), List.of(new Extraction.Preference("seat", "window", "travel", 1, List.of(1))));
    private static final String JOB = "select count(*) from scheduled_tasks where task_instance = ?";

    private final List<MemoryJobs> running = new ArrayList<>();
    private final List<String> ended = new CopyOnWriteArrayList<>();
    private final AtomicInteger requests = new AtomicInteger();
    private int callers;

    @AfterEach
    void stop() {
        running.forEach(MemoryJobs::close);
        running.clear();
        ended.clear();
        requests.set(0);
        database.transactions().runOutside(tx -> tx.execute("delete from scheduled_tasks"));
        database.transactions().runOutside(tx -> tx.execute("delete from parked_jobs"));
    }

    @Test
    void theFirstTurnsPutACallInAndItsEndMakesItDue() {
        MemoryIdentity caller = caller();
        var after = new AfterCall("gpt-4.1-mini", Duration.ofMinutes(30));
        Instant begun = clock.instant();
        Conversation said = conversation("a: Who is it?", "c: Zacharias Quill, window seat, zac@quill.org, please.");
        UUID call = said.callId();
        memory.store(
                caller,
                new Conversation(call, Assurance.PRESENTED, said.turns().subList(0, 1), Assurance.PRESENTED, after),
                ALL);
        memory.store(
                caller, new Conversation(call, Assurance.PRESENTED, said.turns(), Assurance.PRESENTED, after), ALL);

        Instant stored = clock.instant();
        assertThat(rows("select execution_time from scheduled_tasks"))
                .containsExactly(rows(
                                "select ?::timestamptz",
                                stored.plus(Duration.ofMinutes(40)).toString())
                        .getFirst());
        assertThat(begun).isBefore(stored);
        jobs(WINDOW).callEnded(call);
        assertThat(rows("select execution_time = ?::timestamptz from scheduled_tasks", stored.toString()))
                .containsExactly("true");
        assertThat(rows("select task_name, task_instance, convert_from(task_data, 'UTF8') from scheduled_tasks"))
                .containsExactly("extraction|" + call + "/2|{\"organizationId\":\"default\",\"callId\":\"" + call
                        + "\",\"model\":\"gpt-4.1-mini\",\"retentionDays\":365,\"extractEntities\":true,"
                        + "\"extractPreferences\":true}");
        assertThat(rows("select t::text from scheduled_tasks t"))
                .noneSatisfy(row -> assertThat(row).containsAnyOf("Zacharias", "Quill", "quill.org", "+1555"));
    }

    @Test
    void whereNoModelIsWantedThereIsNoJob() {
        Conversation said = conversation("c: Window seat, please.");
        memory.store(caller(), said, MemoryConfiguration.DEFAULT);

        assertThat(rows(JOB, said.callId() + "/2")).containsExactly("0");
    }

    @Test
    void aCallIsReadOnceItIsOverAndOnce() {
        MemoryIdentity caller = caller();
        UUID call = stored(caller);
        MemoryJobs jobs = started(WINDOW);
        assertThat(requests).hasValue(0);

        jobs.callEnded(call);

        awaitEnds("extraction DONE");
        assertThat(recall(caller).preferences()).extracting(Preference::value).containsExactly("window");
        await().untilAsserted(() -> assertThat(rows(JOB, call + "/2")).containsExactly("0"));
        jobs.callEnded(call);
        assertThat(requests).hasValue(1);
    }

    @Test
    void aCallThatNobodyEndedIsReadWhenItIsSurelyOver() {
        MemoryIdentity caller = caller();
        stored(caller);
        started(WINDOW);

        clock.step(Duration.ofHours(5));

        awaitEnds("extraction DONE");
        assertThat(recall(caller).preferences()).hasSize(1);
    }

    @Test
    void aCallIsOneJobAndStoredOnceHoweverManyAreAtIt() throws Exception {
        MemoryIdentity caller = caller();
        Conversation said = conversation("a: Hello.", "c: Window seats, please, for me.");
        List<Future<Integer>> stored = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(32)) {
            for (Future<Stored> store : at32(threads, () -> memory.store(caller, said, ALL))) {
                store.get();
            }
            assertThat(rows(JOB, said.callId() + "/2")).containsExactly("1");
            MemoryId id = memory.memoryOf("default", said.callId()).orElseThrow();
            stored.addAll(at32(threads, () -> memory.storeExtraction(id, said.callId(), ALL, WINDOW)));
        }
        int sum = 0;
        for (Future<Integer> count : stored) {
            sum += count.get();
        }
        assertThat(sum).isEqualTo(1);
        assertThat(rows("select count(*) from audit where action = 'extraction' and call_id = ?", said.callId()))
                .containsExactly("1");
        assertThat(rows(
                        "select count(*) from preferences where value = 'window' and source_chunk in"
                                + " (select id from memory_chunks where call_id = ?)",
                        said.callId()))
                .containsExactly("1");
    }

    @Test
    void eachFailureIsFollowedByALongerPauseAndTheFifthParks() {
        UUID call = stored(caller());
        MemoryJobs jobs = started(failing(new ExtractorException(Reason.UNAVAILABLE, "away", null)));
        jobs.callEnded(call);

        long pause = 30;
        for (int failure = 1; failure < 5; failure++) {
            int failures = failure;
            await().untilAsserted(() -> assertThat(rows("select consecutive_failures, picked from scheduled_tasks"))
                    .containsExactly(failures + "|false"));
            assertThat(rows(
                            "select extract(epoch from execution_time - ?::timestamptz)::int from scheduled_tasks",
                            clock.instant().toString()))
                    .containsExactly(Long.toString(pause));
            clock.step(Duration.ofSeconds(pause));
            pause *= 4;
        }
        await().untilAsserted(() -> assertThat(desk().parked())
                .containsExactly(new ParkedJob("extraction", call + "/2", 5, "unavailable", clock.instant())));
        assertThat(ended)
                .containsExactly(
                        "extraction FAILED",
                        "extraction FAILED",
                        "extraction FAILED",
                        "extraction FAILED",
                        "extraction PARKED");
        assertThat(jobs.counts()).containsExactly(new JobCounts("extraction", 0, 0, 1, Duration.ZERO));
        clock.step(Duration.ofDays(30));
        assertThat(requests).as("a parked job rests").hasValue(5);
    }

    @Test
    void aParkedJobIsTriedAgainWhenAnOperatorSaysSo() {
        MemoryIdentity caller = caller();
        UUID call = stored(caller);
        MemoryJobs failing = started(failing(new ExtractorException(Reason.REFUSED, "no", null)));
        failing.callEnded(call);
        awaitEnds("extraction PARKED");
        failing.close();
        assertThat(requests).as("what is refused would be again").hasValue(1);

        started(WINDOW);
        ParkedJob parked = desk().parked().getFirst();
        assertThat(parked.reason()).isEqualTo("refused");
        assertThat(desk().retry(parked)).isTrue();
        assertThat(desk().retry(parked)).isFalse();

        awaitEnds("extraction PARKED", "extraction DONE");
        assertThat(desk().parked()).isEmpty();
        assertThat(recall(caller).preferences()).hasSize(1);
    }

    @Test
    void aProviderThatAsksForTimeGetsIt() {
        UUID call = stored(caller());
        MemoryJobs jobs =
                started(failing(new ExtractorException(Reason.RATE_LIMITED, "later", Duration.ofMinutes(10), null)));
        jobs.callEnded(call);

        await().untilAsserted(() -> assertThat(rows(
                        "select extract(epoch from execution_time - ?::timestamptz)::int from scheduled_tasks",
                        clock.instant().toString()))
                .containsExactly("600"));
    }

    @Test
    void anErasedCallAndOneThatSaysTooLittleCostNothing() {
        UUID erased = stored(caller());
        MemoryId id = memory.memoryOf("default", erased).orElseThrow();
        database.transactions().run("default", tx -> tx.execute("delete from user_memory where id = ?", id.value()));
        Conversation short_ = conversation("a: Hello, who is it?", "c: Hm.", "c: Yes.");
        memory.store(caller(), short_, ALL);
        MemoryJobs jobs = started(WINDOW);

        jobs.callEnded(erased);
        jobs.callEnded(short_.callId());

        awaitEnds("extraction NOTHING", "extraction NOTHING");
        assertThat(requests).hasValue(0);
        await().untilAsserted(() ->
                assertThat(rows("select count(*) from scheduled_tasks")).containsExactly("0"));
    }

    @Test
    void theJobOfAProcessThatWasKilledIsTakenOverAndStoredOnce() throws Exception {
        MemoryIdentity caller = caller();
        UUID call = stored(caller);
        jobs(WINDOW).callEnded(call);
        Process dying = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        DyingWorker.class.getName(),
                        urls().worker(),
                        clock.instant().toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try (BufferedReader output = dying.inputReader()) {
            assertThat(output.lines().filter("claimed"::equals).findFirst()).isPresent();
            assertThat(rows("select picked from scheduled_tasks")).containsExactly("true");
        } finally {
            dying.destroyForcibly().waitFor();
        }

        clock.step(Duration.ofMinutes(5));
        started(WINDOW);

        awaitEnds("extraction LOST", "extraction DONE");
        assertThat(recall(caller).preferences()).hasSize(1);
        await().untilAsserted(() -> assertThat(rows(JOB, call + "/2")).containsExactly("0"));
    }

    @Test
    void aProcessThatOnlySeemedDeadStoresNothingTwice() throws Exception {
        UUID call = stored(caller());
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch woken = new CountDownLatch(1);
        MemoryJobs stalled = jobs(_ -> {
            asked.countDown();
            try {
                woken.await();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
            return WINDOW;
        });
        try (ExecutorService thread = Executors.newSingleThreadExecutor()) {
            var late = thread.submit(() -> stalled.extractNow(call));
            asked.await();
            clock.step(QuickJobs.DEAD);
            started(WINDOW);
            awaitEnds("extraction LOST", "extraction DONE");
            woken.countDown();
            late.get();
        }

        assertThat(rows(
                        "select count(*) from preferences where value = 'window' and source_chunk in"
                                + " (select id from memory_chunks where call_id = ?)",
                        call))
                .containsExactly("1");
        assertThat(rows(JOB, call + "/2")).containsExactly("0");
    }

    @Test
    void aCallThatKillsWorkersStopsDoingSo() {
        UUID call = stored(caller());
        database.transactions()
                .runOutside(tx -> tx.execute(
                        "update scheduled_tasks set picked = true, picked_by = 'dead', consecutive_failures = 4,"
                                + " last_heartbeat = ?::timestamptz",
                        clock.instant().minus(QuickJobs.DEAD).toString()));
        started(WINDOW);

        awaitEnds("extraction PARKED");
        assertThat(desk().parked())
                .extracting(ParkedJob::instance, ParkedJob::reason)
                .containsExactly(tuple(call + "/2", "worker_lost"));
        assertThat(requests).hasValue(0);
    }

    @Test
    void aWorkerThatStopsGivesItsJobBackAndNoTryCounts() throws Exception {
        UUID call = stored(caller());
        CountDownLatch asked = new CountDownLatch(1);
        MemoryJobs jobs = started((Extractor) _ -> {
            asked.countDown();
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                throw new ExtractorException(Reason.TIMEOUT, "interrupted", e);
            }
            return WINDOW;
        });
        jobs.callEnded(call);
        asked.await();

        jobs.close();

        assertThat(rows("select picked, coalesce(consecutive_failures, 0) from scheduled_tasks"))
                .containsExactly("false|0");
        assertThat(ended).containsExactly("extraction LOST");
    }

    @Test
    void whoShowsWhatCameOfACallReadsItItselfAndLeavesItToAWorkerWhenThatFails() {
        MemoryIdentity caller = caller();
        UUID call = stored(caller);
        MemoryJobs failing = jobs(failing(new ExtractorException(Reason.TIMEOUT, "slow", null)));

        assertThatExceptionOfType(ExtractorException.class).isThrownBy(() -> failing.extractNow(call));
        assertThat(rows(
                        "select picked, execution_time = ?::timestamptz from scheduled_tasks",
                        clock.instant().toString()))
                .containsExactly("false|true");
        assertThat(jobs(WINDOW).extractNow(call)).contains(Outcome.DONE);
        assertThat(recall(caller).preferences()).hasSize(1);
        assertThat(jobs(WINDOW).extractNow(call)).isEmpty();
    }

    @Test
    void countsSayHowJobsStand() {
        stored(caller());
        UUID over = stored(caller());
        MemoryJobs jobs = jobs(WINDOW);
        jobs.callEnded(over);
        clock.step(Duration.ofSeconds(90));

        assertThat(jobs.counts()).containsExactly(new JobCounts("extraction", 2, 0, 0, Duration.ofSeconds(90)));
    }

    @Test
    void aSweepIsRunByOneWorkerAtATimeAndComesBackEvenWhenItFails() {
        AtomicInteger now = new AtomicInteger();
        AtomicInteger runs = new AtomicInteger();
        var sweep = new Sweep("retention", Duration.ofHours(1), () -> {
            assertThat(now.incrementAndGet()).isEqualTo(1);
            try {
                if (runs.incrementAndGet() == 2) {
                    throw new IllegalStateException("once");
                }
            } finally {
                now.decrementAndGet();
            }
        });
        for (int worker = 0; worker < 3; worker++) {
            MemoryJobs jobs = QuickJobs.of(database, memory, _ -> WINDOW, List.of(sweep), clock, this::ended);
            running.add(jobs);
            jobs.start();
        }

        awaitEnds("retention DONE");
        awaitRested();
        clock.step(Duration.ofHours(1));
        awaitEnds("retention DONE", "retention FAILED");
        awaitRested();
        clock.step(Duration.ofHours(1));
        awaitEnds("retention DONE", "retention FAILED", "retention DONE");
        assertThat(rows("select task_name, task_data from scheduled_tasks")).containsExactly("retention|null");
    }

    private JobDesk desk() {
        return new JobDesk(database, clock);
    }

    private void awaitRested() {
        await().untilAsserted(() -> assertThat(rows(
                        "select count(*) from scheduled_tasks where not picked and execution_time > ?::timestamptz",
                        clock.instant().toString()))
                .containsExactly("1"));
    }

    /** A scheduler looks again as time goes by. */
    private void awaitEnds(String... expected) {
        await().untilAsserted(() -> {
            clock.step(Duration.ofMillis(30));
            assertThat(ended).containsExactly(expected);
        });
    }

    private void ended(String kind, Outcome outcome, Duration took) {
        ended.add(kind + " " + outcome);
    }

    private MemoryIdentity caller() {
        return MemoryIdentity.ofPhone("default", "+1555120%03d".formatted(callers++));
    }

    private UUID stored(MemoryIdentity caller) {
        Conversation said = conversation("a: Where do you sit?", "c: Window seats, please, for me.");
        memory.store(caller, said, ALL);
        return said.callId();
    }

    private static <T> List<Future<T>> at32(ExecutorService threads, Callable<T> work) {
        CountDownLatch start = new CountDownLatch(1);
        List<Future<T>> results = new ArrayList<>();
        for (int thread = 0; thread < 32; thread++) {
            results.add(threads.submit(() -> {
                start.await();
                return work.call();
            }));
        }
        start.countDown();
        return results;
    }

    private static Extractor failing(ExtractorException failure) {
        return _ -> {
            throw failure;
        };
    }

    private MemoryJobs started(Extraction extraction) {
        return started((Extractor) _ -> extraction);
    }

    private MemoryJobs started(Extractor extractor) {
        MemoryJobs jobs = jobs(extractor);
        jobs.start();
        return jobs;
    }

    private MemoryJobs jobs(Extraction extraction) {
        return jobs(_ -> extraction);
    }

    private MemoryJobs jobs(Extractor extractor) {
        MemoryJobs jobs = QuickJobs.of(
                database,
                memory,
                call -> {
                    requests.incrementAndGet();
                    return extractor.extract(call);
                },
                List.of(),
                clock,
                this::ended);
        running.add(jobs);
        return jobs;
    }
}
