package dev.recaller.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

final class RememberedNameTest extends MemoryTest {

    private static final Duration DAY = Duration.ofDays(1);

    @Test
    void greetsTheSecondCallByTheNameOfTheFirst() {
        MemoryIdentity john = caller();

        assertThat(recall(john)).isEqualTo(Recollection.EMPTY);
        Stored stored = call(john, "a: Hello, who am I talking to?", "c: My name is John.");

        assertThat(stored.turns()).isEqualTo(2);
        assertThat(stored.facts()).containsExactly("The caller's name is John.");
        assertThat(greeting(john)).isEqualTo("John");
        assertThat(recall(john).conversationCount()).isEqualTo(1);
    }

    @Test
    void theBareAnswerToTheQuestionIsAName() {
        MemoryIdentity john = caller();

        call(john, "a: Hello, who am I talking to?", "c: John Smith.");

        assertThat(greeting(john)).isEqualTo("John");
        assertThat(recall(john).entities())
                .singleElement()
                .satisfies(entity -> assertThat(entity.name()).isEqualTo("John Smith"))
                .satisfies(entity -> assertThat(entity.role()).isEqualTo("caller"));
    }

    @Test
    void withinOneCallTheLastNameStands() {
        MemoryIdentity caller = caller();

        call(caller, "c: My name is John.", "c: My name is Peter.");

        assertThat(greeting(caller)).isEqualTo("Peter");
        assertThat(recall(caller).entities()).extracting(Entity::name).containsExactly("Peter");
    }

    @Test
    void wordsOfCorrectionReplaceTheNameOfAnEarlierCall() {
        MemoryIdentity caller = caller();
        call(caller, "c: My name is John.");

        call(caller, "a: Hi John!", "c: Actually, my name is Peter.");

        assertThat(greeting(caller)).isEqualTo("Peter");
    }

    @Test
    void namesThatSoundAlikeAreOne() {
        MemoryIdentity caller = caller();
        call(caller, "c: My name is John.");

        call(caller, "c: My name is Jon.");

        assertThat(greeting(caller)).isEqualTo("John");
        assertThat(rows("select name, mention_count from entities where memory_id = ?", id(caller)))
                .containsExactly("John|2");
    }

    @Test
    void aDifferentNameInALaterCallMakesTheNumberShared() {
        MemoryIdentity number = caller();
        call(number, "c: My name is John.", "c: I like the blue room.", "c: Please text me.");
        call(number, "c: This is Mary.", "c: I like the green room.", "c: Evenings are best.");
        MemoryId id = memory.getOrCreateMemory(number).id();
        memory.storeChunk(id, new NewChunk("The room is booked.", MemoryChunk.Type.EVENT, 0.5, List.of()));

        Recollection nobody = recall(number);
        assertThat(nobody.greetingName()).as("nobody said who they are").isNull();
        assertThat(texts(nobody)).containsExactly("The room is booked.");
        assertThat(nobody.preferences()).isEmpty();
        assertThat(nobody.entities()).isEmpty();

        clock.step(DAY);
        Conversation third = conversation("c: Hi, Mary speaking.", "c: Which room do I like?");
        memory.store(number, third, MemoryConfiguration.DEFAULT);
        Recollection mary = memory.recall(number, new Query("room", 20, Assurance.PRESENTED, third.callId()), PLENTY);
        assertThat(mary.greetingName()).isEqualTo("Mary");
        assertThat(texts(mary))
                .contains("I like the green room.", "The room is booked.", "Which room do I like?")
                .doesNotContain("I like the blue room.");
        assertThat(mary.preferences()).extracting(Preference::key).containsExactly("contact_time");
        assertThat(mary.entities()).extracting(Entity::name).containsExactly("Mary");
    }

    @Test
    void after180DaysOfSilenceTheCallerIsNotGreetedByName() {
        MemoryIdentity caller = caller();
        call(caller, "c: My name is John.");

        clock.step(DAY.multipliedBy(179));
        assertThat(greeting(caller)).isEqualTo("John");
        clock.step(DAY);
        assertThat(greeting(caller)).isNull();
        assertThat(recall(caller).conversationCount()).isEqualTo(1);

        call(caller, "c: Hello, I need a plumber.");
        assertThat(greeting(caller)).as("who called now has not said a name").isNull();

        call(caller, "c: It's me, my name is John.");
        assertThat(greeting(caller)).as("all is as before").isEqualTo("John");
        assertThat(texts(recall(caller))).contains("My name is John.");
    }

    @Test
    void callsWithoutANameKeepTheNumberFromBeingSilent() {
        MemoryIdentity caller = caller();
        call(caller, "c: My name is John.");

        for (int month = 0; month < 8; month++) {
            clock.step(DAY.multipliedBy(30));
            call(caller, "c: The same again, please.");
        }

        assertThat(greeting(caller)).isEqualTo("John");
    }

    @Test
    void anotherNameAfterTheSilenceStartsANewEpoch() {
        MemoryIdentity number = caller();
        call(number, "c: My name is John.", "c: I love opera.", "c: Please text me.");
        clock.step(DAY.multipliedBy(200));

        Conversation stranger = conversation("c: Hello, I need a plumber.", "c: My name is Mary.");
        memory.store(number, stranger, MemoryConfiguration.DEFAULT);

        assertThat(greeting(number)).isEqualTo("Mary");
        assertThat(texts(recall(number)))
                .containsExactlyInAnyOrder(
                        "The caller's name is Mary.", "Hello, I need a plumber.", "My name is Mary.");
        assertThat(recall(number).preferences()).isEmpty();
        assertThat(recall(number).entities()).extracting(Entity::name).containsExactly("Mary");
        MemoryId id = memory.getOrCreateMemory(number).id();
        assertThat(memory.search(id, "opera", 5)).isEmpty();
        assertThat(memory.history(id, 10)).hasSize(2);
        assertThat(rows(
                        "select count(*) from memory_chunks where memory_id = ? and content like '%opera%'",
                        id.value()))
                .as("kept for an operator")
                .containsExactly("1");

        call(number, "c: Please email me.", "c: This is Mary.");
        assertThat(recall(number).preferences()).extracting(Preference::value).containsExactly("email");
        assertThat(greeting(number)).isEqualTo("Mary");
    }

    @Test
    void whatTheFlowKeepsForTheVerifiedIsReadAtThatAssuranceOnly() {
        MemoryIdentity caller = caller();
        Conversation said = conversation("c: My name is John.", "c: Please text me.");
        memory.store(
                caller,
                new Conversation(said.callId(), Assurance.PRESENTED, said.turns(), Assurance.VERIFIED),
                MemoryConfiguration.DEFAULT);

        assertThat(recall(caller).items()).isEmpty();
        assertThat(recall(caller).preferences()).isEmpty();
        assertThat(greeting(caller)).isNull();
        assertThat(memory.recall(caller, new Query(null, 20, Assurance.ATTESTED), PLENTY)
                        .items())
                .isEmpty();
        Recollection verified = memory.recall(caller, new Query(null, 20, Assurance.VERIFIED), PLENTY);
        assertThat(verified.greetingName()).isEqualTo("John");
        assertThat(verified.preferences()).hasSize(1);

        call(caller, "c: My name is John.");
        assertThat(greeting(caller)).as("said to anybody since").isEqualTo("John");
    }

    private int callers;

    private MemoryIdentity caller() {
        return MemoryIdentity.ofPhone("default", "+1555010%04d".formatted(callers++));
    }

    private Object id(MemoryIdentity identity) {
        return memory.getOrCreateMemory(identity).id().value();
    }

    private static List<String> texts(Recollection recollection) {
        return recollection.items().stream().map(Recollection.Item::text).toList();
    }
}
