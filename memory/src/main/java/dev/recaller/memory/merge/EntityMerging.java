package dev.recaller.memory.merge;

import static dev.recaller.sql.schema.Tables.ENTITIES;
import static dev.recaller.sql.schema.Tables.ENTITY_RELATIONSHIPS;

import dev.recaller.memory.extract.Names;
import dev.recaller.sql.TimeOrderedIds;
import dev.recaller.sql.schema.tables.records.EntitiesRecord;
import dev.recaller.sql.schema.tables.records.EntityRelationshipsRecord;
import dev.recaller.sql.schema.tables.records.UserMemoryRecord;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jooq.Condition;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;

/**
 * Whom and what two memories know. The same type and name is one entity. The caller's names follow the rules of a call: names
 * that sound alike are one, the fuller of them stands; different names stand beside each other.
 */
final class EntityMerging {

    private final Pair pair;
    private final TimeOrderedIds ids;
    private final Map<String, EntitiesRecord> byName = new HashMap<>();
    private final Map<UUID, EntitiesRecord> names = new LinkedHashMap<>();
    private final Map<UUID, UUID> places = new HashMap<>();
    private final Map<UUID, Mentions> before = new LinkedHashMap<>();
    private final Map<UUID, List<UUID>> takenFrom = new HashMap<>();
    private final List<Journal.Origin> copies = new ArrayList<>();
    private final List<String> namesBefore = new ArrayList<>();

    EntityMerging(Pair pair, TimeOrderedIds ids) {
        this.pair = pair;
        this.ids = ids;
    }

    /**
     * @param places where each entity of the merged memory is now
     */
    record Done(
            List<Journal.Copy> copies,
            List<Journal.Change> changes,
            Map<UUID, UUID> places,
            List<Conflict> conflicts) {}

    Done merge() {
        rows(pair.into(), DSL.noCondition()).forEach((row, key) -> {
            byName.put(key, row);
            if (isCurrentName(row)) {
                names.put(row.getId(), row);
                namesBefore.add(row.getName());
            }
        });
        rows(pair.from(), Pair.since(ENTITIES.LAST_MENTIONED_AT, pair.from())).forEach(this::take);
        settleNames();
        List<Journal.Change> changes = before.entrySet().stream()
                .map(change -> new Journal.Change(
                        change.getKey(),
                        takenFrom.getOrDefault(change.getKey(), List.of()),
                        change.getValue(),
                        Mentions.of(stored(change.getKey()))))
                .toList();
        List<Journal.Copy> made = copies.stream()
                .map(copy -> new Journal.Copy(copy.id(), copy.of(), Mentions.of(stored(copy.id()))))
                .toList();
        return new Done(made, changes, places, conflicts());
    }

    /** Relationships between what was taken over; returns the copies. */
    List<UUID> mergeRelationships(Map<UUID, UUID> places) {
        List<UUID> related = new ArrayList<>();
        for (EntityRelationshipsRecord row : pair.tx()
                .selectFrom(ENTITY_RELATIONSHIPS)
                .where(Pair.of(ENTITY_RELATIONSHIPS.ORGANIZATION_ID, ENTITY_RELATIONSHIPS.MEMORY_ID, pair.from()))
                .and(Pair.since(ENTITY_RELATIONSHIPS.VALID_FROM, pair.from()))
                .orderBy(ENTITY_RELATIONSHIPS.ID)) {
            UUID source = places.get(row.getSourceId());
            UUID target = places.get(row.getTargetId());
            if (source == null || target == null) {
                continue;
            }
            EntityRelationshipsRecord copy = Pair.copy(row, ENTITY_RELATIONSHIPS);
            copy.setId(ids.next());
            copy.setMemoryId(pair.into().getId());
            copy.setSourceId(source);
            copy.setTargetId(target);
            int added = pair.tx()
                    .insertInto(ENTITY_RELATIONSHIPS)
                    .set(copy)
                    .onConflictDoNothing()
                    .execute();
            if (added == 1) {
                related.add(copy.getId());
            }
        }
        return related;
    }

    /** Rows with what the table tells them apart by, in the order they were first spoken of. */
    private Map<EntitiesRecord, String> rows(UserMemoryRecord memory, Condition condition) {
        Map<EntitiesRecord, String> rows = new LinkedHashMap<>();
        pair.tx()
                .select(ENTITIES, DSL.lower(ENTITIES.NAME))
                .from(ENTITIES)
                .where(Pair.of(ENTITIES.ORGANIZATION_ID, ENTITIES.MEMORY_ID, memory))
                .and(condition)
                .orderBy(ENTITIES.FIRST_MENTIONED_AT, ENTITIES.ID)
                .forEach(row -> rows.put(row.value1(), row.value1().getType() + ' ' + row.value2()));
        return rows;
    }

    private void take(EntitiesRecord theirs, String key) {
        boolean name = Mentions.of(theirs).isCallersName();
        EntitiesRecord ours = name ? soundsAlike(theirs) : null;
        if (ours == null) {
            ours = byName.get(key);
        }
        if (name) {
            namesBefore.add(theirs.getName());
        }
        if (ours == null) {
            ours = copy(theirs);
            byName.put(key, ours);
        } else {
            Mentions mine = Mentions.of(ours);
            change(ours, mine.and(Mentions.of(theirs)));
            takenFrom.computeIfAbsent(ours.getId(), _ -> new ArrayList<>()).add(theirs.getId());
        }
        places.put(theirs.getId(), ours.getId());
        if (isCurrentName(ours)) {
            names.put(ours.getId(), ours);
        } else {
            names.remove(ours.getId());
        }
    }

    /** The current name that a name of the other memory is a mishearing or a short form of. */
    private @Nullable EntitiesRecord soundsAlike(EntitiesRecord theirs) {
        return names.values().stream()
                .filter(ours -> Names.alike(ours.getName(), theirs.getName()))
                .filter(ours -> words(ours) >= words(theirs))
                .findFirst()
                .orElse(null);
    }

    private EntitiesRecord copy(EntitiesRecord theirs) {
        EntitiesRecord copy = Pair.copy(theirs, ENTITIES);
        copy.setId(ids.next());
        copy.setMemoryId(pair.into().getId());
        pair.tx().insertInto(ENTITIES).set(copy).execute();
        copies.add(new Journal.Origin(copy.getId(), theirs.getId()));
        return stored(copy.getId());
    }

    private void change(EntitiesRecord row, Mentions mentions) {
        boolean ours = copies.stream().noneMatch(copy -> copy.id().equals(row.getId()));
        if (ours) {
            before.putIfAbsent(row.getId(), Mentions.of(row));
        }
        mentions.writeTo(row);
        pair.tx().executeUpdate(row);
    }

    private void settleNames() {
        List<EntitiesRecord> current = List.copyOf(names.values());
        for (EntitiesRecord one : current) {
            for (EntitiesRecord other : current) {
                boolean touched = isTouched(one) || isTouched(other);
                if (touched && words(one) > words(other) && Names.alike(one.getName(), other.getName())) {
                    change(other, Mentions.of(other).retired());
                    names.remove(other.getId());
                }
            }
        }
    }

    private boolean isTouched(EntitiesRecord row) {
        return places.containsValue(row.getId());
    }

    private List<Conflict> conflicts() {
        List<String> current =
                names.values().stream().map(EntitiesRecord::getName).toList();
        List<Conflict> conflicts = new ArrayList<>();
        for (String name : namesBefore.stream().distinct().toList()) {
            if (current.contains(name)) {
                if (!current.getFirst().equals(name)) {
                    conflicts.add(new Conflict("name", current.getFirst(), name, Conflict.Resolution.BOTH_STAND));
                }
            } else if (current.stream().noneMatch(name::equalsIgnoreCase)) {
                String kept = current.stream()
                        .filter(other -> Names.alike(other, name))
                        .findFirst()
                        .orElse(String.join(", ", current));
                conflicts.add(new Conflict("name", kept, name, Conflict.Resolution.CLOSED));
            }
        }
        return conflicts;
    }

    private EntitiesRecord stored(UUID id) {
        return pair.tx()
                .selectFrom(ENTITIES)
                .where(ENTITIES.ORGANIZATION_ID.eq(pair.organizationId()), ENTITIES.ID.eq(id))
                .fetchSingle();
    }

    private boolean isCurrentName(EntitiesRecord row) {
        return Mentions.of(row).isCallersName() && Pair.isRecalled(row.getLastMentionedAt(), pair.into());
    }

    private static int words(EntitiesRecord row) {
        return row.getName().split(" ", -1).length;
    }
}
