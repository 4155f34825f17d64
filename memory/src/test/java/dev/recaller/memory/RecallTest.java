package dev.recaller.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.recaller.sql.Database;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;

final class RecallTest extends MemoryTest {

    @Test
    void createsNothing() {
        recall(MemoryIdentity.ofPhone("default", "+155505001"));

        assertThat(rows("select * from user_memory where phone_number = '+155505001'"))
                .isEmpty();
    }

    @Test
    void knowsWhatMattersMostWhenNothingWasAsked() {
        MemoryIdentity caller = MemoryIdentity.ofPhone("default", "+155505002");
        call(caller, "a: Who am I talking to?", "c: My name is John.", "c: I love opera.", "a: So do I.");

        Recollection known = recall(caller);

        assertThat(known.items())
                .extracting(Recollection.Item::text)
                .as("facts, then the caller's last words; the agent's are no memory of the caller")
                .containsExactly("The caller's name is John.", "I love opera.", "My name is John.");
        assertThat(known.items().getFirst().speaker()).isEqualTo(Speaker.CALLER);
        assertThat(known.lastCallAt()).isNotNull();
    }

    @Test
    void whatIsStillToComeComesFirstAndTheNextOfItBeforeTheOthers() {
        MemoryIdentity caller = MemoryIdentity.ofPhone("default", "+155505012");
        call(caller, "c: My name is John.");
        MemoryId id = memory.getOrCreateMemory(caller).id();
        LocalDate today = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
        for (int days : List.of(-2, 9, 3)) {
            String content = "A parcel comes on " + today.plusDays(days);
            memory.storeChunk(id, new NewChunk(content, MemoryChunk.Type.EVENT, 0.1, List.of()));
        }
        memory.storeChunk(id, new NewChunk("A parcel comes on 2099-02-31", MemoryChunk.Type.EVENT, 0.1, List.of()));

        assertThat(memory.recall(caller, new Query(null, 20, Assurance.PRESENTED), PLENTY)
                        .items())
                .extracting(Recollection.Item::text)
                .startsWith(
                        "A parcel comes on " + today.plusDays(3),
                        "A parcel comes on " + today.plusDays(9),
                        "The caller's name is John.")
                .contains("A parcel comes on " + today.minusDays(2), "A parcel comes on 2099-02-31");
    }

    @Test
    void findsWhatWasAskedFor() {
        MemoryIdentity caller = MemoryIdentity.ofPhone("default", "+155505003");
        call(caller, "c: I love opera.", "c: My daughter plays the violin.", "a: Which opera do you love most?");

        List<Recollection.Item> items = memory.recall(
                        caller, new Query("does your daughter play?", 5, Assurance.PRESENTED), PLENTY)
                .items();

        assertThat(items)
                .extracting(Recollection.Item::text)
                .as("what was said around it comes after it")
                .startsWith("My daughter plays the violin.");
    }

    @Test
    void sensitiveRowsNeedAnAttestedNumber() {
        MemoryIdentity caller = MemoryIdentity.ofPhone("default", "+155505004");
        Conversation said = conversation("c: My doctor's diagnosis was asthma.", "c: I love opera.");
        memory.store(caller, said, MemoryConfiguration.DEFAULT);

        assertThat(texts(caller, Assurance.PRESENTED)).containsExactly("I love opera.");
        assertThat(texts(caller, Assurance.ATTESTED)).hasSize(2);
        assertThat(texts(caller, Assurance.VERIFIED)).hasSize(2);
        assertThat(memory.recall(caller, new Query(null, 20, Assurance.ANONYMOUS), PLENTY))
                .isEqualTo(Recollection.EMPTY);
        assertThat(memory.recall(caller, new Query("asthma", 5, Assurance.PRESENTED, said.callId()), PLENTY)
                        .items())
                .as("the call itself may hear what was said in it")
                .first()
                .extracting(Recollection.Item::text)
                .isEqualTo("My doctor's diagnosis was asthma.");
    }

    @Test
    void readsTheUsersAndTheNumbersMemoryOfACallerWhoGaveBoth() {
        MemoryIdentity user = MemoryIdentity.ofUser("default", "both");
        MemoryIdentity number = MemoryIdentity.ofPhone("default", "+155505005");
        memory.getOrCreateMemory(user);
        call(user, "c: My name is John.", "c: I love opera.");
        call(number, "c: I love jazz.");

        Recollection both = recall(new MemoryIdentity("default", "both", "+155505005"));

        assertThat(both.greetingName()).isEqualTo("John");
        assertThat(both.conversationCount()).isEqualTo(2);
        assertThat(both.items()).extracting(Recollection.Item::text).contains("I love opera.", "I love jazz.");
        assertThat(recall(number).items()).extracting(Recollection.Item::text).containsExactly("I love jazz.");
    }

    @Test
    void aNumberWithTwoUsersTellsNothingOfEither() {
        call(new MemoryIdentity("default", "left", "+155505006"), "c: I love opera.");
        call(new MemoryIdentity("default", "right", "+155505006"), "c: I love jazz.");

        assertThat(recall(MemoryIdentity.ofPhone("default", "+155505006"))).isEqualTo(Recollection.EMPTY);
        assertThat(recall(new MemoryIdentity("default", "left", "+155505006")).items())
                .extracting(Recollection.Item::text)
                .containsExactly("I love opera.");
    }

    @Test
    void theTimeLimitIsHard() throws SQLException {
        MemoryIdentity caller = MemoryIdentity.ofPhone("default", "+155505007");
        call(caller, "c: I love opera.");
        try (Database owner = Database.open(urls().owner(), 1);
                Connection connection = owner.connection();
                Statement statement = connection.createStatement()) {
            statement.execute("lock table user_memory in access exclusive mode");
            long began = System.nanoTime();

            assertThatExceptionOfType(MemoryException.class)
                    .isThrownBy(() ->
                            memory.recall(caller, new Query(null, 5, Assurance.PRESENTED), Duration.ofMillis(150)))
                    .satisfies(e -> assertThat(e.code()).isEqualTo(MemoryException.Code.TIMEOUT));

            assertThat(Duration.ofNanos(System.nanoTime() - began))
                    .isBetween(Duration.ofMillis(140), Duration.ofSeconds(20));
            connection.rollback();
        }
        assertThat(recall(caller).items()).hasSize(1);
    }

    @Test
    void aDatabaseThatIsGoneIsUnavailable() {
        Database gone = Database.open(urls().worker(), 1);
        var forgetful = new UnifiedMemoryService(gone, clock, KEY, null);
        gone.close();

        assertThatExceptionOfType(MemoryException.class)
                .isThrownBy(() -> forgetful.getOrCreateMemory(MemoryIdentity.ofUser("default", "nobody")))
                .satisfies(e -> assertThat(e.code()).isEqualTo(MemoryException.Code.UNAVAILABLE));
        assertThatExceptionOfType(MemoryException.class)
                .isThrownBy(() -> forgetful.recall(
                        MemoryIdentity.ofUser("default", "nobody"), new Query(null, 5, Assurance.PRESENTED), PLENTY))
                .satisfies(e -> assertThat(e.code()).isEqualTo(MemoryException.Code.UNAVAILABLE));
    }

    private List<String> texts(MemoryIdentity caller, Assurance assurance) {
        return memory.recall(caller, new Query(null, 20, assurance), PLENTY).items().stream()
                .map(Recollection.Item::text)
                .toList();
    }
}
