package dev.recaller.worker.store;

import static dev.recaller.sql.schema.Tables.FLOWS;
import static dev.recaller.sql.schema.Tables.FLOW_VERSIONS;

import dev.recaller.flow.definition.Flow;
import dev.recaller.sql.Database;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.JSON;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;

final class FlowTable implements FlowArchive {

    private final Database database;

    FlowTable(Database database) {
        this.database = database;
    }

    @Override
    public Put put(String organizationId, Flow flow, String document) {
        return database.transactions().run(organizationId, transaction -> {
            Optional<String> before = add(transaction, organizationId, flow, document);
            if (before.isEmpty()) {
                return Put.STORED;
            }
            if (!FlowContent.of(before.get()).equals(FlowContent.of(document))) {
                return Put.REFUSED;
            }
            transaction
                    .update(FLOW_VERSIONS)
                    .set(FLOW_VERSIONS.DEFINITION, JSON.valueOf(document))
                    .where(is(organizationId, flow.id(), flow.version()))
                    .execute();
            return Put.SAME;
        });
    }

    @Override
    public List<Listed> list(String organizationId) {
        return database.transactions()
                .read(
                        organizationId,
                        transaction -> transaction
                                .select(
                                        FLOWS.ID,
                                        FLOWS.NAME,
                                        FLOWS.VERSION,
                                        FLOWS.PREVIOUS_VERSION,
                                        FLOWS.CANARY_VERSION,
                                        FLOWS.CANARY_PERCENT,
                                        DSL.max(FLOW_VERSIONS.VERSION),
                                        DSL.count(FLOW_VERSIONS.VERSION),
                                        FLOWS.UPDATED_AT)
                                .from(FLOWS)
                                .join(FLOW_VERSIONS)
                                .on(
                                        FLOW_VERSIONS.ORGANIZATION_ID.eq(FLOWS.ORGANIZATION_ID),
                                        FLOW_VERSIONS.FLOW_ID.eq(FLOWS.ID))
                                .where(FLOWS.ORGANIZATION_ID.eq(organizationId))
                                .groupBy(FLOWS.ORGANIZATION_ID, FLOWS.ID)
                                .orderBy(FLOWS.ID)
                                .fetch(row -> new Listed(
                                        row.value1(),
                                        row.value2(),
                                        row.value3(),
                                        row.value4(),
                                        canary(row.value5(), row.value6()),
                                        row.value7(),
                                        row.value8(),
                                        row.value9())));
    }

    @Override
    public List<Version> versions(String organizationId, String flowId) {
        return database.transactions()
                .read(
                        organizationId,
                        transaction -> transaction
                                .select(FLOW_VERSIONS.VERSION, FLOWS.VERSION, FLOW_VERSIONS.CREATED_AT)
                                .from(FLOW_VERSIONS)
                                .join(FLOWS)
                                .on(
                                        FLOWS.ORGANIZATION_ID.eq(FLOW_VERSIONS.ORGANIZATION_ID),
                                        FLOWS.ID.eq(FLOW_VERSIONS.FLOW_ID))
                                .where(
                                        FLOW_VERSIONS.ORGANIZATION_ID.eq(organizationId),
                                        FLOW_VERSIONS.FLOW_ID.eq(flowId))
                                .orderBy(FLOW_VERSIONS.VERSION.desc())
                                .fetch(row -> new Version(
                                        row.value1(), Objects.equals(row.value1(), row.value2()), row.value3())));
    }

    @Override
    public Optional<String> document(String organizationId, String flowId, int version) {
        return database.transactions()
                .read(organizationId, transaction -> document(transaction, organizationId, flowId, version));
    }

    @Override
    public boolean activate(String organizationId, Flow flow) {
        return database.transactions()
                .run(
                        organizationId,
                        transaction -> transaction
                                        .update(FLOWS)
                                        .set(
                                                FLOWS.PREVIOUS_VERSION,
                                                DSL.when(FLOWS.VERSION.eq(flow.version()), FLOWS.PREVIOUS_VERSION)
                                                        .otherwise(FLOWS.VERSION))
                                        .set(FLOWS.VERSION, flow.version())
                                        .setNull(FLOWS.CANARY_VERSION)
                                        .setNull(FLOWS.CANARY_PERCENT)
                                        .set(FLOWS.NAME, flow.name())
                                        .set(FLOWS.UPDATED_AT, DSL.currentInstant())
                                        .where(FLOWS.ORGANIZATION_ID.eq(organizationId), FLOWS.ID.eq(flow.id()))
                                        .andExists(DSL.selectOne()
                                                .from(FLOW_VERSIONS)
                                                .where(is(organizationId, flow.id(), flow.version())))
                                        .execute()
                                == 1);
    }

    @Override
    public Optional<Integer> rollBack(String organizationId, String flowId) {
        return database.transactions()
                .run(
                        organizationId,
                        transaction -> transaction
                                .update(FLOWS)
                                .set(FLOWS.VERSION, FLOWS.PREVIOUS_VERSION)
                                .set(FLOWS.PREVIOUS_VERSION, FLOWS.VERSION)
                                .setNull(FLOWS.CANARY_VERSION)
                                .setNull(FLOWS.CANARY_PERCENT)
                                .set(FLOWS.UPDATED_AT, DSL.currentInstant())
                                .where(
                                        FLOWS.ORGANIZATION_ID.eq(organizationId),
                                        FLOWS.ID.eq(flowId),
                                        FLOWS.PREVIOUS_VERSION.isNotNull())
                                .returningResult(FLOWS.VERSION)
                                .fetchOptional(row -> row.value1()));
    }

    @Override
    public boolean canary(String organizationId, String flowId, @Nullable Canary canary) {
        Condition there = canary == null
                ? DSL.trueCondition()
                : FLOWS.VERSION
                        .isNotNull()
                        .and(DSL.exists(DSL.selectOne()
                                .from(FLOW_VERSIONS)
                                .where(is(organizationId, flowId, canary.version()))));
        return database.transactions()
                .run(
                        organizationId,
                        transaction -> transaction
                                        .update(FLOWS)
                                        .set(FLOWS.CANARY_VERSION, canary == null ? null : canary.version())
                                        .set(FLOWS.CANARY_PERCENT, canary == null ? null : canary.percent())
                                        .set(FLOWS.UPDATED_AT, DSL.currentInstant())
                                        .where(FLOWS.ORGANIZATION_ID.eq(organizationId), FLOWS.ID.eq(flowId), there)
                                        .execute()
                                == 1);
    }

    private static @Nullable Canary canary(@Nullable Integer version, @Nullable Integer percent) {
        return version == null || percent == null ? null : new Canary(version, percent);
    }

    @Override
    public Optional<Integer> deactivate(String organizationId, String flowId) {
        return database.transactions().run(organizationId, transaction -> {
            Condition active =
                    DSL.and(FLOWS.ORGANIZATION_ID.eq(organizationId), FLOWS.ID.eq(flowId), FLOWS.VERSION.isNotNull());
            Optional<Integer> before = transaction
                    .select(FLOWS.VERSION)
                    .from(FLOWS)
                    .where(active)
                    .forUpdate()
                    .fetchOptional(row -> row.value1());
            transaction
                    .update(FLOWS)
                    .set(FLOWS.PREVIOUS_VERSION, FLOWS.VERSION)
                    .setNull(FLOWS.VERSION)
                    .setNull(FLOWS.CANARY_VERSION)
                    .setNull(FLOWS.CANARY_PERCENT)
                    .set(FLOWS.UPDATED_AT, DSL.currentInstant())
                    .where(active)
                    .execute();
            return before;
        });
    }

    /** Keeps a version that is not there yet; the document that was there, if one was. */
    static Optional<String> add(DSLContext transaction, String organizationId, Flow flow, String document) {
        transaction
                .insertInto(FLOWS)
                .set(FLOWS.ORGANIZATION_ID, organizationId)
                .set(FLOWS.ID, flow.id())
                .set(FLOWS.NAME, flow.name())
                .onConflict(FLOWS.ORGANIZATION_ID, FLOWS.ID)
                .doNothing()
                .execute();
        int added = transaction
                .insertInto(FLOW_VERSIONS)
                .set(FLOW_VERSIONS.ORGANIZATION_ID, organizationId)
                .set(FLOW_VERSIONS.FLOW_ID, flow.id())
                .set(FLOW_VERSIONS.VERSION, flow.version())
                .set(FLOW_VERSIONS.DEFINITION, JSON.valueOf(document))
                .onConflict(FLOW_VERSIONS.ORGANIZATION_ID, FLOW_VERSIONS.FLOW_ID, FLOW_VERSIONS.VERSION)
                .doNothing()
                .execute();
        return added == 1 ? Optional.empty() : document(transaction, organizationId, flow.id(), flow.version());
    }

    static Optional<String> document(DSLContext transaction, String organizationId, String flowId, int version) {
        return transaction
                .select(FLOW_VERSIONS.DEFINITION)
                .from(FLOW_VERSIONS)
                .where(is(organizationId, flowId, version))
                .fetchOptional(row -> row.value1().data());
    }

    /** What is activated, if anything is. */
    static Optional<Active> active(DSLContext transaction, String organizationId, String flowId) {
        return transaction
                .select(FLOWS.VERSION, FLOWS.CANARY_VERSION, FLOWS.CANARY_PERCENT)
                .from(FLOWS)
                .where(FLOWS.ORGANIZATION_ID.eq(organizationId), FLOWS.ID.eq(flowId), FLOWS.VERSION.isNotNull())
                .fetchOptional(row -> new Active(row.value1(), canary(row.value2(), row.value3())));
    }

    private static Condition is(String organizationId, String flowId, int version) {
        return DSL.and(
                FLOW_VERSIONS.ORGANIZATION_ID.eq(organizationId),
                FLOW_VERSIONS.FLOW_ID.eq(flowId),
                FLOW_VERSIONS.VERSION.eq(version));
    }
}
