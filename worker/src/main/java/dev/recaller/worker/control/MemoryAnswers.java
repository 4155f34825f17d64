package dev.recaller.worker.control;

import com.google.protobuf.Timestamp;
import com.google.protobuf.Value;
import dev.recaller.memory.ChunkId;
import dev.recaller.memory.Entity;
import dev.recaller.memory.KnownCaller;
import dev.recaller.memory.Memory;
import dev.recaller.memory.MemoryChunk;
import dev.recaller.memory.MemoryId;
import dev.recaller.memory.Preference;
import dev.recaller.memory.Recollection;
import dev.recaller.memory.Scored;
import dev.recaller.memory.Speaker;
import dev.recaller.memory.merge.Conflict;
import dev.recaller.memory.merge.Merge;
import dev.recaller.memory.merge.Moved;
import dev.recaller.memory.merge.Proposal;
import dev.recaller.memory.merge.Undo;
import dev.recaller.memory.privacy.Consent;
import dev.recaller.memory.privacy.SharedMemory;
import dev.recaller.worker.control.v1.MemoryName;
import dev.recaller.worker.control.v1.MergeResponse;
import dev.recaller.worker.control.v1.Remembered;
import dev.recaller.worker.control.v1.Rows;
import dev.recaller.worker.control.v1.ShowMemoryResponse;
import dev.recaller.worker.control.v1.StatsResponse;
import dev.recaller.worker.control.v1.UndoMergeResponse;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What {@link MemoryMessages} wrote, as the memory's own words again. */
final class MemoryAnswers {

    private MemoryAnswers() {}

    static Recollection recollection(ShowMemoryResponse shown) {
        return new Recollection(
                absent(shown.getName()),
                shown.hasLastCallAt() ? time(shown.getLastCallAt()) : null,
                shown.getConversations(),
                preferences(shown.getPreferencesList()),
                entities(shown.getEntitiesList()),
                shown.getItemsList().stream().map(MemoryAnswers::item).toList());
    }

    private static Recollection.Item item(Remembered it) {
        return new Recollection.Item(
                it.getText(),
                speaker(it.getSpeaker()),
                absent(it.getPerson()),
                it.getAboutList(),
                time(it.getSaidAt()),
                it.getScore(),
                chunkId(it.getId()),
                it.getSaidInList().stream().map(MemoryAnswers::chunkId).toList());
    }

    static Scored<MemoryChunk> scored(Remembered it) {
        return new Scored<>(chunk(it), it.getScore());
    }

    private static MemoryChunk chunk(Remembered it) {
        return new MemoryChunk(
                chunkId(it.getId()),
                value(MemoryChunk.Type.class, it.getType()),
                it.getText(),
                it.getImportance(),
                it.getTopicsList(),
                id(it.getCallId()),
                it.hasTurn() ? it.getTurn() : null,
                speaker(it.getSpeaker()),
                time(it.getSaidAt()),
                it.getTokens());
    }

    private static List<Preference> preferences(List<dev.recaller.worker.control.v1.Preference> values) {
        return values.stream()
                .map(it -> new Preference(
                        it.getKey(), it.getValue(), it.getCategory(), it.getConfidence(), time(it.getValidFrom())))
                .toList();
    }

    private static List<Entity> entities(List<dev.recaller.worker.control.v1.Entity> values) {
        return values.stream()
                .map(it -> new Entity(
                        value(Entity.Type.class, it.getType()),
                        it.getName(),
                        absent(it.getRole()),
                        it.getMentions(),
                        time(it.getLastMentionedAt())))
                .toList();
    }

    static KnownCaller caller(dev.recaller.worker.control.v1.KnownCaller it) {
        var memory = new Memory(
                memory(it.getMemory()),
                absent(it.getUserId()),
                absent(it.getPhoneNumber()),
                it.getConversations(),
                it.getTokens(),
                time(it.getCreatedAt()),
                it.hasLastCallAt() ? time(it.getLastCallAt()) : null);
        return new KnownCaller(memory, absent(it.getName()));
    }

    static Map<String, List<Map<String, Object>>> statistics(StatsResponse statistics) {
        Map<String, List<Map<String, Object>>> tables = new LinkedHashMap<>();
        statistics
                .getTablesList()
                .forEach(table -> tables.put(
                        table.getName(),
                        table.getRowsList().stream()
                                .map(row -> columns(row.getFieldsMap()))
                                .toList()));
        return tables;
    }

    private static Map<String, Object> columns(Map<String, Value> row) {
        Map<String, Object> columns = new LinkedHashMap<>();
        row.forEach((name, value) -> columns.put(
                name, value.hasNumberValue() ? number(value.getNumberValue()) : (Object) value.getStringValue()));
        return columns;
    }

    private static Object number(double value) {
        return value == Math.rint(value) ? (Object) (long) value : (Object) value;
    }

    static Merge merge(MergeResponse it) {
        return it.getAlready()
                ? new Merge.Already(id(it.getMergeId()))
                : new Merge.Merged(
                        UUID.fromString(it.getMergeId()),
                        memory(it.getInto()),
                        memory(it.getFrom()),
                        rows(it.getMoved()),
                        it.getSetAside(),
                        it.getConflictsList().stream()
                                .map(conflict -> new Conflict(
                                        conflict.getSubject(),
                                        conflict.getKept(),
                                        conflict.getOther(),
                                        conflict.getBothStand()
                                                ? Conflict.Resolution.BOTH_STAND
                                                : Conflict.Resolution.CLOSED))
                                .toList());
    }

    static Undo undo(UUID merge, UndoMergeResponse it) {
        return it.getAlready()
                ? new Undo.Already(merge)
                : new Undo.Undone(
                        merge,
                        memory(it.getInto()),
                        memory(it.getFrom()),
                        rows(it.getRestored()),
                        it.getMissing(),
                        id(it.getJoinedMergeId()));
    }

    private static Moved rows(Rows it) {
        return new Moved(it.getChunks(), it.getCalls(), it.getEntities(), it.getRelationships(), it.getPreferences());
    }

    static Proposal proposal(dev.recaller.worker.control.v1.Proposal it) {
        return new Proposal(
                UUID.fromString(it.getId()),
                memory(it.getInto()),
                memory(it.getFrom()),
                absent(it.getUserId()),
                absent(it.getPhoneNumber()),
                time(it.getProposedAt()));
    }

    static Consent consent(dev.recaller.worker.control.v1.Consent it) {
        Set<Consent.Category> categories = it.getCategoriesList().stream()
                .map(category -> value(Consent.Category.class, category))
                .collect(Collectors.toSet());
        return new Consent(
                UUID.fromString(it.getId()),
                memory(it.getMemory()),
                it.getGrantee(),
                categories,
                it.getPurpose(),
                it.getEvidence(),
                time(it.getExpiresAt()),
                it.hasRevokedAt() ? time(it.getRevokedAt()) : null);
    }

    static SharedMemory shared(dev.recaller.worker.control.v1.SharedMemory it) {
        return new SharedMemory(
                consent(it.getConsent()),
                absent(it.getName()),
                preferences(it.getPreferencesList()),
                it.getFactsList().stream().map(MemoryAnswers::chunk).toList(),
                entities(it.getEntitiesList()),
                it.getConversationList().stream().map(MemoryAnswers::chunk).toList());
    }

    static Instant time(Timestamp time) {
        return Instant.ofEpochSecond(time.getSeconds(), time.getNanos());
    }

    private static MemoryId memory(MemoryName name) {
        return new MemoryId(name.getOrganization(), UUID.fromString(name.getId()));
    }

    private static ChunkId chunkId(String text) {
        return new ChunkId(UUID.fromString(text));
    }

    private static @Nullable UUID id(String text) {
        return text.isEmpty() ? null : UUID.fromString(text);
    }

    private static @Nullable Speaker speaker(String word) {
        return word.isEmpty() ? null : value(Speaker.class, word);
    }

    private static <E extends Enum<E>> E value(Class<E> type, String word) {
        return Enum.valueOf(type, word.toUpperCase(Locale.ROOT));
    }

    private static @Nullable String absent(String text) {
        return text.isEmpty() ? null : text;
    }
}
