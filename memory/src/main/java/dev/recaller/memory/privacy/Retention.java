package dev.recaller.memory.privacy;

import dev.recaller.sql.Database;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Deletes what is past its time, organization by organization, a thousand rows a transaction, so that no call waits for it
 * long; a sweep that was interrupted or failed has done what it has done, and the next one does the rest. Two at once do no
 * harm. Blocks.
 *
 * <p>A row's time is said when it is stored. An organization's setting that is shorter now ({@code retention_days}, or
 * {@code retentionDays} of its defaults) reaches older rows too, and so does a flow's: its calls, their chunks and what
 * refers to these. Entities, which many calls speak of, keep the longest time of theirs within the organization's. Longer
 * settings reach new rows only: nobody was told that old ones would be kept.
 *
 * <p>Closed values ({@code valid_to}) live like all others. A fact goes with the last of the turns it was drawn from. A
 * journal of merges goes when the organization's time is over, counted from the merge, which is final from then on. A
 * memory goes when nothing is left of it and its caller has been silent for that time. Receipts and tombstones of
 * erasures stay.
 */
public final class Retention {

    private final RetentionStore store;
    private final InstantSource clock;
    private final Map<String, Integer> flows;

    /**
     * A sweeper.
     *
     * @param flows retention in days of flows that are not in the database, by the flow's id; for all organizations
     */
    public Retention(Database database, InstantSource clock, Map<String, Integer> flows) {
        this.store = new RetentionStore(new Guarded(database));
        this.clock = clock;
        this.flows = Map.copyOf(flows);
    }

    /**
     * Sweeps all organizations. Interrupt the thread to end it after the batch at hand.
     *
     * @throws dev.recaller.memory.MemoryException when the database fails, or the interruption came while it was asked
     */
    public Swept sweep() {
        Map<String, Long> deleted = new TreeMap<>();
        long shortened = 0;
        int organizations = 0;
        String organization = "";
        while (true) {
            if (Thread.currentThread().isInterrupted()) {
                return new Swept(deleted, shortened, organizations, false);
            }
            @Nullable String next = store.nextOrganization(organization);
            if (next == null) {
                return new Swept(deleted, shortened, organizations, true);
            }
            organization = next;
            Swept swept = sweep(organization);
            swept.deleted().forEach((table, rows) -> deleted.merge(table, rows, Long::sum));
            shortened += swept.shortened();
            organizations++;
            if (!swept.finished()) {
                return new Swept(deleted, shortened, organizations, false);
            }
        }
    }

    /** Sweeps one organization. */
    public Swept sweep(String organizationId) {
        return new Sweep(organizationId, clock.instant()).run();
    }

    private final class Sweep {

        private final String organizationId;
        private final Instant now;
        private final Map<String, Long> deleted = new TreeMap<>();
        private long shortened;

        Sweep(String organizationId, Instant now) {
            this.organizationId = organizationId;
            this.now = now;
        }

        Swept run() {
            boolean finished = !Thread.currentThread().isInterrupted() && shorten() && delete();
            return new Swept(deleted, shortened, 1, finished);
        }

        private boolean shorten() {
            RetentionStore.Days days = store.days(organizationId, flows);
            for (RetentionStore.Kept table : RetentionStore.Kept.values()) {
                RetentionStore.@Nullable Page page = RetentionStore.Page.FIRST;
                while (page != null && days.any()) {
                    if (Thread.currentThread().isInterrupted()) {
                        return false;
                    }
                    page = store.shorten(organizationId, table, days, page);
                    shortened += page == null ? 0 : page.changed();
                }
            }
            return true;
        }

        private boolean delete() {
            for (RetentionStore.Kept table : RetentionStore.Kept.values()) {
                if (!repeat(table.table(), most -> store.delete(organizationId, table, now, most))) {
                    return false;
                }
            }
            int days = store.days(organizationId, flows).longest();
            return repeat("call_state", most -> store.deleteStates(organizationId, now, most))
                    && repeat("audit", most -> store.purgeAudit(organizationId, now, most))
                    && repeat("merges", most -> store.deleteMerges(organizationId, now, days, most))
                    && repeat("user_memory", most -> store.deleteEmpty(organizationId, now, days, most));
        }

        /** Batch after batch, until one is not full. */
        private boolean repeat(String table, ToIntFunction<Integer> batch) {
            int rows = RetentionStore.BATCH;
            while (rows >= RetentionStore.BATCH) {
                if (Thread.currentThread().isInterrupted()) {
                    return false;
                }
                rows = batch.applyAsInt(RetentionStore.BATCH);
                if (rows > 0) {
                    deleted.merge(table, (long) rows, Long::sum);
                }
            }
            return true;
        }
    }
}
