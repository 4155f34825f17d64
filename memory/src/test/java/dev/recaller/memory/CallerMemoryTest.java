package dev.recaller.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.recaller.memory.extract.Extraction;
import dev.recaller.sql.Database;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** One call's view of its caller, while this call and others go on writing. */
final class CallerMemoryTest extends MemoryTest {

    private static final Duration SHORT = Duration.ofMillis(200);

    private int callers;

    @Test
    void whatTheCallItselfStoresIsFoundAtOnce() {
        MemoryIdentity caller = someone();
        UUID call = UUID.randomUUID();
        try (CallerMemory open = memory.open(caller, Assurance.PRESENTED, call, PLENTY)) {
            assertThat(recall(open, call, null)).isEqualTo(Recollection.EMPTY);

            say(caller, call, 0, "My name is John and I sail.");
            assertThat(recall(open, call, null).greetingName()).isEqualTo("John");
            assertThat(texts(recall(open, call, "sail"))).contains("My name is John and I sail.");

            say(caller, call, 1, "Please text me, never call.");
            say(caller, call, 2, "My diagnosis is asthma.");
            Recollection now = recall(open, call, "asthma diagnosis");
            assertThat(now.preferences()).extracting(Preference::value).contains("sms");
            assertThat(texts(now)).as("said in this very call").contains("My diagnosis is asthma.");
            assertThat(now.entities()).extracting(Entity::name).containsExactly("John");
            assertThat(now.conversationCount()).isEqualTo(1);

            say(caller, call, 3, "No, my name is Peter.");
            assertThat(recall(open, call, null).greetingName()).isEqualTo("Peter");
            assertThat(texts(recall(open, call, null)))
                    .contains("The caller's name is Peter.")
                    .doesNotContain("The caller's name is John.");
        }
    }

    @Test
    void onlyWhatIsNewIsReadAgain() throws SQLException {
        MemoryIdentity caller = someone();
        call(caller, "c: I once had a boat.");
        clock.step(Duration.ofDays(1));
        UUID call = UUID.randomUUID();
        try (CallerMemory open = memory.open(caller, Assurance.PRESENTED, call, PLENTY)) {
            change("update memory_chunks set content = 'Read again.' where content = 'I once had a boat.'");
            say(caller, call, 0, "Today I have no boat.");

            assertThat(texts(recall(open, call, "boat")))
                    .as("the old row changed without a revision, which tells that it is not read")
                    .containsExactlyInAnyOrder("I once had a boat.", "Today I have no boat.");
        }
    }

    @Test
    void whatAnotherCallSaysMeanwhileIsFound() {
        MemoryIdentity caller = someone();
        call(caller, "c: I love opera.");
        UUID call = UUID.randomUUID();
        try (CallerMemory open = memory.open(caller, Assurance.PRESENTED, call, PLENTY)) {
            call(caller, "c: Somebody else at this number plays chess.");

            assertThat(texts(recall(open, call, "chess"))).hasSize(1);
        }
    }

    @Test
    void turnsStoredLongAfterTheyWereSaidAreFound() {
        MemoryIdentity caller = someone();
        Conversation longAgo = conversation("c: I play chess.");
        clock.step(Duration.ofHours(3));
        UUID call = UUID.randomUUID();
        try (CallerMemory open = memory.open(caller, Assurance.PRESENTED, call, PLENTY)) {
            memory.store(caller, longAgo, MemoryConfiguration.DEFAULT);

            assertThat(texts(recall(open, call, "chess"))).hasSize(1);
        }
    }

    @Test
    void whatAModelFoundMeanwhileIsKnown() {
        MemoryIdentity caller = someone();
        Conversation said = conversation("c: I sail to Zanzibar.");
        MemoryId id =
                memory.store(caller, said, MemoryConfiguration.DEFAULT).memory().orElseThrow();
        clock.step(Duration.ofDays(1));
        UUID call = UUID.randomUUID();
        try (CallerMemory open = memory.open(caller, Assurance.PRESENTED, call, PLENTY)) {
            memory.storeExtraction(
                    id,
                    said.callId(),
                    new MemoryConfiguration(true, true, true, true, 365, true, true),
                    new Extraction(
                            List.of(new Extraction.Entity(Extraction.EntityType.PLACE, "Zanzibar", List.of(0))),
                            List.of(),
                            List.of()));

            Recollection now = recall(open, call, "sail");
            assertThat(now.entities()).extracting(Entity::name).containsExactly("Zanzibar");
            assertThat(now.items().getFirst().about()).containsExactly("Zanzibar");
        }
    }

    @Test
    void aCallerErasedMeanwhileIsNotRemembered() throws SQLException {
        MemoryIdentity caller = someone();
        call(caller, "c: My name is John.", "c: I love opera.");
        UUID call = UUID.randomUUID();
        try (CallerMemory open = memory.open(caller, Assurance.PRESENTED, call, PLENTY)) {
            assertThat(recall(open, call, null).greetingName()).isEqualTo("John");

            change("delete from user_memory where phone_number = '" + caller.phoneNumber() + "'");

            assertThat(recall(open, call, "opera")).isEqualTo(Recollection.EMPTY);
        }
    }

    @Test
    void rowsRemovedMeanwhileAreNotRemembered() throws SQLException {
        MemoryIdentity caller = someone();
        call(caller, "c: I love opera.", "c: I love jazz.");
        UUID call = UUID.randomUUID();
        try (CallerMemory open = memory.open(caller, Assurance.PRESENTED, call, PLENTY)) {
            change(
                    "delete from memory_chunks where content = 'I love opera.' and memory_id in (select id from user_memory"
                            + " where phone_number = '" + caller.phoneNumber() + "')");
            change("update user_memory set revision = revision + 1 where phone_number = '" + caller.phoneNumber()
                    + "'");

            assertThat(texts(recall(open, call, "love"))).containsExactly("I love jazz.");
        }
    }

    @Test
    void anotherRowThatIsTheCallersNowIsRead() throws SQLException {
        MemoryIdentity number = someone();
        call(number, "c: I love opera.");
        var both = new MemoryIdentity("default", "user-of-" + number.phoneNumber(), number.phoneNumber());
        UUID call = UUID.randomUUID();
        try (CallerMemory open = memory.open(both, Assurance.PRESENTED, call, PLENTY)) {
            assertThat(texts(recall(open, call, "love"))).containsExactly("I love opera.");

            call(MemoryIdentity.ofUser("default", "user-of-" + number.phoneNumber()), "c: I love jazz.");

            assertThat(texts(recall(open, call, "love"))).containsExactlyInAnyOrder("I love opera.", "I love jazz.");
        }
    }

    @Test
    void onASharedNumberTheSpeakersMemoryIsFoundOnceTheNameIsSaid() {
        MemoryIdentity number = someone();
        call(number, "c: My name is John.", "c: I love opera.");
        call(number, "c: This is Mary.", "c: I love jazz.");
        UUID call = UUID.randomUUID();
        try (CallerMemory open = memory.open(number, Assurance.PRESENTED, call, PLENTY)) {
            assertThat(recall(open, call, null).items()).isEmpty();
            assertThat(recall(open, call, "love").items()).isEmpty();

            say(number, call, 0, "Mary here, what do I love?");

            Recollection mary = recall(open, call, "love");
            assertThat(mary.greetingName()).isEqualTo("Mary");
            assertThat(texts(mary)).contains("I love jazz.").doesNotContain("I love opera.");
            assertThat(mary.items())
                    .filteredOn(item -> item.text().equals("I love jazz."))
                    .extracting(Recollection.Item::person)
                    .containsExactly("Mary");
        }
    }

    @Test
    void aFrozenDatabaseLeavesWhatWasLoadedForAMinute() throws IOException {
        MemoryIdentity caller = someone();
        call(caller, "c: My name is John.", "c: I love opera.");
        UUID call = UUID.randomUUID();
        try (Frozen way = new Frozen(urls().worker());
                Database database = Database.open(way.url(), 2);
                UnifiedMemoryService service = new UnifiedMemoryService(database, clock, KEY, null);
                CallerMemory open = service.open(caller, Assurance.PRESENTED, call, PLENTY)) {
            way.freeze(true);

            long began = System.nanoTime();
            Recollection known = open.recall(new Query("opera", 5, Assurance.PRESENTED, call), SHORT);
            assertThat(texts(known)).startsWith("I love opera.");
            assertThat(known.greetingName()).isEqualTo("John");
            assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(20));

            clock.step(OpenCaller.TRUSTED.plusSeconds(1));
            assertThatExceptionOfType(MemoryException.class)
                    .isThrownBy(() -> open.recall(new Query("opera", 5, Assurance.PRESENTED, call), SHORT))
                    .satisfies(e -> assertThat(e.code()).isEqualTo(MemoryException.Code.TIMEOUT));
            way.freeze(false);
        }
    }

    @Test
    void aDatabaseThatIsGoneLeavesWhatWasLoadedForAMinute() {
        MemoryIdentity caller = someone();
        call(caller, "c: I love opera.");
        UUID call = UUID.randomUUID();
        Database database = Database.open(urls().worker(), 1);
        try (UnifiedMemoryService service = new UnifiedMemoryService(database, clock, KEY, null);
                CallerMemory open = service.open(caller, Assurance.PRESENTED, call, PLENTY)) {
            database.close();

            assertThat(texts(recall(open, call, "opera"))).containsExactly("I love opera.");

            clock.step(OpenCaller.TRUSTED.plusSeconds(1));
            assertThatExceptionOfType(MemoryException.class)
                    .isThrownBy(() -> recall(open, call, "opera"))
                    .satisfies(e -> assertThat(e.code()).isEqualTo(MemoryException.Code.UNAVAILABLE));
        }
    }

    @Test
    void aMemoryKnownToHaveChangedIsNeverAnsweredFromBefore() throws SQLException {
        MemoryIdentity caller = someone();
        call(caller, "c: I love opera.");
        UUID call = UUID.randomUUID();
        try (CallerMemory open = memory.open(caller, Assurance.PRESENTED, call, PLENTY);
                Database owner = Database.open(urls().owner(), 1);
                Connection connection = owner.connection();
                Statement statement = connection.createStatement()) {
            change("update user_memory set revision = revision + 1 where phone_number = '" + caller.phoneNumber()
                    + "'");
            statement.execute("lock table memory_chunks in access exclusive mode");

            assertThatExceptionOfType(MemoryException.class)
                    .isThrownBy(() -> open.recall(new Query("opera", 5, Assurance.PRESENTED, call), SHORT))
                    .satisfies(e -> assertThat(e.code()).isEqualTo(MemoryException.Code.TIMEOUT));
            connection.rollback();

            assertThat(texts(recall(open, call, "opera"))).containsExactly("I love opera.");
        }
    }

    @Test
    void refreshingReadsWhatChangedSoThatARecallNeedNot() throws SQLException {
        MemoryIdentity caller = someone();
        call(caller, "c: I love opera.");
        UUID call = UUID.randomUUID();
        try (CallerMemory open = memory.open(caller, Assurance.PRESENTED, call, PLENTY)) {
            say(caller, call, 0, "And I love jazz.");
            open.refresh(PLENTY);
            try (Database owner = Database.open(urls().owner(), 1);
                    Connection connection = owner.connection();
                    Statement statement = connection.createStatement()) {
                statement.execute("lock table memory_chunks in access exclusive mode");

                assertThat(texts(open.recall(new Query("jazz", 5, Assurance.PRESENTED, call), PLENTY)))
                        .containsExactly("And I love jazz.");
                connection.rollback();
            }
        }
    }

    @Test
    void rowsAboveTheCallsAssuranceNeverLeaveTheDatabase() {
        MemoryIdentity caller = someone();
        Conversation before = conversation("c: My doctor's diagnosis was asthma.", "c: I love opera.");
        MemoryId id = memory.store(caller, before, MemoryConfiguration.DEFAULT)
                .memory()
                .orElseThrow();
        UUID call = UUID.randomUUID();
        say(caller, call, 0, "My blood pressure is high.");
        var now = clock.instant();

        ReadableChunks.Found presented = database.transactions()
                .read(
                        "default",
                        tx -> ReadableChunks.read(
                                tx,
                                new ReadableChunks.Wanted(id, Instant.EPOCH, now, Assurance.PRESENTED, call, null)));

        assertThat(presented.chunks())
                .extracting(row -> row.chunk().content())
                .as("what SQL returned; the last is of this call")
                .containsExactly("I love opera.", "My blood pressure is high.");
    }

    @Test
    void higherAssuranceIsAnotherHandle() {
        MemoryIdentity caller = someone();
        call(caller, "c: My doctor's diagnosis was asthma.");
        UUID call = UUID.randomUUID();
        try (CallerMemory presented = memory.open(caller, Assurance.PRESENTED, call, PLENTY);
                CallerMemory verified = memory.open(caller, Assurance.VERIFIED, call, PLENTY)) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> presented.recall(new Query("asthma", 5, Assurance.VERIFIED, call), PLENTY));

            assertThat(texts(recall(presented, call, "asthma"))).isEmpty();
            assertThat(texts(verified.recall(new Query("asthma", 5, Assurance.VERIFIED, call), PLENTY)))
                    .hasSize(1);
        }
    }

    @Test
    void aClosedHandleKnowsNothing() {
        MemoryIdentity caller = someone();
        call(caller, "c: I love opera.");
        UUID call = UUID.randomUUID();
        CallerMemory open = memory.open(caller, Assurance.PRESENTED, call, PLENTY);
        open.close();

        assertThat(recall(open, call, "opera")).isEqualTo(Recollection.EMPTY);
    }

    @Test
    void factsNameTheTurnsTheyCameFrom() {
        MemoryIdentity caller = someone();
        call(caller, "c: My name is John.");

        List<Recollection.Item> items = recall(caller).items();

        assertThat(items.getFirst().text()).isEqualTo("The caller's name is John.");
        assertThat(items.getFirst().saidIn()).containsExactly(items.get(1).source());
        assertThat(items.getFirst().about()).containsExactly("John");
        assertThat(items.get(1).person()).isEqualTo("John");
    }

    private MemoryIdentity someone() {
        return MemoryIdentity.ofPhone("default", "+1555080" + String.format("%02d", callers++));
    }

    private void say(MemoryIdentity caller, UUID call, int turn, String text) {
        memory.store(
                caller,
                new Conversation(
                        call, Assurance.PRESENTED, List.of(new Turn(turn, Speaker.CALLER, text, clock.instant()))),
                MemoryConfiguration.DEFAULT);
        clock.step(Duration.ofSeconds(5));
    }

    private static Recollection recall(CallerMemory open, UUID call, @Nullable String text) {
        return open.recall(new Query(text, 20, Assurance.PRESENTED, call), PLENTY);
    }

    private static List<String> texts(Recollection recollection) {
        return recollection.items().stream().map(Recollection.Item::text).toList();
    }

    private void change(String sql) throws SQLException {
        try (Connection connection = database.connection();
                Statement statement = connection.createStatement()) {
            statement.execute("select set_config('recaller.organization_id', 'default', true)");
            assertThat(statement.executeUpdate(sql)).as(sql).isPositive();
            connection.commit();
        }
    }
}
