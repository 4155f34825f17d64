package dev.recaller.memory.privacy;

import static dev.recaller.sql.schema.Tables.CONSENTS;
import static dev.recaller.sql.schema.Tables.USER_MEMORY;

import dev.recaller.memory.Assurance;
import dev.recaller.memory.MemoryId;
import dev.recaller.sql.TimeOrderedIds;
import dev.recaller.sql.schema.tables.records.ConsentsRecord;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** Consents, as the organization that gave them and as the one they were given to. */
final class SharingStore {

    private static final JsonMapper JSON = new JsonMapper();

    private final InstantSource clock;
    private final TimeOrderedIds ids;

    SharingStore(InstantSource clock) {
        this.clock = clock;
        this.ids = new TimeOrderedIds(clock);
    }

    /** A memory, or the one it was merged into. */
    record Owner(MemoryId memory, @Nullable String phoneNumber) {}

    /** What the audit says of a consent: no words of anybody. */
    static String detail(Consent consent) {
        return JSON.writeValueAsString(Map.of(
                "consent", consent.id().toString(),
                "grantee", consent.grantee(),
                "categories", texts(consent.categories()),
                "purpose", consent.purpose()));
    }

    @Nullable
    Owner owner(DSLContext tx, MemoryId memory) {
        var row = tx.selectFrom(USER_MEMORY)
                .where(USER_MEMORY.ORGANIZATION_ID.eq(memory.organizationId()), USER_MEMORY.ID.eq(memory.value()))
                .fetchOne();
        if (row == null) {
            return null;
        }
        return row.getMergedInto() == null
                ? new Owner(memory, row.getPhoneNumber())
                : owner(tx, new MemoryId(memory.organizationId(), row.getMergedInto()));
    }

    Consent add(
            DSLContext tx,
            MemoryId memory,
            String grantee,
            Set<Consent.Category> categories,
            String purpose,
            Instant expiresAt,
            String evidence,
            @Nullable String numberHash) {
        var consent = new Consent(
                ids.next(),
                memory,
                grantee,
                categories,
                purpose,
                evidence,
                expiresAt.truncatedTo(ChronoUnit.MICROS),
                null);
        tx.insertInto(CONSENTS)
                .set(CONSENTS.ORGANIZATION_ID, memory.organizationId())
                .set(CONSENTS.ID, consent.id())
                .set(CONSENTS.GRANTEE, grantee)
                .set(CONSENTS.MEMORY_ID, memory.value())
                .set(CONSENTS.CATEGORIES, texts(categories).toArray(String[]::new))
                .set(CONSENTS.PURPOSE, purpose)
                .set(CONSENTS.EVIDENCE, evidence)
                .set(CONSENTS.EXPIRES_AT, consent.expiresAt())
                .set(CONSENTS.NUMBER_HASH, numberHash)
                .set(CONSENTS.CREATED_AT, clock.instant())
                .execute();
        return consent;
    }

    /** Empty when there is none that was not revoked. */
    Optional<Consent> revoke(DSLContext tx, String organizationId, UUID id) {
        return tx.update(CONSENTS)
                .set(CONSENTS.REVOKED_AT, clock.instant())
                .where(CONSENTS.ORGANIZATION_ID.eq(organizationId), CONSENTS.ID.eq(id), CONSENTS.REVOKED_AT.isNull())
                .returning()
                .fetchOptional(SharingStore::consent);
    }

    Optional<Consent> given(DSLContext tx, String organizationId, UUID id) {
        return tx.selectFrom(CONSENTS)
                .where(CONSENTS.ORGANIZATION_ID.eq(organizationId), CONSENTS.ID.eq(id))
                .fetchOptional(SharingStore::consent);
    }

    List<Consent> of(DSLContext tx, MemoryId memory) {
        return tx.selectFrom(CONSENTS)
                .where(CONSENTS.ORGANIZATION_ID.eq(memory.organizationId()), CONSENTS.MEMORY_ID.eq(memory.value()))
                .orderBy(CONSENTS.CREATED_AT.desc(), CONSENTS.ID.desc())
                .fetch(SharingStore::consent);
    }

    List<Consent> grantedTo(DSLContext tx, String grantee, Instant now) {
        return tx.selectFrom(CONSENTS)
                .where(holding(grantee, now))
                .orderBy(CONSENTS.CREATED_AT, CONSENTS.ID)
                .fetch(SharingStore::consent);
    }

    List<Consent> grantedTo(DSLContext tx, String grantee, String numberHash, Instant now) {
        return tx.selectFrom(CONSENTS)
                .where(holding(grantee, now), CONSENTS.NUMBER_HASH.eq(numberHash))
                .orderBy(CONSENTS.CREATED_AT, CONSENTS.ID)
                .fetch(SharingStore::consent);
    }

    /** In a transaction of the organization that gave the consent. */
    SharedMemory read(DSLContext tx, Consent consent, Assurance assurance) {
        var rows = new SharedRows(tx, consent.memory(), assurance, clock.instant());
        Set<Consent.Category> categories = consent.categories();
        return new SharedMemory(
                consent,
                categories.contains(Consent.Category.NAME) ? rows.name() : null,
                categories.contains(Consent.Category.PREFERENCES) ? rows.preferences() : List.of(),
                categories.contains(Consent.Category.FACTS) ? rows.facts() : List.of(),
                categories.contains(Consent.Category.ENTITIES) ? rows.entities() : List.of(),
                categories.contains(Consent.Category.CONVERSATION) ? rows.conversation() : List.of());
    }

    private static Condition holding(String grantee, Instant now) {
        return CONSENTS.GRANTEE.eq(grantee).and(CONSENTS.REVOKED_AT.isNull()).and(CONSENTS.EXPIRES_AT.gt(now));
    }

    private static List<String> texts(Set<Consent.Category> categories) {
        return categories.stream()
                .map(category -> category.name().toLowerCase(Locale.ROOT))
                .sorted()
                .toList();
    }

    private static Consent consent(ConsentsRecord row) {
        return new Consent(
                row.getId(),
                new MemoryId(row.getOrganizationId(), row.getMemoryId()),
                row.getGrantee(),
                Arrays.stream(row.getCategories())
                        .map(category -> Consent.Category.valueOf(category.toUpperCase(Locale.ROOT)))
                        .collect(Collectors.toUnmodifiableSet()),
                row.getPurpose(),
                row.getEvidence(),
                row.getExpiresAt(),
                row.getRevokedAt());
    }
}
