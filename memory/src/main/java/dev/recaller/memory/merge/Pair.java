package dev.recaller.memory.merge;

import dev.recaller.memory.MemoryId;
import dev.recaller.sql.schema.tables.records.UserMemoryRecord;
import java.time.Instant;
import java.util.UUID;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Table;
import org.jooq.TableRecord;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;

/** The rows of two memories, both locked by the transaction. */
record Pair(DSLContext tx, UserMemoryRecord into, UserMemoryRecord from) {

    String organizationId() {
        return into.getOrganizationId();
    }

    MemoryId intoId() {
        return new MemoryId(organizationId(), into.getId());
    }

    MemoryId fromId() {
        return new MemoryId(organizationId(), from.getId());
    }

    /** Rows of one of the two. */
    static Condition of(Field<String> organizationId, Field<UUID> memoryId, UserMemoryRecord memory) {
        return organizationId.eq(memory.getOrganizationId()).and(memoryId.eq(memory.getId()));
    }

    /** Rows of the time that is recalled. */
    static Condition since(Field<Instant> at, UserMemoryRecord memory) {
        return memory.getEpochStartedAt() == null ? DSL.trueCondition() : at.ge(memory.getEpochStartedAt());
    }

    /** A row with the same values, for another one to be made of it. */
    static <R extends TableRecord<R>> R copy(R row, Table<R> table) {
        R copy = row.into(table);
        copy.touched(true);
        return copy;
    }

    static boolean isRecalled(@Nullable Instant at, UserMemoryRecord memory) {
        return at != null && (memory.getEpochStartedAt() == null || !at.isBefore(memory.getEpochStartedAt()));
    }
}
