package dev.recaller.memory.privacy;

import static dev.recaller.sql.schema.Tables.FLOWS;
import static dev.recaller.sql.schema.Tables.FLOW_VERSIONS;
import static dev.recaller.sql.schema.Tables.ORGANIZATIONS;

import dev.recaller.memory.MemoryConfiguration;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Record2;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** One batch a method, each a transaction of its own. */
final class RetentionStore {

    /** Rows a transaction changes at most: some ten milliseconds. */
    static final int BATCH = 1000;

    /** Six times the longest call a flow may allow. */
    private static final Duration STATE_KEPT = Duration.ofDays(1);

    private static final JsonMapper JSON = new JsonMapper();
    private static final UUID LOWEST = new UUID(0, 0);

    private final Guarded transactions;

    RetentionStore(Guarded transactions) {
        this.transactions = transactions;
    }

    /**
     * Tables whose rows have a time, in the order they are deleted in.
     *
     * <p>A preference that is stated again lives longer, when that was is not recorded: its caller's last interaction is the
     * latest it can have been.
     */
    enum Kept {
        RELATIONSHIPS("entity_relationships", "t.valid_from", Kept.BY_SOURCE),
        PREFERENCES(
                "preferences",
                "greatest(t.valid_from, (select m.last_interaction_at from recaller.user_memory m"
                        + " where m.organization_id = t.organization_id and m.id = t.memory_id))",
                Kept.BY_SOURCE),
        ENTITIES("entities", "t.last_mentioned_at", "null"),
        CHUNKS(
                "memory_chunks",
                "t.said_at",
                "(select c.flow_id from recaller.calls c where c.organization_id = t.organization_id and c.id = t.call_id)"),
        CALLS("calls", "t.started_at", "t.flow_id");

        private static final String BY_SOURCE = "(select c.flow_id from recaller.memory_chunks s join recaller.calls c"
                + " on c.organization_id = s.organization_id and c.id = s.call_id"
                + " where s.organization_id = t.organization_id and s.id = t.source_chunk)";

        private final String table;
        private final String since;
        private final String flow;

        Kept(String table, String since, String flow) {
            this.table = table;
            this.since = since;
            this.flow = flow;
        }

        String table() {
            return table;
        }
    }

    /** Settings in days: the organization's, null when it has none, and those of flows by their id. */
    record Days(@Nullable Integer organization, Map<String, Integer> flows) {

        boolean any() {
            return organization != null || !flows.isEmpty();
        }

        /** Nothing of the organization is kept longer. */
        int longest() {
            return organization != null
                    ? organization
                    : flows.values().stream().reduce(MemoryConfiguration.DEFAULT.retentionDays(), Math::max);
        }
    }

    /** Rows up to an id were looked at, and so many of the last batch changed. */
    record Page(UUID last, int changed) {
        static final Page FIRST = new Page(LOWEST, 0);
    }

    @Nullable
    String nextOrganization(String after) {
        return transactions.<@Nullable String>run(
                "",
                tx -> tx.fetchSingle("select recaller.next_organization(?)", after)
                        .get(0, String.class));
    }

    Days days(String organizationId, Map<String, Integer> given) {
        Field<Integer> ofDefaults =
                DSL.field("({0} ->> 'retentionDays')::integer", Integer.class, ORGANIZATIONS.MEMORY);
        Field<Integer> ofFlow = DSL.field(
                "({0} #>> '{configuration,memory,retentionDays}')::integer", Integer.class, FLOW_VERSIONS.DEFINITION);
        return transactions.read(organizationId, tx -> {
            Integer organization = tx.select(DSL.least(ORGANIZATIONS.RETENTION_DAYS, ofDefaults))
                    .from(ORGANIZATIONS)
                    .where(ORGANIZATIONS.ORGANIZATION_ID.eq(organizationId))
                    .fetchOne(row -> row.value1());
            Map<String, Integer> flows = new HashMap<>(given);
            for (Record2<String, Integer> flow : tx.select(FLOWS.ID, ofFlow)
                    .from(FLOWS)
                    .join(FLOW_VERSIONS)
                    .on(FLOW_VERSIONS.ORGANIZATION_ID.eq(FLOWS.ORGANIZATION_ID), FLOW_VERSIONS.FLOW_ID.eq(FLOWS.ID))
                    .where(FLOWS.ORGANIZATION_ID.eq(organizationId), FLOW_VERSIONS.VERSION.eq(FLOWS.VERSION))
                    .and(ofFlow.isNotNull())) {
                flows.merge(flow.value1(), flow.value2(), Math::min);
            }
            return new Days(organization, flows);
        });
    }

    /** Lowers {@code expires_at} where a setting is shorter now; null when the table's end was reached. */
    @Nullable
    Page shorten(String organizationId, Kept kept, Days days, Page after) {
        String sql = """
                with page as (
                  select id from recaller.%1$s where organization_id = ? and id > ? order by id limit ?),
                due as (
                  select t.id, %2$s + least(?::integer, (?::jsonb ->> %3$s)::integer) * interval '1 day' as until
                  from page join recaller.%1$s t on t.organization_id = ? and t.id = page.id),
                changed as (
                  update recaller.%1$s t set expires_at = due.until from due
                  where t.organization_id = ? and t.id = due.id and (t.expires_at is null or t.expires_at > due.until)
                  returning t.id)
                select (select id from page order by id desc limit 1), (select count(*) from changed)""".formatted(kept.table, kept.since, kept.flow);
        return transactions.<@Nullable Page>run(organizationId, tx -> {
            var row = tx.fetchSingle(
                    sql,
                    organizationId,
                    after.last(),
                    BATCH,
                    days.organization(),
                    JSON.writeValueAsString(days.flows()),
                    organizationId,
                    organizationId);
            UUID last = row.get(0, UUID.class);
            return last == null ? null : new Page(last, row.get(1, Integer.class));
        });
    }

    int delete(String organizationId, Kept kept, Instant now, int most) {
        // The batch is a common table expression: as a subquery it may run, and lock others, once a row.
        String sql = """
                with past as materialized (
                  select id from recaller.%1$s where organization_id = ? and expires_at <= ?::timestamptz
                  order by expires_at limit ? for update skip locked)
                delete from recaller.%1$s t using past where t.organization_id = ? and t.id = past.id
                returning t.id, t.memory_id""".formatted(kept.table);
        return transactions.run(organizationId, tx -> {
            var gone = tx.fetch(sql, organizationId, now.toString(), most, organizationId);
            if (kept != Kept.CALLS && !gone.isEmpty()) {
                UUID[] memories =
                        gone.getValues(1, UUID.class).stream().distinct().toArray(UUID[]::new);
                if (kept == Kept.CHUNKS) {
                    deleteFactsWithoutSource(tx, organizationId, memories, gone.getValues(0, UUID.class));
                }
                // Calls that go on load their caller anew.
                tx.execute(
                        "update recaller.user_memory set revision = revision + 1"
                                + " where organization_id = ? and id = any (?::uuid[])",
                        organizationId,
                        memories);
            }
            return gone.size();
        });
    }

    private static void deleteFactsWithoutSource(
            DSLContext tx, String organizationId, UUID[] memories, List<UUID> gone) {
        tx.execute("""
                delete from recaller.memory_chunks f
                where f.organization_id = ? and f.memory_id = any (?::uuid[]) and f.source_chunks && ?::uuid[]
                  and not exists (select from recaller.memory_chunks s
                    where s.organization_id = f.organization_id and s.id = any (f.source_chunks))""", organizationId, memories, gone.toArray(UUID[]::new));
    }

    int purgeAudit(String organizationId, Instant now, int most) {
        return transactions.run(
                organizationId,
                tx -> tx.fetchSingle("select recaller.purge_audit(?::timestamptz, ?)", now.toString(), most)
                        .get(0, Integer.class));
    }

    /** Where calls stood that ended without a word: no call goes on for that long. */
    int deleteStates(String organizationId, Instant now, int most) {
        return transactions.run(
                organizationId,
                tx -> tx.execute("""
                        with past as materialized (
                          select call_id from recaller.call_state where organization_id = ? and updated_at <= ?::timestamptz
                          limit ? for update skip locked)
                        delete from recaller.call_state t using past
                        where t.organization_id = ? and t.call_id = past.call_id""", organizationId, now.minus(STATE_KEPT).toString(), most, organizationId));
    }

    int deleteMerges(String organizationId, Instant now, int days, int most) {
        return transactions.run(
                organizationId,
                tx -> tx.execute(
                        """
                        with past as materialized (
                          select id from recaller.merges where organization_id = ? and created_at <= ?::timestamptz
                          limit ? for update skip locked)
                        delete from recaller.merges t using past where t.organization_id = ? and t.id = past.id""", organizationId, now.minus(Duration.ofDays(days)).toString(), most, organizationId));
    }

    /** Memories of which nothing is left, in themselves and in what was merged into them. */
    int deleteEmpty(String organizationId, Instant now, int days, int most) {
        return transactions.run(
                organizationId,
                tx -> tx.execute(
                        """
                        with empty as materialized (
                          select m.id from recaller.user_memory m
                          where m.organization_id = ? and m.merged_into is null
                            and coalesce(m.last_interaction_at, m.created_at) <= ?::timestamptz
                            and not exists (
                              select from recaller.user_memory o
                              where o.organization_id = m.organization_id and (o.id = m.id or o.merged_into = m.id) and (
                                exists (select from recaller.memory_chunks c
                                  where c.organization_id = o.organization_id and c.memory_id = o.id)
                                or exists (select from recaller.entities e
                                  where e.organization_id = o.organization_id and e.memory_id = o.id)
                                or exists (select from recaller.preferences p
                                  where p.organization_id = o.organization_id and p.memory_id = o.id)
                                or exists (select from recaller.calls k
                                  where k.organization_id = o.organization_id and k.memory_id = o.id)))
                          limit ? for update of m skip locked)
                        delete from recaller.user_memory t using empty where t.organization_id = ? and t.id = empty.id""", organizationId, now.minus(Duration.ofDays(days)).toString(), most, organizationId));
    }
}
