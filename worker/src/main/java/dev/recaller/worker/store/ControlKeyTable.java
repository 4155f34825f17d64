package dev.recaller.worker.store;

import static dev.recaller.sql.schema.Tables.CONTROL_KEYS;

import dev.recaller.sql.Database;
import dev.recaller.sql.Transactions;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

final class ControlKeyTable implements ControlKeys {

    private final Transactions transactions;

    ControlKeyTable(Database database) {
        this.transactions = database.transactions();
    }

    @Override
    public Optional<Found> find(String id) {
        return transactions.runOutside(transaction -> transaction
                .fetchOptional("select * from recaller.control_key(?)", id)
                .map(row -> new Found(
                        new Key(
                                row.get("organization_id", String.class),
                                id,
                                row.get("role", String.class),
                                null,
                                row.get("valid_from", Instant.class),
                                row.get("expires_at", Instant.class),
                                row.get("revoked_at", Instant.class)),
                        HexFormat.of().formatHex(row.get("secret_hash", byte[].class)))));
    }

    @Override
    public void add(Key key, String secretHash) {
        int _ = transactions.run(
                key.organizationId(),
                transaction -> transaction
                        .insertInto(CONTROL_KEYS)
                        .set(CONTROL_KEYS.ORGANIZATION_ID, key.organizationId())
                        .set(CONTROL_KEYS.ID, key.id())
                        .set(CONTROL_KEYS.SECRET_HASH, HexFormat.of().parseHex(secretHash))
                        .set(CONTROL_KEYS.ROLE, key.role())
                        .set(CONTROL_KEYS.NOTE, key.note())
                        .set(CONTROL_KEYS.VALID_FROM, key.validFrom())
                        .set(CONTROL_KEYS.EXPIRES_AT, key.expiresAt())
                        .execute());
    }

    @Override
    public List<Key> list(String organizationId) {
        return transactions.read(
                organizationId,
                transaction -> transaction
                        .selectFrom(CONTROL_KEYS)
                        .where(CONTROL_KEYS.ORGANIZATION_ID.eq(organizationId))
                        .orderBy(CONTROL_KEYS.CREATED_AT.desc(), CONTROL_KEYS.ID)
                        .fetch(row -> new Key(
                                row.getOrganizationId(),
                                row.getId(),
                                row.getRole(),
                                row.getNote(),
                                row.getValidFrom(),
                                row.getExpiresAt(),
                                row.getRevokedAt())));
    }

    @Override
    public boolean revoke(String organizationId, String id, Instant at) {
        return transactions.run(
                organizationId,
                transaction -> transaction
                                .update(CONTROL_KEYS)
                                .set(CONTROL_KEYS.REVOKED_AT, at)
                                .where(
                                        CONTROL_KEYS.ORGANIZATION_ID.eq(organizationId),
                                        CONTROL_KEYS.ID.eq(id),
                                        CONTROL_KEYS.REVOKED_AT.isNull())
                                .execute()
                        == 1);
    }
}
