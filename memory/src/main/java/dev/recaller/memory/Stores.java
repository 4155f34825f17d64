package dev.recaller.memory;

import dev.recaller.sql.Database;
import dev.recaller.sql.DatabaseException;
import dev.recaller.sql.TimeOrderedIds;
import dev.recaller.sql.Transactions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The tables of memory and the transactions to reach them in. A database that fails is a {@link MemoryException}. */
final class Stores {

    private static final String UNIQUE_VIOLATION = "23505";
    private static final int ATTEMPTS = 3;

    private final Transactions transactions;
    private final InstantSource clock;
    private final TimeOrderedIds ids;
    private final IdentityStore identities;
    private final ChunkStore chunks;
    private final EntityStore entities;
    private final PreferenceStore preferences;
    private final FactStore facts;

    Stores(Database database, InstantSource clock) {
        this.transactions = database.transactions();
        this.clock = clock;
        this.ids = new TimeOrderedIds(clock);
        this.identities = new IdentityStore(ids);
        this.chunks = new ChunkStore(ids);
        this.entities = new EntityStore(ids);
        this.preferences = new PreferenceStore(ids);
        this.facts = new FactStore(ids);
    }

    <T extends @Nullable Object> T read(String organizationId, Transactions.Work<T> work) {
        return guarded(() -> transactions.read(organizationId, work));
    }

    <T extends @Nullable Object> T read(String organizationId, Duration limit, Transactions.Work<T> work) {
        return guarded(() -> transactions.read(organizationId, limit, work));
    }

    /** Runs again when another transaction has just made the row this one would make. */
    <T extends @Nullable Object> T write(String organizationId, Transactions.Work<T> work) {
        return guarded(() -> {
            for (int attempt = 1; ; attempt++) {
                try {
                    return transactions.run(organizationId, work);
                } catch (DatabaseException e) {
                    if (!UNIQUE_VIOLATION.equals(e.sqlState()) || attempt == ATTEMPTS) {
                        throw e;
                    }
                }
            }
        });
    }

    Instant now() {
        return clock.instant();
    }

    TimeOrderedIds ids() {
        return ids;
    }

    IdentityStore identities() {
        return identities;
    }

    ChunkStore chunks() {
        return chunks;
    }

    EntityStore entities() {
        return entities;
    }

    PreferenceStore preferences() {
        return preferences;
    }

    FactStore facts() {
        return facts;
    }

    private static <T extends @Nullable Object> T guarded(Supplier<T> work) {
        try {
            return work.get();
        } catch (DatabaseException e) {
            throw e.code() == DatabaseException.Code.TIMEOUT
                    ? MemoryException.timeout(e)
                    : MemoryException.unavailable(e);
        }
    }
}
