package dev.recaller.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recaller.memory.jobs.VectorRepair;
import dev.recaller.memory.recall.Embedder;
import dev.recaller.memory.recall.Embedding;
import dev.recaller.memory.recall.Passage;
import dev.recaller.memory.recall.Vectors;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Vectors are made beside calls, stored with their model's name, and repaired where they are missing. */
final class VectorsTest extends MemoryTest {

    private int callers;

    @Test
    void storedTurnsGetVectorsOfTheModelWithTheTurnBefore() {
        var model = new Letters("one");
        try (UnifiedMemoryService service = new UnifiedMemoryService(database, clock, KEY, model)) {
            service.store(someone(), conversation("a: Do you sail?", "c: Every day."), MemoryConfiguration.DEFAULT);

            awaitVectors("one", 2);
        }
        assertThat(model.pairs).contains("null > Do you sail?", "Do you sail? > Every day.");
        assertThat(rows(vectorsOf("one", "encode(turn_vector, 'hex') || '|' || encode(token_states, 'hex')")))
                .as("floats low byte first, token states as the model gave them")
                .contains("0000803f00000000|01");
    }

    @Test
    void withoutAModelNothingIsStoredAndWordsAreFound() {
        MemoryIdentity caller = someone();
        call(caller, "c: I love opera.");

        assertThat(memory.recall(caller, new Query("opera", 5, Assurance.PRESENTED), PLENTY)
                        .items())
                .hasSize(1);
        assertThat(memory.sweepVectors("default", null, 1000)).isEqualTo(new VectorSweep(0, null));
        assertThat(rows(vectorsOf("none", "1"))).isEmpty();
    }

    @Test
    void aNewModelsVectorsReplaceTheOldOnesWhenTheCallerIsLoaded() {
        MemoryIdentity caller = someone();
        try (UnifiedMemoryService old = new UnifiedMemoryService(database, clock, KEY, new Letters("old"))) {
            old.store(caller, conversation("c: I love opera.", "c: I love jazz."), MemoryConfiguration.DEFAULT);
            awaitVectors("old", 2);
        }
        UUID call = UUID.randomUUID();
        try (UnifiedMemoryService service = new UnifiedMemoryService(database, clock, KEY, new Letters("new"));
                CallerMemory open = service.open(caller, Assurance.PRESENTED, call, PLENTY)) {
            assertThat(open.recall(new Query("opera", 5, Assurance.PRESENTED, call), PLENTY)
                            .items())
                    .as("half vectorized or not at all, words are found")
                    .isNotEmpty();
            awaitVectors("new", 2);
        }
        assertThat(rows(vectorsOf("old", "1"))).isEmpty();
    }

    @Test
    void whatFindsNoPlaceIsDroppedAndMadeByASweep() {
        MemoryIdentity caller = MemoryIdentity.ofPhone("swept", "+155509900");
        List<UUID> chunks = new ArrayList<>();
        MemoryId id = memory.getOrCreateMemory(caller).id();
        for (int i = 0; i < 5; i++) {
            chunks.add(memory.storeChunk(id, new NewChunk("Fact " + i, MemoryChunk.Type.FACT, 0.5, List.of()))
                    .value());
        }
        var model = new Letters("narrow").hanging();
        try (Vectorizing narrow = new Vectorizing(new Stores(database, clock), model, 2)) {
            narrow.said("swept", chunks);
            narrow.said("swept", chunks);
            model.answer();
            awaitVectors("narrow", 2);
        }
        assertThat(rows(vectorsOf("narrow", "1"))).as("two had a place").hasSize(2);

        try (UnifiedMemoryService service = new UnifiedMemoryService(database, clock, KEY, model)) {
            VectorSweep first = service.sweepVectors("swept", null, 3);
            VectorSweep second = service.sweepVectors("swept", first.last(), 3);

            assertThat(first.made() + second.made()).isEqualTo(3);
            assertThat(first.next()).isPresent();
            assertThat(second.next()).as("nothing is left").isEmpty();
            assertThat(service.sweepVectors("swept", null, 1000).made()).isZero();
        }
        assertThat(rows(vectorsOf("narrow", "1"))).hasSize(5);
    }

    @Test
    void theRepairComesByAllOrganizationsAndMakesWhatAnotherModelLeft() {
        List<UUID> chunks = new ArrayList<>();
        for (String organization : List.of("repaired one", "repaired two")) {
            MemoryId id = memory.getOrCreateMemory(MemoryIdentity.ofPhone(organization, "+155509901"))
                    .id();
            chunks.add(memory.storeChunk(id, new NewChunk("A fact.", MemoryChunk.Type.FACT, 0.5, List.of()))
                    .value());
        }
        for (String model : List.of("model of yesterday", "model of today")) {
            try (UnifiedMemoryService service = new UnifiedMemoryService(database, clock, KEY, new Letters(model))) {
                new VectorRepair(service).run();
            }
        }

        assertThat(rows("select chunk_id, model from chunk_vectors where organization_id like 'repaired %'"))
                .containsExactlyInAnyOrderElementsOf(
                        chunks.stream().map(chunk -> chunk + "|model of today").toList());
    }

    @Test
    void theRunningCallsTurnsGetVectorsInItsIndex() {
        MemoryIdentity caller = someone();
        UUID call = UUID.randomUUID();
        try (UnifiedMemoryService service = new UnifiedMemoryService(database, clock, KEY, new Letters("live"));
                CallerMemory open = service.open(caller, Assurance.PRESENTED, call, PLENTY)) {
            service.store(
                    caller,
                    new Conversation(
                            call,
                            Assurance.PRESENTED,
                            conversation("c: I sail.").turns()),
                    MemoryConfiguration.DEFAULT);
            open.refresh(PLENTY);
            awaitVectors("live", 1);

            Awaitility.await().until(() -> ((OpenCaller) open).lackingVectors() == 0);
        }
    }

    @Test
    void aChunkErasedWhileTheModelReadsItLeavesNothing() {
        MemoryIdentity caller = someone();
        MemoryId id = memory.getOrCreateMemory(caller).id();
        UUID chunk = memory.storeChunk(id, new NewChunk("Gone.", MemoryChunk.Type.FACT, 0.5, List.of()))
                .value();
        var model = new Letters("late").hanging();
        try (Vectorizing vectorizing = new Vectorizing(new Stores(database, clock), model)) {
            vectorizing.said("default", List.of(chunk));
            model.awaitReading();
            new Stores(database, clock)
                    .write("default", tx -> tx.execute("delete from memory_chunks where id = ?", chunk));
            model.answer();
        }
        assertThat(rows(vectorsOf("late", "1"))).isEmpty();
    }

    @Test
    void aModelThatIsLateForAQuestionLeavesItToWords() {
        MemoryIdentity caller = someone();
        call(caller, "c: I love opera.");
        UUID call = UUID.randomUUID();
        var model = new Letters("slow");
        try (UnifiedMemoryService service = new UnifiedMemoryService(database, clock, KEY, model);
                CallerMemory open = service.open(caller, Assurance.PRESENTED, call, PLENTY)) {
            awaitVectors("slow", 1);
            model.hanging();

            assertThat(open.recall(new Query("opera", 5, Assurance.PRESENTED, call), Duration.ofSeconds(2))
                            .items())
                    .extracting(Recollection.Item::text)
                    .containsExactly("I love opera.");
            model.answer();
        }
    }

    @Test
    void aModelThatBreaksLeavesEverythingToWords() {
        MemoryIdentity caller = someone();
        UUID call = UUID.randomUUID();
        try (UnifiedMemoryService service = new UnifiedMemoryService(database, clock, KEY, new Broken())) {
            service.store(caller, conversation("c: I love opera."), MemoryConfiguration.DEFAULT);
            try (CallerMemory open = service.open(caller, Assurance.PRESENTED, call, PLENTY)) {
                assertThat(open.recall(new Query("opera", 5, Assurance.PRESENTED, call), PLENTY)
                                .items())
                        .hasSize(1);
            }
        }
    }

    private MemoryIdentity someone() {
        return MemoryIdentity.ofPhone("default", "+1555090" + String.format("%02d", callers++));
    }

    private static String vectorsOf(String model, String columns) {
        return "select " + columns + " from chunk_vectors where model = '" + model + "'";
    }

    private void awaitVectors(String model, int count) {
        Awaitility.await().until(() -> rows(vectorsOf(model, "1")).size() == count);
    }

    /** Tells words by their first letters; enough to see what is stored of which model. */
    private static class Letters implements Embedder {

        final List<String> pairs = Collections.synchronizedList(new ArrayList<>());
        private final String name;
        private final CountDownLatch reading = new CountDownLatch(1);
        private volatile CountDownLatch gate = new CountDownLatch(0);

        Letters(String name) {
            this.name = name;
        }

        /** Until {@link #answer} nothing comes of it. */
        Letters hanging() {
            gate = new CountDownLatch(1);
            return this;
        }

        void answer() {
            gate.countDown();
        }

        void awaitReading() {
            try {
                reading.await();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }

        @Override
        public String model() {
            return name;
        }

        @Override
        public Vectors passage(Passage passage, @Nullable Passage previous) {
            pairs.add((previous == null ? "null" : previous.text()) + " > " + passage.text());
            think();
            return new Vectors(new float[] {1, 0}, new float[] {0, 1}, new byte[] {1});
        }

        @Override
        public Embedding question(String text) {
            think();
            return new Embedding(new float[] {1, 0}, new byte[] {1});
        }

        private void think() {
            reading.countDown();
            try {
                gate.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static final class Broken extends Letters {
        Broken() {
            super("broken");
        }

        @Override
        public Vectors passage(Passage passage, @Nullable Passage previous) {
            throw new IllegalStateException("no model");
        }

        @Override
        public Embedding question(String text) {
            throw new IllegalStateException("no model");
        }
    }
}
