package dev.recaller.worker.store;

import dev.recaller.sql.Database;
import dev.recaller.sql.DatabaseException;
import dev.recaller.sql.Transactions.Work;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * The database as calls may use it while somebody waits at the telephone: it answers within a limit, or counts as silent.
 * While it is silent nobody waits for it at all; what is asked then still reaches it, and its first answer ends the
 * silence. Any thread.
 */
final class PromptDatabase {

    /** Of the pool's connections: a silent database must not take them all. */
    private static final int AT_ONCE = 3;

    /** The database did not do it in time, if at all. */
    static final class NoAnswerException extends Exception {
        private static final long serialVersionUID = 1;

        NoAnswerException(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }

    private final Database database;
    private final Duration limit;
    private final Semaphore places = new Semaphore(AT_ONCE, true);
    private volatile boolean silent;

    /** @param limit for an answer, the wait for a connection included; milliseconds count */
    PromptDatabase(Database database, Duration limit) {
        this.database = database;
        this.limit = limit;
    }

    /**
     * Runs a transaction. One that was not answered in time may be done all the same, later, unless the server stops it
     * first: it must do no harm then.
     */
    <T extends @Nullable Object> T run(String organizationId, Work<T> work) throws NoAnswerException {
        long deadline = System.nanoTime() + limit.toNanos();
        try {
            if (!places.tryAcquire() && (silent || !places.tryAcquire(limit.toNanos(), TimeUnit.NANOSECONDS))) {
                throw unanswered();
            }
            FutureTask<T> task = new FutureTask<>(() -> answer(organizationId, work));
            Thread.ofVirtual().name("recaller-prompt").start(() -> {
                try {
                    task.run();
                } finally {
                    places.release();
                }
            });
            return task.get(silent ? 0 : deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            throw unanswered();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new NoAnswerException("interrupted before the database answered", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof DatabaseException failure) {
                throw new NoAnswerException(String.valueOf(failure.getMessage()), failure);
            }
            throw new IllegalStateException(e.getCause());
        }
    }

    private <T extends @Nullable Object> T answer(String organizationId, Work<T> work) {
        T answer = database.transactions().run(organizationId, transaction -> {
            transaction.execute("set local statement_timeout = " + limit.toMillis());
            return work.in(transaction);
        });
        silent = false;
        return answer;
    }

    private NoAnswerException unanswered() {
        silent = true;
        return new NoAnswerException("the database did not answer within " + limit.toMillis() + " ms", null);
    }
}
