package dev.recaller.worker.store;

import static dev.recaller.sql.schema.Tables.BLOCKED_CALLERS;
import static dev.recaller.sql.schema.Tables.NUMBERS;

import dev.recaller.sql.Database;
import dev.recaller.sql.Transactions;
import java.util.List;
import java.util.Optional;
import org.jooq.DSLContext;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;

final class NumberTable implements NumberBook {

    private static final String REJECT = "reject";

    private final Transactions transactions;

    NumberTable(Database database) {
        this.transactions = database.transactions();
    }

    @Override
    public boolean set(String organizationId, Entry entry) {
        return transactions.run(organizationId, transaction -> {
            if (called(transaction, entry.number())
                    .filter(number -> !number.organizationId().equals(organizationId))
                    .isPresent()) {
                return false;
            }
            String withheld = entry.rejectsWithheld() ? REJECT : "answer";
            transaction
                    .insertInto(NUMBERS)
                    .set(NUMBERS.ORGANIZATION_ID, organizationId)
                    .set(NUMBERS.NUMBER, entry.number())
                    .set(NUMBERS.FLOW, entry.flow())
                    .set(NUMBERS.WITHHELD, withheld)
                    .set(NUMBERS.REFUSAL_FLOW, entry.refusalFlow())
                    .set(NUMBERS.NOTE, entry.note())
                    .onConflict(NUMBERS.ORGANIZATION_ID, NUMBERS.NUMBER)
                    .doUpdate()
                    .set(NUMBERS.FLOW, entry.flow())
                    .set(NUMBERS.WITHHELD, withheld)
                    .set(NUMBERS.REFUSAL_FLOW, entry.refusalFlow())
                    .set(NUMBERS.NOTE, entry.note())
                    .set(NUMBERS.UPDATED_AT, DSL.currentInstant())
                    .execute();
            return true;
        });
    }

    @Override
    public List<Entry> list(String organizationId) {
        return transactions.read(
                organizationId,
                transaction -> transaction
                        .selectFrom(NUMBERS)
                        .where(NUMBERS.ORGANIZATION_ID.eq(organizationId))
                        .orderBy(NUMBERS.NUMBER)
                        .fetch(row -> new Entry(
                                row.getNumber(),
                                row.getFlow(),
                                row.getWithheld().equals(REJECT),
                                row.getRefusalFlow(),
                                row.getNote())));
    }

    @Override
    public boolean remove(String organizationId, String number) {
        return transactions.run(
                organizationId,
                transaction -> transaction
                                .deleteFrom(NUMBERS)
                                .where(NUMBERS.ORGANIZATION_ID.eq(organizationId), NUMBERS.NUMBER.eq(number))
                                .execute()
                        == 1);
    }

    @Override
    public void block(String organizationId, String numberHash, @Nullable String note) {
        int _ = transactions.run(
                organizationId,
                transaction -> transaction
                        .insertInto(BLOCKED_CALLERS)
                        .set(BLOCKED_CALLERS.ORGANIZATION_ID, organizationId)
                        .set(BLOCKED_CALLERS.NUMBER_HASH, numberHash)
                        .set(BLOCKED_CALLERS.NOTE, note)
                        .onConflict(BLOCKED_CALLERS.ORGANIZATION_ID, BLOCKED_CALLERS.NUMBER_HASH)
                        .doUpdate()
                        .set(BLOCKED_CALLERS.NOTE, DSL.coalesce(DSL.val(note), BLOCKED_CALLERS.NOTE))
                        .execute());
    }

    @Override
    public boolean unblock(String organizationId, String numberHash) {
        return transactions.run(
                organizationId,
                transaction -> transaction
                                .deleteFrom(BLOCKED_CALLERS)
                                .where(
                                        BLOCKED_CALLERS.ORGANIZATION_ID.eq(organizationId),
                                        BLOCKED_CALLERS.NUMBER_HASH.eq(numberHash))
                                .execute()
                        == 1);
    }

    @Override
    public List<Blocked> blocked(String organizationId) {
        return transactions.read(
                organizationId,
                transaction -> transaction
                        .selectFrom(BLOCKED_CALLERS)
                        .where(BLOCKED_CALLERS.ORGANIZATION_ID.eq(organizationId))
                        .orderBy(BLOCKED_CALLERS.CREATED_AT.desc(), BLOCKED_CALLERS.NUMBER_HASH)
                        .fetch(row -> new Blocked(row.getNumberHash(), row.getNote(), row.getCreatedAt())));
    }

    /** In a transaction of any organization or of none. */
    static Optional<CalledNumbers.Listed> called(DSLContext transaction, String number) {
        return transaction
                .fetchOptional("select * from recaller.number_called(?)", number)
                .map(row -> new CalledNumbers.Listed(
                        row.get(0, String.class),
                        row.get(1, String.class),
                        row.get(2, String.class).equals(REJECT),
                        row.get(3, String.class)));
    }

    static boolean isBlocked(DSLContext transaction, String organizationId, String numberHash) {
        return transaction.fetchExists(
                BLOCKED_CALLERS,
                BLOCKED_CALLERS.ORGANIZATION_ID.eq(organizationId),
                BLOCKED_CALLERS.NUMBER_HASH.eq(numberHash));
    }
}
