package dev.recaller.worker.control;

import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import dev.recaller.memory.MemoryChunk;
import dev.recaller.memory.MemoryId;
import dev.recaller.memory.Recollection;
import dev.recaller.memory.Scored;
import dev.recaller.memory.Speaker;
import dev.recaller.memory.merge.Merge;
import dev.recaller.memory.merge.Moved;
import dev.recaller.memory.merge.Undo;
import dev.recaller.worker.control.v1.Conflict;
import dev.recaller.worker.control.v1.Consent;
import dev.recaller.worker.control.v1.Entity;
import dev.recaller.worker.control.v1.KnownCaller;
import dev.recaller.worker.control.v1.MemoryName;
import dev.recaller.worker.control.v1.MergeResponse;
import dev.recaller.worker.control.v1.Preference;
import dev.recaller.worker.control.v1.Proposal;
import dev.recaller.worker.control.v1.Remembered;
import dev.recaller.worker.control.v1.Rows;
import dev.recaller.worker.control.v1.SharedMemory;
import dev.recaller.worker.control.v1.ShowMemoryResponse;
import dev.recaller.worker.control.v1.StatsResponse;
import dev.recaller.worker.control.v1.UndoMergeResponse;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Memories in the API's words; {@link MemoryAnswers} reads them. */
final class MemoryMessages {

    private MemoryMessages() {}

    static ShowMemoryResponse of(List<MemoryId> memories, Recollection all) {
        var shown = ShowMemoryResponse.newBuilder()
                .setName(all.name().orElse(""))
                .setConversations(all.conversationCount());
        memories.forEach(memory -> shown.addMemoryIds(memory.value().toString()));
        if (all.lastCallAt() != null) {
            shown.setLastCallAt(Words.timestamp(all.lastCallAt()));
        }
        all.preferences().forEach(it -> shown.addPreferences(of(it)));
        all.entities().forEach(it -> shown.addEntities(of(it)));
        all.items().forEach(it -> shown.addItems(of(it)));
        return shown.build();
    }

    private static Preference of(dev.recaller.memory.Preference it) {
        return Preference.newBuilder()
                .setKey(it.key())
                .setValue(it.value())
                .setCategory(it.category())
                .setConfidence(it.confidence())
                .setValidFrom(Words.timestamp(it.validFrom()))
                .build();
    }

    private static Entity of(dev.recaller.memory.Entity it) {
        return Entity.newBuilder()
                .setType(word(it.type()))
                .setName(it.name())
                .setRole(text(it.role()))
                .setMentions(it.mentionCount())
                .setLastMentionedAt(Words.timestamp(it.lastMentionedAt()))
                .build();
    }

    private static Remembered of(Recollection.Item it) {
        var item = Remembered.newBuilder()
                .setSaidAt(Words.timestamp(it.saidAt()))
                .setSpeaker(speaker(it.speaker()))
                .setText(it.text())
                .setScore(it.score())
                .setId(it.source().value().toString())
                .setPerson(text(it.person()))
                .addAllAbout(it.about());
        it.saidIn().forEach(turn -> item.addSaidIn(turn.value().toString()));
        return item.build();
    }

    static Remembered of(Scored<MemoryChunk> scored) {
        return chunk(scored.value()).setScore(scored.score()).build();
    }

    private static Remembered.Builder chunk(MemoryChunk it) {
        var chunk = Remembered.newBuilder()
                .setSaidAt(Words.timestamp(it.saidAt()))
                .setSpeaker(speaker(it.speaker()))
                .setText(it.content())
                .setId(it.id().value().toString())
                .setType(word(it.type()))
                .setImportance(it.importance())
                .addAllTopics(it.topics())
                .setCallId(text(it.callId()))
                .setTokens(it.tokens());
        if (it.turn() != null) {
            chunk.setTurn(it.turn());
        }
        return chunk;
    }

    static MemoryName of(MemoryId memory) {
        return MemoryName.newBuilder()
                .setOrganization(memory.organizationId())
                .setId(memory.value().toString())
                .build();
    }

    static KnownCaller of(dev.recaller.memory.KnownCaller it) {
        var memory = it.memory();
        var caller = KnownCaller.newBuilder()
                .setMemory(of(memory.id()))
                .setPhoneNumber(text(memory.phoneNumber()))
                .setUserId(text(memory.userId()))
                .setName(text(it.name()))
                .setConversations(memory.conversationCount())
                .setTokens(memory.totalTokens())
                .setCreatedAt(Words.timestamp(memory.createdAt()));
        if (memory.lastInteractionAt() != null) {
            caller.setLastCallAt(Words.timestamp(memory.lastInteractionAt()));
        }
        return caller.build();
    }

    static StatsResponse of(Map<String, List<Map<String, Object>>> statistics) {
        var tables = StatsResponse.newBuilder();
        statistics.forEach((name, rows) -> {
            var table = StatsResponse.Table.newBuilder().setName(name);
            rows.forEach(row -> {
                var columns = Struct.newBuilder();
                row.forEach((column, value) -> columns.putFields(column, value(value)));
                table.addRows(columns);
            });
            tables.addTables(table);
        });
        return tables.build();
    }

    private static Value value(Object value) {
        return value instanceof Number number
                ? Value.newBuilder().setNumberValue(number.doubleValue()).build()
                : Value.newBuilder().setStringValue(value.toString()).build();
    }

    static MergeResponse of(Merge.Merged merged) {
        var answer = MergeResponse.newBuilder()
                .setMergeId(merged.id().toString())
                .setInto(of(merged.into()))
                .setFrom(of(merged.from()))
                .setMoved(of(merged.moved()))
                .setSetAside(merged.setAside());
        merged.conflicts()
                .forEach(conflict -> answer.addConflicts(Conflict.newBuilder()
                        .setSubject(conflict.subject())
                        .setKept(conflict.kept())
                        .setOther(conflict.other())
                        .setBothStand(
                                switch (conflict.resolution()) {
                                    case CLOSED -> false;
                                    case BOTH_STAND -> true;
                                })));
        return answer.build();
    }

    static UndoMergeResponse of(Undo.Undone undone) {
        return UndoMergeResponse.newBuilder()
                .setInto(of(undone.into()))
                .setFrom(of(undone.from()))
                .setRestored(of(undone.restored()))
                .setMissing(undone.missing())
                .setJoinedMergeId(text(undone.joinedMergeId()))
                .build();
    }

    private static Rows of(Moved rows) {
        return Rows.newBuilder()
                .setChunks(rows.chunks())
                .setCalls(rows.calls())
                .setEntities(rows.entities())
                .setRelationships(rows.relationships())
                .setPreferences(rows.preferences())
                .build();
    }

    static Proposal of(dev.recaller.memory.merge.Proposal it) {
        return Proposal.newBuilder()
                .setId(it.id().toString())
                .setInto(of(it.into()))
                .setFrom(of(it.from()))
                .setUserId(text(it.userId()))
                .setPhoneNumber(text(it.phoneNumber()))
                .setProposedAt(Words.timestamp(it.proposedAt()))
                .build();
    }

    static Consent of(dev.recaller.memory.privacy.Consent it) {
        var consent = Consent.newBuilder()
                .setId(it.id().toString())
                .setMemory(of(it.memory()))
                .setGrantee(it.grantee())
                .setPurpose(it.purpose())
                .setEvidence(it.evidence())
                .setExpiresAt(Words.timestamp(it.expiresAt()));
        it.categories().stream().sorted().forEach(category -> consent.addCategories(word(category)));
        Instant revokedAt = it.revokedAt();
        if (revokedAt != null) {
            consent.setRevokedAt(Words.timestamp(revokedAt));
        }
        return consent.build();
    }

    static SharedMemory of(dev.recaller.memory.privacy.SharedMemory it) {
        var shared = SharedMemory.newBuilder().setConsent(of(it.consent())).setName(text(it.name()));
        it.preferences().forEach(preference -> shared.addPreferences(of(preference)));
        it.entities().forEach(entity -> shared.addEntities(of(entity)));
        it.facts().forEach(fact -> shared.addFacts(chunk(fact)));
        it.conversation().forEach(turn -> shared.addConversation(chunk(turn)));
        return shared.build();
    }

    private static String speaker(@Nullable Speaker speaker) {
        return speaker == null ? "" : word(speaker);
    }

    private static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    private static String text(@Nullable String value) {
        return value == null ? "" : value;
    }

    private static String text(@Nullable UUID value) {
        return value == null ? "" : value.toString();
    }
}
