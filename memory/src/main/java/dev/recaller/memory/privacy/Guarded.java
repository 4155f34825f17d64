package dev.recaller.memory.privacy;

import dev.recaller.memory.MemoryException;
import dev.recaller.sql.Database;
import dev.recaller.sql.DatabaseException;
import dev.recaller.sql.Transactions;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Transactions whose failures are {@link MemoryException}s. */
final class Guarded {

    private final Transactions transactions;

    Guarded(Database database) {
        this.transactions = database.transactions();
    }

    <T extends @Nullable Object> T read(String organizationId, Transactions.Work<T> work) {
        return guarded(() -> transactions.read(organizationId, work));
    }

    <T extends @Nullable Object> T run(String organizationId, Transactions.Work<T> work) {
        return guarded(() -> transactions.run(organizationId, work));
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
