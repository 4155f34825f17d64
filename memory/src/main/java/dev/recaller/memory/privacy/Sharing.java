package dev.recaller.memory.privacy;

import dev.recaller.memory.Assurance;
import dev.recaller.memory.IdentityHash;
import dev.recaller.memory.MemoryException;
import dev.recaller.memory.MemoryId;
import dev.recaller.sql.Database;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Lets an organization read what another one remembers of a caller who agreed to it, for a purpose and a time, until it is
 * revoked. Each read checks the consent as the organization that reads, notes the read in the other one's audit and then
 * reads in one transaction that changes nothing; a consent that has ended in between gives nothing. Blocks; safe for use by
 * any number of threads.
 *
 * <p>The reader knows the caller by the number only (by its keyed hash, set when the consent is given): a user id means
 * something in its own organization alone. A memory without a number is read by the consent's id.
 */
public final class Sharing {

    private final Guarded transactions;
    private final InstantSource clock;
    private final SharingStore store;
    private final AuditStore audit;
    private final IdentityHash hash;

    public Sharing(Database database, InstantSource clock, IdentityHash hash) {
        this.transactions = new Guarded(database);
        this.clock = clock;
        this.store = new SharingStore(clock);
        this.audit = new AuditStore(clock);
        this.hash = hash;
    }

    /**
     * Shares a memory.
     *
     * @throws IllegalArgumentException when nothing is shared, with the organization itself, or only until a time that is over
     * @throws MemoryException {@code NOT_FOUND} when the organization has no such memory
     */
    public Consent share(
            MemoryId memory,
            String grantee,
            Set<Consent.Category> categories,
            String purpose,
            Instant expiresAt,
            String evidence,
            String actor) {
        require(!categories.isEmpty(), "no category is to be shared");
        require(
                !grantee.isBlank() && !grantee.equals(memory.organizationId()),
                "the grantee is not another organization");
        require(!purpose.isBlank() && !evidence.isBlank(), "a consent needs a purpose and evidence");
        require(expiresAt.isAfter(clock.instant()), "expiresAt " + expiresAt + " is over");
        return transactions.run(memory.organizationId(), tx -> {
            SharingStore.@Nullable Owner owner = store.owner(tx, memory);
            if (owner == null) {
                throw MemoryException.notFound(memory);
            }
            String number = owner.phoneNumber() == null ? null : hash.ofNumber(owner.phoneNumber());
            Consent consent = store.add(tx, owner.memory(), grantee, categories, purpose, expiresAt, evidence, number);
            audit.add(
                    tx,
                    memory.organizationId(),
                    actor,
                    Audit.Action.SHARE,
                    consent.memory().value(),
                    SharingStore.detail(consent));
            return consent;
        });
    }

    /** Ends a consent at once; empty when the organization gave no such one. Revoking again changes nothing. */
    public Optional<Consent> revoke(String organizationId, UUID consentId, String actor) {
        return transactions.run(organizationId, tx -> {
            Optional<Consent> consent = store.revoke(tx, organizationId, consentId);
            consent.ifPresent(revoked -> audit.add(
                    tx,
                    organizationId,
                    actor,
                    Audit.Action.REVOKE,
                    revoked.memory().value(),
                    SharingStore.detail(revoked)));
            return consent.or(() -> store.given(tx, organizationId, consentId));
        });
    }

    /** The consents given for one memory, ended ones too, newest first. */
    public List<Consent> consents(MemoryId memory) {
        return transactions.read(memory.organizationId(), tx -> store.of(tx, memory));
    }

    /** What holds now of that which other organizations let this one read. */
    public List<Consent> sharedWith(String grantee) {
        return transactions.read(grantee, tx -> store.grantedTo(tx, grantee, clock.instant()));
    }

    /** What others let this organization read of a caller with this number. */
    public List<SharedMemory> read(String grantee, String phoneNumber, Assurance assurance) {
        String number = hash.ofNumber(phoneNumber);
        return transactions.read(grantee, tx -> store.grantedTo(tx, grantee, number, clock.instant())).stream()
                .flatMap(consent -> read(consent, assurance).stream())
                .toList();
    }

    /** What one consent lets this organization read; empty when it gives nothing (any more). */
    public Optional<SharedMemory> read(String grantee, UUID consentId, Assurance assurance) {
        return transactions.read(grantee, tx -> store.grantedTo(tx, grantee, clock.instant())).stream()
                .filter(consent -> consent.id().equals(consentId))
                .findFirst()
                .flatMap(consent -> read(consent, assurance));
    }

    private Optional<SharedMemory> read(Consent consent, Assurance assurance) {
        if (assurance == Assurance.ANONYMOUS) {
            return Optional.empty();
        }
        String owner = consent.memory().organizationId();
        // Noted before anything is read: a read that cannot be noted does not take place.
        transactions.run(
                owner,
                tx -> audit.add(
                        tx,
                        owner,
                        "organization:" + consent.grantee(),
                        Audit.Action.SHARED_READ,
                        consent.memory().value(),
                        SharingStore.detail(consent)));
        return transactions.read(
                owner,
                tx -> store.given(tx, owner, consent.id())
                        .filter(still -> still.holdsAt(clock.instant()))
                        .map(still -> store.read(tx, still, assurance)));
    }

    private static void require(boolean condition, String otherwise) {
        if (!condition) {
            throw new IllegalArgumentException(otherwise);
        }
    }
}
