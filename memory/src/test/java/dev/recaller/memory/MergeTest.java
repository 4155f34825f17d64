package dev.recaller.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.recaller.memory.extract.Extraction;
import dev.recaller.memory.merge.Conflict;
import dev.recaller.memory.merge.MemoryMerging;
import dev.recaller.memory.merge.Merge;
import dev.recaller.memory.merge.Moved;
import dev.recaller.memory.merge.Refusal;
import dev.recaller.memory.merge.Undo;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

final class MergeTest extends MemoryTest {

    private static final Duration DAY = Duration.ofDays(1);
    private static final MemoryConfiguration ALL = new MemoryConfiguration(true, true, true, false, 365, true, true);
    private static final List<String> TABLES = List.of(
            "user_memory",
            "memory_chunks",
            "entities",
            "entity_relationships",
            "preferences",
            "calls",
            "merge_proposals");

    private MemoryMerging merging;
    private int callers;

    @BeforeAll
    void prepare() {
        merging = new MemoryMerging(database, clock);
    }

    @Test
    void aMergedMemoryIsFoundByBothIdentities() {
        MemoryIdentity user = user();
        MemoryIdentity phone = phone();
        call(user, "c: My name is John.", "c: I love opera.");
        call(phone, "c: I play the tuba.");
        MemoryId into = id(user);
        MemoryId from = id(phone);

        Merge.Merged merged = merge(into, from);

        assertThat(merged.moved()).isEqualTo(new Moved(1, 0, 0, 0, 0));
        assertThat(merged.conflicts()).isEmpty();
        var both = new MemoryIdentity("default", user.userId(), phone.phoneNumber());
        for (MemoryIdentity identity : List.of(user, phone, both)) {
            assertThat(id(identity)).isEqualTo(into);
            assertThat(greeting(identity)).isEqualTo("John");
            assertThat(texts(identity)).contains("I love opera.", "I play the tuba.");
            assertThat(recall(identity).conversationCount()).isEqualTo(2);
        }
        call(phone, "c: The tuba is sold.");
        assertThat(texts(user)).contains("The tuba is sold.");
        assertThat(rows("select count(*) from memory_chunks where memory_id = ?", from.value()))
                .containsExactly("0");
    }

    @Test
    void whatAHandleFromBeforeTheMergeStoresAndReadsIsTheTargets() {
        MemoryIdentity user = user();
        call(user, "c: I love opera.");
        MemoryIdentity phone = phone();
        Conversation said = conversation("c: I play the tuba.");
        memory.store(phone, said, ALL);
        MemoryId from = id(phone);
        merge(id(user), from);

        memory.storeChunk(from, new NewChunk("The tuba is sold.", MemoryChunk.Type.FACT, 0.5, List.of()));
        memory.storeExtraction(
                from,
                said.callId(),
                ALL,
                new Extraction(
                        List.of(new Extraction.Entity(Extraction.EntityType.THING, "Tuba", List.of(0))),
                        List.of(),
                        List.of()));

        assertThat(memory.search(from, "tuba", 5)).hasSize(2);
        assertThat(memory.history(from, 5)).hasSize(2);
        assertThat(memory.utterances(from, said.callId())).hasSize(1);
        assertThat(memory.entities(id(user))).extracting(Entity::name).containsExactly("Tuba");
    }

    @Test
    void undoneIsAsItWas() {
        MemoryIdentity user = user();
        MemoryIdentity phone = phone();
        rich(user, "John Smith", "sms", "english", "Rex", "strings");
        rich(phone, "Jon", "email", "german", "Rex", "brass");
        call(user, "c: Please whatsapp me.");
        Map<String, List<String>> before = dump();

        Merge.Merged merged = merge(id(user), id(phone));
        assertThat(dump()).isNotEqualTo(before);
        clock.step(DAY);
        Undo.Undone undone = undo(merged.id());

        assertThat(dump()).isEqualTo(before);
        assertThat(undone.missing()).isZero();
        assertThat(undone.restored()).isEqualTo(merged.moved());
        assertThat(merging.undo("default", merged.id())).isEqualTo(new Undo.Already(merged.id()));
        assertThat(rows("select detail, undone_at is not null from merges where id = ?", merged.id()))
                .containsExactly("{}|true");
    }

    @Test
    void conflictsAreResolvedByTheRulesAndListed() {
        MemoryIdentity user = user();
        MemoryIdentity phone = phone();
        rich(user, "Smith Johnson", "sms", "english", "Rex", "strings");
        rich(phone, "Smith", "email", "german", "Fido", "brass");
        call(user, "c: I'd prefer to speak French.");

        Merge.Merged merged = merge(id(user), id(phone));

        assertThat(merged.conflicts())
                .containsExactlyInAnyOrder(
                        new Conflict("name", "Smith Johnson", "Smith", Conflict.Resolution.CLOSED),
                        new Conflict("contact_channel", "email", "sms", Conflict.Resolution.CLOSED),
                        new Conflict("language", "french", "german", Conflict.Resolution.CLOSED));
        assertThat(rows(
                        "select key, value, valid_to is null from preferences where memory_id = ?"
                                + " order by key, valid_from, valid_to",
                        id(user).value()))
                .containsExactly(
                        "contact_channel|sms|false",
                        "contact_channel|email|true",
                        "instruments|strings|false",
                        "instruments|brass|false",
                        "instruments|strings; brass|true",
                        "language|english|false",
                        "language|german|false",
                        "language|french|true");
        assertThat(greeting(phone)).isEqualTo("Smith");
    }

    @Test
    void differentNamesBothStandAndNobodyIsGreeted() {
        MemoryIdentity user = user();
        MemoryIdentity phone = phone();
        call(user, "c: My name is John.");
        call(phone, "c: My name is Mary.");

        Merge.Merged merged = merge(id(user), id(phone));

        assertThat(merged.conflicts())
                .containsExactly(new Conflict("name", "John", "Mary", Conflict.Resolution.BOTH_STAND));
        assertThat(greeting(user)).isNull();
        undo(merged.id());
        assertThat(greeting(user)).isEqualTo("John");
        assertThat(greeting(phone)).isEqualTo("Mary");
    }

    @Test
    void theFullerOfTwoNamesThatSoundAlikeStands() {
        MemoryIdentity user = user();
        MemoryIdentity phone = phone();
        call(user, "c: My name is Jon.");
        call(phone, "c: My name is John Smith.");
        Map<String, List<String>> before = dump();

        Merge.Merged merged = merge(id(user), id(phone));

        assertThat(merged.conflicts())
                .containsExactly(new Conflict("name", "John Smith", "Jon", Conflict.Resolution.CLOSED));
        assertThat(greeting(user)).isEqualTo("John");
        undo(merged.id());
        assertThat(dump()).isEqualTo(before);
    }

    @Test
    void whatCameAfterTheMergeStaysWithTheTarget() {
        MemoryIdentity user = user();
        MemoryIdentity phone = phone();
        rich(user, "John", "sms", "english", "Rex", "strings");
        rich(phone, "John", "email", "german", "Fido", "brass");
        MemoryId into = id(user);
        MemoryId from = id(phone);
        List<String> fromBefore = dumpOf(from);
        List<String> names =
                rows("select name, mention_count from entities where memory_id = ? order by 1", into.value());
        Merge.Merged merged = merge(into, from);
        clock.step(DAY);

        call(phone, "c: My name is John.", "c: Please whatsapp me.");
        Conversation later = conversation("c: Fido eats percussion.");
        memory.store(phone, later, ALL);
        memory.storeExtraction(
                from,
                later.callId(),
                ALL,
                new Extraction(
                        List.of(new Extraction.Entity(Extraction.EntityType.THING, "Fido", List.of(0))),
                        List.of(),
                        List.of(new Extraction.Preference("instruments", "percussion", "music", 0.9, List.of(0)))));
        undo(merged.id());

        assertThat(dumpOf(from)).isEqualTo(fromBefore);
        assertThat(rows(
                        "select key, value, valid_to is null from preferences where memory_id = ?"
                                + " order by key, valid_from, valid_to",
                        into.value()))
                .containsExactly(
                        "contact_channel|sms|false",
                        "contact_channel|whatsapp|true",
                        "instruments|strings|false",
                        "instruments|strings; percussion|true",
                        "language|english|true");
        assertThat(rows(
                        "select a.value, a.valid_to = b.valid_from from preferences a join preferences b"
                                + " using (memory_id, key) where a.memory_id = ? and a.valid_to is not null"
                                + " and b.valid_to is null order by 1",
                        into.value()))
                .as("closed by what came after")
                .containsExactly("sms|true", "strings|true");
        assertThat(rows("select name, mention_count from entities where memory_id = ? order by 1", into.value()))
                .as(names + " and one mention of each since")
                .containsExactly("Fido|1", "John|2", "Rex|1");
        assertThat(texts(user)).contains("Please whatsapp me.", "Fido eats percussion.");
        assertThat(texts(phone)).doesNotContain("Please whatsapp me.", "Fido eats percussion.");
        assertThat(recall(user).conversationCount()).isEqualTo(3);
        assertThat(recall(phone).conversationCount()).isEqualTo(1);
        call(phone, "c: Now I am alone again.");
        assertThat(texts(user)).doesNotContain("Now I am alone again.");
    }

    @Test
    void mergesAreUndoneInReverseOrder() {
        MemoryIdentity user = user();
        MemoryIdentity phone = phone();
        MemoryIdentity other = user();
        rich(user, "John", "sms", "english", "Rex", "strings");
        rich(phone, "Jon", "email", "german", "Rex", "brass");
        rich(other, "John", "phone", "french", "Rex", "percussion");
        MemoryId otherId = id(other);
        Map<String, List<String>> before = dump();

        Merge.Merged first = merge(id(user), id(phone));
        Map<String, List<String>> between = dump();
        Merge.Merged second = merge(otherId, id(user));

        assertThat(List.of(id(user), id(phone), id(other))).containsOnly(otherId);
        assertThat(rows(
                        "select distinct merged_into from user_memory where merged_into is not null and id in (?, ?)",
                        first.into().value(),
                        first.from().value()))
                .as("one step to the target")
                .containsExactly(otherId.value().toString());
        assertThat(merging.undo("default", first.id())).isInstanceOfSatisfying(Undo.Refused.class, refused -> {
            assertThat(refused.reason()).isEqualTo(Refusal.MERGED_LATER);
            assertThat(refused.message()).contains(second.id().toString());
        });
        undo(second.id());
        assertThat(dump()).isEqualTo(between);
        undo(first.id());
        assertThat(dump()).isEqualTo(before);
    }

    @Test
    void mergingAgainChangesNothing() {
        MemoryIdentity user = user();
        MemoryIdentity phone = phone();
        call(user, "c: I love opera.");
        call(phone, "c: I play the tuba.");
        MemoryId from = id(phone);
        Merge.Merged merged = merge(id(user), from);
        Map<String, List<String>> once = dump();

        assertThat(merging.merge(id(user), from)).isEqualTo(new Merge.Already(merged.id()));
        assertThat(dump()).isEqualTo(once);

        database.transactions()
                .<Integer>run("default", tx -> tx.execute("delete from recaller.merges where id = ?", merged.id()));
        assertThat(merging.merge(id(user), from)).as("its journal is gone").isEqualTo(new Merge.Already(null));
    }

    @Test
    void refusesWhatIsNoMerge() {
        MemoryId one = id(user());
        MemoryId other = id(phone());
        MemoryId third = id(user());
        merge(one, other);

        assertThat(refusal(one, one)).isEqualTo(Refusal.SAME_MEMORY);
        assertThat(refusal(one, new MemoryId("elsewhere", third.value()))).isEqualTo(Refusal.OTHER_ORGANIZATION);
        assertThat(refusal(third, other)).isEqualTo(Refusal.MERGED_ELSEWHERE);
        assertThat(refusal(other, third)).isEqualTo(Refusal.MERGED_ELSEWHERE);
        assertThat(refusal(other, one)).isEqualTo(Refusal.MERGED_ELSEWHERE);
        assertThatExceptionOfType(MemoryException.class)
                .isThrownBy(() -> merging.merge(one, new MemoryId("default", UUID.randomUUID())))
                .satisfies(e -> assertThat(e.code()).isEqualTo(MemoryException.Code.NOT_FOUND));
        assertThatExceptionOfType(MemoryException.class)
                .isThrownBy(() ->
                        merging.merge(new MemoryId("elsewhere", one.value()), new MemoryId("elsewhere", third.value())))
                .satisfies(e -> assertThat(e.code()).isEqualTo(MemoryException.Code.NOT_FOUND));
        assertThat(merging.undo("default", UUID.randomUUID()))
                .isInstanceOfSatisfying(
                        Undo.Refused.class,
                        refused -> assertThat(refused.reason()).isEqualTo(Refusal.NOT_FOUND));
    }

    @Test
    void anotherOrganizationCannotUndo() {
        Merge.Merged merged = merge(id(user()), id(phone()));

        assertThat(merging.undo("elsewhere", merged.id()))
                .isInstanceOfSatisfying(
                        Undo.Refused.class,
                        refused -> assertThat(refused.reason()).isEqualTo(Refusal.NOT_FOUND));
    }

    @Test
    void aMemoryOfSeveralPeopleIsNotMerged() {
        MemoryIdentity user = user();
        MemoryIdentity number = phone();
        call(number, "c: My name is John.");
        call(number, "c: My name is Mary.");

        assertThat(refusal(id(user), id(number))).isEqualTo(Refusal.SHARED);

        MemoryIdentity phone = phone();
        MemoryId first = id(new MemoryIdentity("default", "shared-1", phone.phoneNumber()));
        id(new MemoryIdentity("default", "shared-2", phone.phoneNumber()));
        assertThat(refusal(first, id(phone))).isEqualTo(Refusal.SHARED);
    }

    @Test
    void aMergedNumberThatAnotherUserGivesHasAMemoryOfItsOwnAgain() {
        MemoryIdentity user = user();
        MemoryIdentity number = phone();
        call(user, "c: I love opera.");
        call(number, "c: I play the tuba.");
        MemoryId from = id(number);
        Merge.Merged merged = merge(id(user), from);
        var secondUser = new MemoryIdentity("default", "housemate-" + number.phoneNumber(), number.phoneNumber());

        assertThat(id(secondUser)).as("not adopted, not the first user's").isNotIn(id(user), from);
        assertThat(recall(number).isEmpty()).as("whose it is nobody knows").isTrue();
        call(number, "c: I sell trams.");
        assertThat(texts(user)).doesNotContain("I sell trams.");
        assertThat(texts(number)).containsExactly("I sell trams.");
        MemoryId meanwhile = id(number);

        Undo.Undone undone = undo(merged.id());

        assertThat(id(number)).isEqualTo(from);
        assertThat(texts(number)).containsExactlyInAnyOrder("I play the tuba.", "I sell trams.");
        assertThat(undone.joined()).isPresent();
        assertThat(merging.undo("default", undone.joined().orElseThrow()))
                .as("a number has one memory of its own")
                .isInstanceOfSatisfying(
                        Undo.Refused.class,
                        refused -> assertThat(refused.reason()).isEqualTo(Refusal.IDENTITY_TAKEN));
        assertThat(rows("select merged_into from user_memory where id = ?", meanwhile.value()))
                .containsExactly(from.value().toString());
    }

    @Test
    void whatRetentionDeletedIsMissedAndTheRestComesBack() throws Exception {
        MemoryIdentity user = user();
        MemoryIdentity phone = phone();
        call(user, "c: I love opera.");
        call(phone, "c: I play the tuba.", "c: I collect stamps.");
        Merge.Merged merged = merge(id(user), id(phone));
        database.transactions()
                .<Integer>run(
                        "default",
                        tx -> tx.execute("delete from recaller.memory_chunks where content = 'I collect stamps.'"));

        Undo.Undone undone = undo(merged.id());

        assertThat(undone.restored().chunks()).isEqualTo(1);
        assertThat(undone.missing()).isEqualTo(1);
        assertThat(texts(phone)).containsExactly("I play the tuba.");
    }

    @Test
    void whatWasSetAsideWithARecycledNumberStaysWithIt() {
        MemoryIdentity user = user();
        MemoryIdentity number = phone();
        call(number, "c: My name is John.", "c: I love opera.", "c: Please text me.");
        clock.step(DAY.multipliedBy(200));
        call(number, "c: My name is Mary.", "c: I play the tuba.");
        call(user, "c: My name is Mary.");
        MemoryId from = id(number);

        Merge.Merged merged = merge(id(user), from);

        assertThat(merged.setAside()).isEqualTo(4);
        assertThat(texts(user)).contains("I play the tuba.").doesNotContain("I love opera.");
        assertThat(recall(user).preferences()).isEmpty();
        assertThat(greeting(user)).isEqualTo("Mary");
        assertThat(rows("select count(*) from memory_chunks where memory_id = ?", from.value()))
                .containsExactly("4");
    }

    @Test
    void theJournalHoldsNothingAnybodySaid() {
        MemoryIdentity user = user();
        MemoryIdentity phone = phone();
        rich(user, "John", "sms", "english", "Rex", "strings");
        rich(phone, "Jon", "email", "german", "Rex", "brass");

        Merge.Merged merged = merge(id(user), id(phone));

        assertThat(rows("select detail from merges where id = ?", merged.id()))
                .singleElement()
                .asString()
                .doesNotContainIgnoringCase(
                        "john",
                        "jon",
                        "rex",
                        "sms",
                        "email",
                        "german",
                        "english",
                        "brass",
                        "strings",
                        "instruments",
                        "+1555");
    }

    @Test
    void deletingTheTargetDeletesWhatWasMergedIntoIt() {
        MemoryIdentity user = user();
        MemoryIdentity phone = phone();
        rich(user, "John", "sms", "english", "Rex", "strings");
        rich(phone, "Jon", "email", "german", "Rex", "brass");
        MemoryId from = id(phone);
        Merge.Merged merged = merge(id(user), from);

        database.transactions()
                .<Integer>run(
                        "default",
                        tx -> tx.execute(
                                "delete from recaller.user_memory where id = ?",
                                merged.into().value()));

        assertThat(dumpOf(from)).isEmpty();
        assertThat(rows("select 1 from merges where id = ?", merged.id())).isEmpty();
    }

    private void rich(
            MemoryIdentity identity, String name, String channel, String language, String thing, String instrument) {
        Conversation said = conversation(
                "a: Hello, who am I talking to?",
                "c: My name is " + name + ".",
                "c: "
                        + (channel.equals("sms")
                                ? "Please text me."
                                : channel.equals("email") ? "Please email me." : "Call me instead."),
                "c: I'd prefer to speak " + language + ".",
                "c: " + thing + " and the " + instrument + ".");
        MemoryId id = memory.store(identity, said, ALL).memory().orElseThrow();
        memory.storeExtraction(
                id,
                said.callId(),
                ALL,
                new Extraction(
                        List.of(new Extraction.Entity(Extraction.EntityType.THING, thing, List.of(4))),
                        List.of(new Extraction.Relationship("caller", "owns", thing, List.of(4))),
                        List.of(new Extraction.Preference("instruments", instrument, "music", 0.8, List.of(4)))));
        database.transactions()
                .<Integer>run(
                        "default",
                        tx -> tx.execute(
                                "insert into recaller.calls (organization_id, id, memory_id, flow_id, flow_version, started_at, ended_at)"
                                        + " values ('default', ?, ?, 'f', 1, ?::timestamptz, ?::timestamptz)",
                                said.callId(),
                                id.value(),
                                clock.instant().toString(),
                                clock.instant().toString()));
        clock.step(Duration.ofHours(1));
    }

    /** Every row as it stands; a revision counts changes and goes up by undoing too. */
    private Map<String, List<String>> dump() {
        Map<String, List<String>> tables = new TreeMap<>();
        for (String table : TABLES) {
            tables.put(
                    table,
                    rows("select to_jsonb(t) - 'revision' from " + table
                            + " t where organization_id = 'default' order by id"));
        }
        return tables;
    }

    private List<String> dumpOf(MemoryId id) {
        return rows("""
                select (to_jsonb(m) - 'revision')::text from user_memory m where id = ?
                union all select c::text from memory_chunks c where memory_id = ?
                union all select e::text from entities e where memory_id = ?
                union all select r::text from entity_relationships r where memory_id = ?
                union all select p::text from preferences p where memory_id = ?
                union all select c::text from calls c where memory_id = ?
                order by 1""", id.value(), id.value(), id.value(), id.value(), id.value(), id.value());
    }

    private Merge.Merged merge(MemoryId into, MemoryId from) {
        Merge merge = merging.merge(into, from);
        assertThat(merge).isInstanceOf(Merge.Merged.class);
        return (Merge.Merged) merge;
    }

    private Undo.Undone undo(UUID merge) {
        Undo undo = merging.undo("default", merge);
        assertThat(undo).isInstanceOf(Undo.Undone.class);
        return (Undo.Undone) undo;
    }

    private Refusal refusal(MemoryId into, MemoryId from) {
        Merge merge = merging.merge(into, from);
        assertThat(merge).isInstanceOf(Merge.Refused.class);
        return ((Merge.Refused) merge).reason();
    }

    private MemoryId id(MemoryIdentity identity) {
        return memory.getOrCreateMemory(identity).id();
    }

    private List<String> texts(MemoryIdentity identity) {
        return recall(identity).items().stream().map(Recollection.Item::text).toList();
    }

    private MemoryIdentity user() {
        return MemoryIdentity.ofUser("default", "user-" + callers++);
    }

    private MemoryIdentity phone() {
        return MemoryIdentity.ofPhone("default", "+1555020%04d".formatted(callers++));
    }
}
