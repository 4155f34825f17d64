package dev.recaller.memory;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.recaller.memory.privacy.Audit;
import dev.recaller.memory.privacy.Consent;
import dev.recaller.memory.privacy.Consent.Category;
import dev.recaller.memory.privacy.SharedMemory;
import dev.recaller.memory.privacy.Sharing;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

final class SharingTest extends MemoryTest {

    private static final String OPERATOR = "operator:test";

    private Sharing sharing;
    private int callers;

    @BeforeAll
    void prepare() {
        sharing = new Sharing(database, clock, new IdentityHash(KEY));
    }

    @Test
    void theGranteeReadsTheSharedCategoriesOfItsOwnCallerAndNothingElse() {
        MemoryIdentity zoe = caller();
        MemoryId id = remembered(zoe);
        Consent consent = share(id, "b" + callers, Set.of(Category.NAME, Category.PREFERENCES));

        SharedMemory shared =
                sharing.read("b" + callers, number(zoe), Assurance.PRESENTED).getFirst();

        assertThat(shared.consent()).isEqualTo(consent);
        assertThat(shared.name()).isEqualTo("Zoe");
        assertThat(shared.preferences()).extracting(Preference::value).containsExactly("sms");
        assertThat(shared.conversation()).isEmpty();
        assertThat(shared.facts()).isEmpty();
        assertThat(shared.entities()).isEmpty();
        assertThat(sharing.read("b" + callers, "+155500000", Assurance.PRESENTED))
                .isEmpty();
        assertThat(sharing.read("stranger", number(zoe), Assurance.PRESENTED)).isEmpty();
        assertThat(sharing.read("stranger", consent.id(), Assurance.PRESENTED)).isEmpty();
        assertThat(sharing.sharedWith("stranger")).isEmpty();
        assertThat(memory.history(new MemoryId("b" + callers, id.value()), 10)).isEmpty();
    }

    @Test
    void everyCategoryIsReadWhenSharedAndOnlyWithTheAssuranceItNeeds() {
        MemoryIdentity zoe = caller();
        MemoryId id = remembered(zoe);
        memory.storeChunk(id, new NewChunk("Owes 20 euros.", MemoryChunk.Type.FACT, 1, List.of()));
        memory.storeChunk(id, new NewChunk("Her e-mail is zoe@example.org.", MemoryChunk.Type.FACT, 1, List.of()));
        Consent consent = share(id, "all" + callers, EnumSet.allOf(Category.class));

        SharedMemory presented =
                sharing.read("all" + callers, consent.id(), Assurance.PRESENTED).orElseThrow();
        SharedMemory attested =
                sharing.read("all" + callers, consent.id(), Assurance.ATTESTED).orElseThrow();

        assertThat(presented.conversation()).extracting(MemoryChunk::content).contains("I sail to Zanzibar.");
        assertThat(presented.facts()).hasSizeLessThan(attested.facts().size());
        assertThat(attested.facts()).extracting(MemoryChunk::content).contains("Her e-mail is zoe@example.org.");
        assertThat(presented.facts()).extracting(MemoryChunk::content).doesNotContain("Her e-mail is zoe@example.org.");
        assertThat(sharing.read("all" + callers, consent.id(), Assurance.ANONYMOUS))
                .isEmpty();
    }

    @Test
    void revocationAndExpiryEndItAtOnce() {
        MemoryIdentity zoe = caller();
        MemoryId id = remembered(zoe);
        String grantee = "ends" + callers;
        Consent first = share(id, grantee, Set.of(Category.NAME));
        Consent second = share(id, grantee, Set.of(Category.NAME));
        assertThat(sharing.sharedWith(grantee)).containsExactly(first, second);

        assertThat(sharing.revoke("b", first.id(), OPERATOR))
                .as("by another organization")
                .isEmpty();
        assertThat(sharing.revoke(grantee, first.id(), OPERATOR))
                .as("by the grantee")
                .isEmpty();
        Consent revoked = sharing.revoke("a", first.id(), OPERATOR).orElseThrow();
        assertThat(sharing.revoke("a", first.id(), OPERATOR)).contains(revoked);

        assertThat(revoked.holdsAt(clock.instant())).isFalse();
        assertThat(sharing.read(grantee, first.id(), Assurance.VERIFIED)).isEmpty();
        assertThat(sharing.sharedWith(grantee)).containsExactly(second);
        clock.step(Duration.ofDays(30));
        assertThat(sharing.read(grantee, number(zoe), Assurance.VERIFIED)).isEmpty();
        assertThat(sharing.consents(id)).hasSize(2);
    }

    @Test
    void everyReadIsInTheAuditOfWhomItBelongsTo() {
        MemoryIdentity zoe = caller();
        MemoryId id = remembered(zoe);
        String grantee = "audited" + callers;
        Consent consent = share(id, grantee, Set.of(Category.NAME));
        sharing.read(grantee, number(zoe), Assurance.PRESENTED);
        sharing.read("stranger", number(zoe), Assurance.PRESENTED);
        sharing.revoke("a", consent.id(), OPERATOR);
        sharing.read(grantee, number(zoe), Assurance.PRESENTED);

        assertThat(rows(
                        "select actor, action, detail ->> 'categories', detail ->> 'purpose', detail ->> 'consent' from audit"
                                + " where organization_id = 'a' and memory_id = ? and actor <> 'worker' order by id",
                        id.value()))
                .containsExactly(
                        OPERATOR + "|share|[\"name\"]|booking|" + consent.id(),
                        "organization:" + grantee + "|shared_read|[\"name\"]|booking|" + consent.id(),
                        OPERATOR + "|revoke|[\"name\"]|booking|" + consent.id());
        assertThat(new Audit(database, clock).entries(id, 10))
                .hasSize(3)
                .allSatisfy(entry -> assertThat(entry.detail()).doesNotContain("Zoe"));
    }

    @Test
    void aConsentNeedsSomebodyElseAPurposeAndATimeToCome() {
        MemoryId id = remembered(caller());

        assertThatIllegalArgumentException().isThrownBy(() -> share(id, "a", Set.of(Category.NAME)));
        assertThatIllegalArgumentException().isThrownBy(() -> share(id, "b", Set.of()));
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        sharing.share(id, "b", Set.of(Category.NAME), "booking", clock.instant(), "call 1", OPERATOR));
        assertThat(sharing.consents(id)).isEmpty();
    }

    private Consent share(MemoryId id, String grantee, Set<Category> categories) {
        return sharing.share(
                id, grantee, categories, "booking", clock.instant().plus(Duration.ofDays(30)), "call 1", OPERATOR);
    }

    private MemoryIdentity caller() {
        return MemoryIdentity.ofPhone("a", "+1555101" + (100 + ++callers));
    }

    private MemoryId remembered(MemoryIdentity identity) {
        call(identity, "c: My name is Zoe.", "c: I sail to Zanzibar.", "c: Please text me.");
        return memory.getOrCreateMemory(identity).id();
    }

    private static String number(MemoryIdentity identity) {
        return requireNonNull(identity.phoneNumber());
    }
}
