package dev.recaller.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class StoringTest extends MemoryTest {

    private static final String[] CALL = {
        "a: Hello, who am I talking to?",
        "c: My name is Peter.",
        "a: Hi Peter!",
        "c: No, it is Pedro. P-E-D-R-O.",
        "c: Please text me.",
        "c: Actually email is best.",
        "c: Call me after five.",
        "a: Goodbye."
    };

    @Test
    void storesEachTurnOnceAndCounts() {
        MemoryIdentity caller = MemoryIdentity.ofPhone("default", "+155504001");
        Conversation conversation = conversation(CALL);

        Stored first = memory.store(caller, conversation, MemoryConfiguration.DEFAULT);
        Stored second = memory.store(caller, conversation, MemoryConfiguration.DEFAULT);

        assertThat(first.turns()).isEqualTo(8);
        assertThat(first.facts())
                .containsExactly(
                        "The caller's name is Pedro.",
                        "contact_channel = sms",
                        "contact_channel = email",
                        "contact_time = after five");
        assertThat(second).isEqualTo(new Stored(first.memoryId(), 0, List.of()));
        Memory row = memory.getOrCreateMemory(caller);
        assertThat(row.conversationCount()).isEqualTo(1);
        assertThat(row.totalTokens())
                .isEqualTo(conversation.turns().stream()
                        .mapToLong(turn -> Math.ceilDiv(turn.text().length(), 4))
                        .sum());
        assertThat(row.lastInteractionAt())
                .isEqualTo(conversation.turns().getLast().saidAt());
        assertThat(memory.history(row.id(), 3))
                .extracting(MemoryChunk::content)
                .containsExactly("Actually email is best.", "Call me after five.", "Goodbye.");
        assertThat(memory.getPreferences(row.id()))
                .extracting(preference -> preference.key() + "=" + preference.value())
                .containsExactly("contact_channel=email", "contact_time=after five");
        assertThat(rows(
                        "select value, valid_to is null from preferences where memory_id = ? and key = 'contact_channel'"
                                + " order by valid_from",
                        row.id().value()))
                .as("what was replaced stays readable")
                .containsExactly("sms|false", "email|true");
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void manyThreadsWithShuffledAndRepeatedTurnsStoreWhatOneStores(long seed) throws Exception {
        MemoryIdentity caller = MemoryIdentity.ofPhone("default", "+15550401" + seed);
        MemoryIdentity once = MemoryIdentity.ofPhone("default", "+15550402" + seed);
        Conversation whole = conversation(CALL);
        var random = new Random(seed);
        List<Conversation> parts = new ArrayList<>();
        for (int part = 0; part < 24; part++) {
            List<Turn> turns = new ArrayList<>(whole.turns());
            Collections.shuffle(turns, random);
            parts.add(new Conversation(
                    whole.callId(), Assurance.PRESENTED, turns.subList(0, 1 + random.nextInt(turns.size()))));
        }
        parts.add(whole);

        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Stored>> running = parts.stream()
                    .map(part -> threads.submit(() -> memory.store(caller, part, MemoryConfiguration.DEFAULT)))
                    .toList();
            int stored = 0;
            for (Future<Stored> part : running) {
                stored += part.get().turns();
            }
            assertThat(stored).isEqualTo(CALL.length);
        }
        memory.store(
                once,
                new Conversation(UUID.randomUUID(), Assurance.PRESENTED, whole.turns()),
                MemoryConfiguration.DEFAULT);

        assertThat(state(caller)).isEqualTo(state(once));
    }

    @Test
    void manyCallsOfOneCallerAtOnceLoseNoCountAndStoreNoTurnTwice() throws Exception {
        MemoryIdentity caller = MemoryIdentity.ofPhone("default", "+155504090");
        List<Conversation> turns = new ArrayList<>();
        long tokens = 0;
        for (int call = 0; call < 16; call++) {
            Conversation whole = conversation(CALL);
            for (Turn turn : whole.turns()) {
                tokens += Math.ceilDiv(turn.text().length(), 4);
                turns.add(new Conversation(whole.callId(), Assurance.PRESENTED, List.of(turn)));
            }
        }
        turns.addAll(List.copyOf(turns));
        Collections.shuffle(turns, new Random(25));

        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Stored>> running = turns.stream()
                    .map(turn -> threads.submit(() -> memory.store(caller, turn, MemoryConfiguration.DEFAULT)))
                    .toList();
            for (Future<Stored> turn : running) {
                turn.get();
            }
        }

        Memory row = memory.getOrCreateMemory(caller);
        assertThat(row.conversationCount()).isEqualTo(16);
        assertThat(row.totalTokens()).isEqualTo(tokens);
        assertThat(rows("select id from user_memory where phone_number = '+155504090'"))
                .hasSize(1);
        assertThat(rows(
                        "select call_id, count(*), count(distinct turn) from memory_chunks"
                                + " where memory_id = ? and type = 'conversation' group by call_id",
                        row.id().value()))
                .hasSize(16)
                .allMatch(call -> call.endsWith("|8|8"));
        assertThat(rows(
                        "select key, count(*) filter (where valid_to is null) from preferences where memory_id = ?"
                                + " group by key",
                        row.id().value()))
                .containsExactlyInAnyOrder("contact_channel|1", "contact_time|1");
    }

    private List<String> state(MemoryIdentity identity) {
        UUID id = memory.getOrCreateMemory(identity).id().value();
        List<String> state = new ArrayList<>();
        state.addAll(
                rows("select conversation_count, total_tokens, last_interaction_at from user_memory where id = ?", id));
        state.addAll(rows(
                "select type, content, turn, speaker, said_at, min_assurance, expires_at from memory_chunks"
                        + " where memory_id = ? order by type, turn",
                id));
        state.addAll(
                rows("select name, role, last_mentioned_at from entities where memory_id = ? and role = 'caller'", id));
        state.addAll(
                rows("select key, value from preferences where memory_id = ? and valid_to is null order by key", id));
        return state;
    }

    @Test
    void countsEachCallOnce() {
        MemoryIdentity caller = MemoryIdentity.ofPhone("default", "+155504030");
        for (int call = 0; call < 3; call++) {
            Conversation conversation = conversation("c: Hello.", "c: Bye.");
            for (Turn turn : conversation.turns()) {
                memory.store(
                        caller,
                        new Conversation(conversation.callId(), Assurance.PRESENTED, List.of(turn)),
                        MemoryConfiguration.DEFAULT);
            }
        }

        assertThat(memory.getOrCreateMemory(caller).conversationCount()).isEqualTo(3);
    }

    @Test
    void storesNothingWhereItMayNot() {
        var off = new MemoryConfiguration(false, true, true, false, 365, false, false);
        var usersOnly = new MemoryConfiguration(true, false, true, false, 365, false, false);
        Conversation said = conversation("c: My name is Nemo.");

        assertThat(memory.store(MemoryIdentity.ofPhone("default", "+155504040"), said, off))
                .isEqualTo(Stored.NOTHING);
        assertThat(memory.store(MemoryIdentity.ofPhone("default", "+155504040"), said, usersOnly))
                .isEqualTo(Stored.NOTHING);
        assertThat(memory.store(
                        MemoryIdentity.ofPhone("default", "+155504040"),
                        new Conversation(said.callId(), Assurance.ANONYMOUS, said.turns()),
                        MemoryConfiguration.DEFAULT))
                .isEqualTo(Stored.NOTHING);
        assertThat(memory.store(
                        MemoryIdentity.ofPhone("default", "+155504040"),
                        new Conversation(said.callId(), Assurance.PRESENTED, List.of()),
                        MemoryConfiguration.DEFAULT))
                .isEqualTo(Stored.NOTHING);

        assertThat(rows("select * from user_memory where phone_number = '+155504040'"))
                .isEmpty();
        assertThat(rows("select * from memory_chunks where content like '%Nemo%'"))
                .isEmpty();
        assertThat(rows("select * from entities where name = 'Nemo'")).isEmpty();
    }

    @Test
    void usesOnlyTheIdentityTheConfigurationAllows() {
        var both = new MemoryIdentity("default", "user-5", "+155504050");
        var usersOnly = new MemoryConfiguration(true, false, true, false, 365, false, false);

        memory.store(both, conversation("c: Hello."), usersOnly);

        assertThat(rows("select phone_number from user_memory where user_id = 'user-5'"))
                .containsExactly("null");
    }

    @Test
    void everythingStoredExpiresWhenTheRetentionSays() {
        MemoryIdentity caller = MemoryIdentity.ofPhone("default", "+155504060");
        var month = new MemoryConfiguration(true, true, true, false, 30, false, false);
        Conversation said = conversation("c: My name is John.", "c: Please text me.", "c: I love opera.");
        memory.store(caller, said, month);
        MemoryId id = memory.getOrCreateMemory(caller).id();

        for (String table : List.of("memory_chunks", "entities", "preferences")) {
            assertThat(rows(
                            "select distinct date_trunc('day', expires_at)::date from " + table
                                    + " where memory_id = ?",
                            id.value()))
                    .as(table)
                    .containsExactly(
                            clock.instant().plus(Duration.ofDays(30)).toString().substring(0, 10));
        }
        clock.step(Duration.ofDays(31));
        assertThat(recall(caller).items()).isEmpty();
        assertThat(recall(caller).entities()).isEmpty();
        assertThat(recall(caller).preferences()).isEmpty();
        assertThat(greeting(caller)).isNull();
        assertThat(memory.search(id, "opera", 5)).isEmpty();
        assertThat(memory.history(id, 5)).isEmpty();
        assertThat(memory.getPreferences(id)).isEmpty();
        assertThat(memory.entities(id)).isEmpty();
    }

    @Test
    void secretsNeverReachATable() {
        MemoryIdentity caller = MemoryIdentity.ofPhone("default", "+155504070");
        memory.store(
                caller,
                conversation(
                        "c: My card is 4111 1111 1111 1111.",
                        "a: What is your PIN?",
                        "c: It's 9 8 7 6.",
                        "c: my password is opensesame"),
                MemoryConfiguration.DEFAULT);
        MemoryId id = memory.getOrCreateMemory(caller).id();
        memory.storeChunk(
                id, new NewChunk("Paid with 5555555555554444.", MemoryChunk.Type.EVENT, 0.5, List.of("payment")));

        List<String> contents =
                rows("select content from memory_chunks where memory_id = ? order by said_at", id.value());
        assertThat(contents)
                .containsExactly(
                        "My card is [card number].",
                        "What is your PIN?",
                        "It's [secret].",
                        "my password is [secret]",
                        "Paid with [card number].");
    }

    @Test
    void aSecretGivenInPiecesOrAfterAPauseIsStillOne() {
        MemoryIdentity caller = MemoryIdentity.ofPhone("default", "+155504071");
        memory.store(
                caller,
                conversation(
                        "a: What is your card number?",
                        "c: Let me see.",
                        "c: 4111 1111.",
                        "a: Go on.",
                        "c: 1111 1111.",
                        "a: Thank you, I have it.",
                        "c: My room is 456."),
                MemoryConfiguration.DEFAULT);

        assertThat(rows(
                        "select content from memory_chunks where memory_id = ? and speaker = 'caller' order by turn",
                        memory.getOrCreateMemory(caller).id().value()))
                .containsExactly("Let me see.", "[secret].", "[secret].", "My room is 456.");
    }

    @Test
    void theAnswerToASensitiveQuestionIsNotForAPresentedNumber() {
        MemoryIdentity caller = MemoryIdentity.ofPhone("default", "+155504072");
        memory.store(
                caller,
                conversation("a: What is your address?", "c: Twelve Elm, second floor.", "a: Anything else?", "c: No."),
                MemoryConfiguration.DEFAULT);

        assertThat(rows(
                        "select content, min_assurance from memory_chunks where memory_id = ? and speaker = 'caller'"
                                + " order by turn",
                        memory.getOrCreateMemory(caller).id().value()))
                .containsExactly("Twelve Elm, second floor.|attested", "No.|presented");
    }

    @Test
    void whoWantsNoMoreTextMessagesDoesNotPreferThem() {
        MemoryIdentity caller = MemoryIdentity.ofPhone("default", "+155504073");
        call(caller, "c: Please text me.");
        call(caller, "c: Please don't text me any more.");
        assertThat(memory.getPreferences(memory.getOrCreateMemory(caller).id()))
                .extracting(preference -> preference.key() + "=" + preference.value())
                .containsExactly("contact_avoid=sms");

        call(caller, "c: Please text me after all.");
        assertThat(memory.getPreferences(memory.getOrCreateMemory(caller).id()))
                .extracting(preference -> preference.key() + "=" + preference.value())
                .containsExactly("contact_channel=sms");
    }

    @Test
    void storesWhatIsNoTurn() {
        MemoryId id = memory.getOrCreateMemory(MemoryIdentity.ofUser("default", "chunks"))
                .id();

        ChunkId chunk = memory.storeChunk(
                id,
                new NewChunk("Delivered a red bicycle.", MemoryChunk.Type.EVENT, 0.75, List.of("orders", "bicycle")));

        assertThat(memory.search(id, "bicycles", 5)).singleElement().satisfies(hit -> {
            assertThat(hit.value().id()).isEqualTo(chunk);
            assertThat(hit.value().topics()).containsExactly("orders", "bicycle");
            assertThat(hit.value().importance()).isEqualTo(0.75);
            assertThat(hit.value().speaker()).isNull();
            assertThat(hit.value().tokens()).isEqualTo(6);
            assertThat(hit.score()).isPositive();
        });
        assertThat(memory.getOrCreateMemory(MemoryIdentity.ofUser("default", "chunks"))
                        .totalTokens())
                .isEqualTo(6);
    }
}
