package dev.recaller.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.tuple;

import dev.recaller.memory.extract.Extraction;
import dev.recaller.memory.extract.Utterance;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

final class ExtractionTest extends MemoryTest {

    private static final MemoryConfiguration ALL = new MemoryConfiguration(true, true, true, false, 365, true, true);

    private int callers;

    @Test
    void storesWhatTheCallersTurnsSay() {
        MemoryIdentity caller = caller();
        Conversation call = conversation(
                "a: Where do you work?", "c: My name is John, I work for Acme in Boston.", "c: Window seats, please.");
        MemoryId id = store(caller, call);

        assertThat(memory.memoryOf("default", call.callId())).contains(id);
        assertThat(memory.memoryOf("default", UUID.randomUUID())).isEmpty();
        assertThat(memory.utterances(id, call.callId()))
                .contains(
                        new Utterance(2, true, "Window seats, please."), new Utterance(0, false, "Where do you work?"));
        int stored = memory.storeExtraction(
                id,
                call.callId(),
                ALL,
                new Extraction(
                        List.of(
                                entity(Extraction.EntityType.ORGANIZATION, "Acme", 1),
                                entity(Extraction.EntityType.PLACE, "Boston", 1)),
                        List.of(
                                new Extraction.Relationship("caller", "works for", "Acme", List.of(1)),
                                new Extraction.Relationship("Acme", "is_in", "Boston", List.of(1))),
                        List.of(preference("seat", "window", 2))));

        assertThat(stored).isEqualTo(5);
        assertThat(memory.entities(id)).extracting(Entity::name).containsExactlyInAnyOrder("John", "Acme", "Boston");
        assertThat(rows(
                        "select s.name, relation, t.name from entity_relationships r join entities s on s.id = source_id"
                                + " join entities t on t.id = target_id where r.memory_id = ? order by relation",
                        id.value()))
                .containsExactly("Acme|is_in|Boston", "John|works_for|Acme");
        assertThat(memory.getPreferences(id))
                .extracting(Preference::key, Preference::value)
                .containsExactly(tuple("seat", "window"));
        assertThat(rows("select count(*) from preferences where memory_id = ? and source_chunk is null", id.value()))
                .containsExactly("0");
    }

    @Test
    void dropsWhatHasNoEvidenceInTheCallersOwnWords() {
        Conversation call = conversation("a: You live in Paris, right?", "c: Hm.");
        MemoryId id = store(caller(), call);

        int stored = memory.storeExtraction(
                id,
                call.callId(),
                ALL,
                new Extraction(
                        List.of(
                                entity(Extraction.EntityType.PLACE, "Paris", 0),
                                entity(Extraction.EntityType.PLACE, "Rome"),
                                entity(Extraction.EntityType.PLACE, "Oslo", 7),
                                entity(Extraction.EntityType.PLACE, "Bern", 0, 1),
                                entity(Extraction.EntityType.PLACE, " ", 1)),
                        List.of(new Extraction.Relationship("caller", "lives_in", "Paris", List.of(0))),
                        List.of(preference("city", "Paris", 0))));

        assertThat(stored).isZero();
        assertThat(memory.entities(id)).isEmpty();
    }

    @Test
    void isStoredOnceACall() {
        Conversation call = conversation("c: I met Bob in Oslo.");
        MemoryId id = store(caller(), call);
        var extraction = new Extraction(
                List.of(entity(Extraction.EntityType.PERSON, "Bob", 0)),
                List.of(),
                List.of(preference("city", "Oslo", 0)));

        assertThat(memory.storeExtraction(id, call.callId(), ALL, extraction)).isEqualTo(2);
        assertThat(memory.storeExtraction(id, call.callId(), ALL, extraction)).isZero();

        assertThat(rows("select name, mention_count from entities where memory_id = ?", id.value()))
                .containsExactly("Bob|1");
    }

    @Test
    void theCallersNameIsTheRulesBusiness() {
        Conversation call = conversation("c: My name is John.", "c: My brother is Peter.");
        MemoryId id = store(caller(), call);

        memory.storeExtraction(
                id,
                call.callId(),
                ALL,
                new Extraction(
                        List.of(
                                entity(Extraction.EntityType.PERSON, "Jon", 0),
                                entity(Extraction.EntityType.PERSON, "caller", 0),
                                entity(Extraction.EntityType.PERSON, "Peter", 1)),
                        List.of(),
                        List.of(preference("name", "Peter", 1), preference("First Name", "Peter", 1))));

        assertThat(rows("select name, role, mention_count from entities where memory_id = ? order by name", id.value()))
                .containsExactly("John|caller|1", "Peter|null|1");
        assertThat(memory.getPreferences(id)).isEmpty();
    }

    @Test
    void keysOfTheRegistryKeepOneValueAndOthersAddUp() {
        MemoryIdentity caller = caller();
        Conversation first = conversation("c: Call me in German. I like tea.");
        MemoryId id = store(caller, first);
        memory.storeExtraction(
                id,
                first.callId(),
                ALL,
                new Extraction(
                        List.of(),
                        List.of(),
                        List.of(preference("language", "german", 0), preference("likes", "tea", 0))));
        Conversation second = conversation("c: English is fine. I like jazz and tea.");
        store(caller, second);
        memory.storeExtraction(
                id,
                second.callId(),
                ALL,
                new Extraction(
                        List.of(),
                        List.of(),
                        List.of(
                                preference("Language", "english", 0),
                                preference("likes", "jazz", 0),
                                preference("likes", "Tea", 0))));

        assertThat(memory.getPreferences(id))
                .extracting(preference -> preference.key() + "=" + preference.value())
                .containsExactly("language=english", "likes=tea; jazz");
        assertThat(rows(
                        "select value from preferences where memory_id = ? and key = 'language' and valid_to is not null",
                        id.value()))
                .containsExactly("german");
    }

    @Test
    void theSwitchesDecide() {
        Conversation call = conversation("c: I met Bob in Oslo.");
        MemoryId id = store(caller(), call);
        var extraction = new Extraction(
                List.of(entity(Extraction.EntityType.PERSON, "Bob", 0)),
                List.of(),
                List.of(preference("city", "Oslo", 0)));

        assertThat(memory.storeExtraction(id, call.callId(), MemoryConfiguration.DEFAULT, extraction))
                .isZero();
        var preferencesOnly = new MemoryConfiguration(true, true, true, false, 365, false, true);
        assertThat(memory.storeExtraction(id, call.callId(), preferencesOnly, extraction))
                .isEqualTo(1);
        assertThat(memory.entities(id)).isEmpty();
    }

    @Test
    void whatIsSaidOfSensitiveThingsNeedsAttestation() {
        MemoryIdentity caller = caller();
        Conversation call = conversation("c: I take insulin from Doctor Mayer.");
        MemoryId id = store(caller, call);
        memory.storeExtraction(
                id,
                call.callId(),
                ALL,
                new Extraction(
                        List.of(entity(Extraction.EntityType.PERSON, "Mayer", 0)),
                        List.of(),
                        List.of(preference("medicine", "insulin", 0))));

        assertThat(recall(caller).entities()).isEmpty();
        assertThat(recall(caller).preferences()).isEmpty();
        Recollection attested = memory.recall(caller, new Query(null, 5, Assurance.ATTESTED), PLENTY);
        assertThat(attested.entities()).hasSize(1);
        assertThat(attested.preferences()).hasSize(1);
    }

    @Test
    void aMemoryThatIsNoneIsNotFound() {
        assertThatExceptionOfType(MemoryException.class)
                .isThrownBy(() -> memory.storeExtraction(
                        new MemoryId("default", UUID.randomUUID()), UUID.randomUUID(), ALL, Extraction.NOTHING))
                .satisfies(e -> assertThat(e.code()).isEqualTo(MemoryException.Code.NOT_FOUND));
    }

    private MemoryIdentity caller() {
        return MemoryIdentity.ofPhone("default", "+1555070%03d".formatted(callers++));
    }

    private MemoryId store(MemoryIdentity caller, Conversation call) {
        return memory.store(caller, call, ALL).memory().orElseThrow();
    }

    private static Extraction.Entity entity(Extraction.EntityType type, String name, Integer... evidence) {
        return new Extraction.Entity(type, name, List.of(evidence));
    }

    private static Extraction.Preference preference(String key, String value, Integer... evidence) {
        return new Extraction.Preference(key, value, "taste", 0.8, List.of(evidence));
    }
}
