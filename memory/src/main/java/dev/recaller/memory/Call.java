package dev.recaller.memory;

import dev.recaller.memory.extract.Introduction;
import dev.recaller.memory.extract.Introductions;
import dev.recaller.memory.extract.Utterance;
import dev.recaller.sql.schema.tables.records.MemoryChunksRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The stored turns of one call while some are being added, in a transaction that holds the memory's lock.
 *
 * @param turns all of them in order, never empty
 * @param added ids of those stored by this transaction
 */
record Call(MemoryId memory, UUID id, List<MemoryChunksRecord> turns, Set<UUID> added, int retentionDays) {

    Call {
        turns = List.copyOf(turns);
        added = Set.copyOf(added);
    }

    List<MemoryChunksRecord> addedTurns() {
        return turns.stream().filter(this::isAdded).toList();
    }

    boolean isAdded(MemoryChunksRecord turn) {
        return added.contains(turn.getId());
    }

    MemoryChunksRecord turn(int index) {
        return turns.stream().filter(row -> row.getTurn() == index).findFirst().orElseThrow();
    }

    /** Whether the added turns can give other names than the call gave without them. */
    boolean mayChangeNames() {
        @Nullable MemoryChunksRecord previous = null;
        for (MemoryChunksRecord row : turns) {
            boolean heardAnew = previous != null && isAdded(previous) && !isAdded(row);
            if (heardAnew || (isAdded(row) && !introductions(row, previous).isEmpty())) {
                return true;
            }
            previous = row;
        }
        return false;
    }

    /** Every name the caller gives in it, in order. */
    List<Introduction> introductions() {
        List<Introduction> introductions = new ArrayList<>();
        @Nullable MemoryChunksRecord previous = null;
        for (MemoryChunksRecord row : turns) {
            introductions.addAll(introductions(row, previous));
            previous = row;
        }
        return introductions;
    }

    /** What it takes to read a turn back. */
    static Assurance minimum(MemoryChunksRecord turn) {
        return Rows.value(Assurance.class, turn.getMinAssurance().getLiteral());
    }

    /** What it takes to be called by a name said in these turns: nothing more than a number, unless the flow wanted more. */
    static Assurance minimumOfName(List<MemoryChunksRecord> said) {
        return said.stream().allMatch(turn -> minimum(turn) == Assurance.VERIFIED)
                ? Assurance.VERIFIED
                : Assurance.PRESENTED;
    }

    private static List<Introduction> introductions(MemoryChunksRecord row, @Nullable MemoryChunksRecord previous) {
        String before =
                previous == null || previous.getSpeaker().equals(row.getSpeaker()) ? null : previous.getContent();
        return Introductions.in(utterance(row), before);
    }

    static Utterance utterance(MemoryChunksRecord row) {
        return new Utterance(row.getTurn(), isCallers(row), row.getContent());
    }

    static boolean isCallers(MemoryChunksRecord row) {
        return Rows.text(Speaker.CALLER).equals(row.getSpeaker());
    }
}
