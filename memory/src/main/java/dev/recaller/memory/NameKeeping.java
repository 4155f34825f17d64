package dev.recaller.memory;

import dev.recaller.memory.extract.CallerName;
import dev.recaller.memory.extract.Introduction;
import dev.recaller.memory.extract.Names;
import dev.recaller.sql.schema.tables.records.EntitiesRecord;
import dev.recaller.sql.schema.tables.records.MemoryChunksRecord;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import org.jooq.DSLContext;
import org.jspecify.annotations.Nullable;

/** Keeps the names a caller goes by, as {@code entities} of role caller, by the rules of {@link CallerName}. */
final class NameKeeping {

    private final Stores stores;

    NameKeeping(Stores stores) {
        this.stores = stores;
    }

    /**
     * What a call did to the names.
     *
     * @param epoch when the time began that is recalled; null: always
     * @param fact what is new, in words; null when nothing is
     */
    record Kept(@Nullable Instant epoch, @Nullable String fact) {}

    /** Brings the names up to date with everything the call says of them. */
    Kept keep(DSLContext tx, Call call, @Nullable Instant epoch) {
        List<Introduction> introductions = call.introductions();
        if (introductions.isEmpty()) {
            return new Kept(epoch, null);
        }
        List<EntitiesRecord> rows = stores.entities().callerNames(tx, call.memory(), epoch, stores.now());
        CallerName.Settled settled = CallerName.settle(names(rows), introductions, call.id());
        Instant resumed = resumed(tx, call, rows, settled.speaker());
        if (resumed != null) {
            stores.identities().startEpoch(tx, call.memory(), resumed);
            return keep(tx, call, resumed);
        }
        retireForgotten(tx, call, rows, settled);
        for (CallerName name : settled.names()) {
            write(tx, call, rows, settled, name, introductions, epoch);
        }
        String speaker = settled.speaker();
        Introduction evidence = settled.evidence();
        if (speaker == null || evidence == null) {
            return new Kept(epoch, null);
        }
        String fact = stores.chunks()
                .setCallerName(tx, call.memory(), call.turn(evidence.turn()), speaker, call.retentionDays());
        boolean isNew = introductions.stream().anyMatch(said -> call.isAdded(call.turn(said.turn())));
        return new Kept(epoch, isNew ? fact : null);
    }

    /** When another name is introduced on a number that had been silent: since when it speaks again. Else null. */
    private @Nullable Instant resumed(DSLContext tx, Call call, List<EntitiesRecord> rows, @Nullable String speaker) {
        List<EntitiesRecord> earlier = rows.stream()
                .filter(row -> EntityStore.CALLER.equals(row.getRole()))
                .filter(row -> !call.id().equals(Attributes.of(row).introducedIn()))
                .toList();
        if (speaker == null
                || earlier.isEmpty()
                || earlier.stream().anyMatch(row -> Names.alike(row.getName(), speaker))) {
            return null;
        }
        Instant since = earlier.stream()
                .map(EntitiesRecord::getLastMentionedAt)
                .max(Comparator.naturalOrder())
                .orElseThrow();
        return stores.chunks()
                .resumedAfterSilence(
                        tx, call.memory(), since, call.turns().getLast().getSaidAt());
    }

    /** Names introduced by an earlier look at this call, which knew fewer of its turns. */
    private void retireForgotten(DSLContext tx, Call call, List<EntitiesRecord> rows, CallerName.Settled settled) {
        for (EntitiesRecord row : rows) {
            if (settled.names().stream().noneMatch(name -> name.name().equalsIgnoreCase(row.getName()))) {
                stores.entities()
                        .setRole(tx, call.memory(), row.getId(), EntityStore.FORMER_CALLER, row.getAttributes());
            }
        }
    }

    private void write(
            DSLContext tx,
            Call call,
            List<EntitiesRecord> rows,
            CallerName.Settled settled,
            CallerName name,
            List<Introduction> introductions,
            @Nullable Instant epoch) {
        var attributes = new Attributes(name.introducedIn(), name.retiredIn(), null);
        String role = name.isCurrent() ? EntityStore.CALLER : EntityStore.FORMER_CALLER;
        EntitiesRecord known = rows.stream()
                .filter(row -> row.getName().equalsIgnoreCase(name.name()))
                .findFirst()
                .orElse(null);
        List<MemoryChunksRecord> said = introductions.stream()
                .filter(introduction -> name.name().equals(settled.speaker())
                        ? Names.alike(introduction.name(), name.name())
                        : introduction.name().equalsIgnoreCase(name.name()))
                .map(introduction -> call.turn(introduction.turn()))
                .toList();
        if (said.isEmpty()) {
            if (known != null) {
                stores.entities().setRole(tx, call.memory(), known.getId(), role, attributes.json());
            }
            return;
        }
        long mentions = said.stream().filter(call::isAdded).count();
        MemoryChunksRecord last = said.getLast();
        var row = new EntitiesRecord();
        row.setOrganizationId(call.memory().organizationId());
        row.setMemoryId(call.memory().value());
        row.setType(Rows.text(Entity.Type.PERSON));
        row.setName(name.name());
        row.setRole(role);
        row.setAttributes(attributes.json());
        row.setFirstMentionedAt(said.getFirst().getSaidAt());
        row.setLastMentionedAt(last.getSaidAt());
        row.setMentionCount(known == null ? Math.max(1, mentions) : mentions);
        row.setMinAssurance(Rows.stored(Call.minimumOfName(said)));
        row.setExpiresAt(Rows.expiry(last.getSaidAt(), call.retentionDays()));
        stores.entities().mention(tx, row, epoch);
    }

    private static List<CallerName> names(List<EntitiesRecord> rows) {
        return rows.stream().map(NameKeeping::name).toList();
    }

    private static CallerName name(EntitiesRecord row) {
        Attributes attributes = Attributes.of(row);
        UUID introducedIn = attributes.introducedIn() == null ? row.getId() : attributes.introducedIn();
        UUID retiredIn = attributes.retiredIn() == null ? row.getId() : attributes.retiredIn();
        boolean former = EntityStore.FORMER_CALLER.equals(row.getRole());
        return new CallerName(row.getName(), introducedIn, former ? retiredIn : null);
    }
}
