package dev.recaller.worker.control;

import dev.recaller.memory.Memory;
import dev.recaller.memory.MemoryChunk;
import dev.recaller.memory.Recollection;
import dev.recaller.memory.Scored;
import dev.recaller.memory.Speaker;
import dev.recaller.memory.merge.Conflict;
import dev.recaller.memory.merge.Merge;
import dev.recaller.worker.control.v1.Entity;
import dev.recaller.worker.control.v1.MergeResponse;
import dev.recaller.worker.control.v1.Preference;
import dev.recaller.worker.control.v1.Remembered;
import dev.recaller.worker.control.v1.ShowMemoryResponse;
import dev.recaller.worker.control.v1.StatsResponse;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Memories in the API's words. */
final class Recalled {

    private Recalled() {}

    static ShowMemoryResponse of(List<Memory> memories, Recollection all) {
        var shown = ShowMemoryResponse.newBuilder()
                .setName(all.name().orElse(""))
                .setConversations(all.conversationCount());
        memories.forEach(memory -> shown.addMemoryIds(memory.id().value().toString()));
        if (all.lastCallAt() != null) {
            shown.setLastCallAt(Words.timestamp(all.lastCallAt()));
        }
        all.preferences()
                .forEach(it -> shown.addPreferences(Preference.newBuilder()
                        .setKey(it.key())
                        .setValue(it.value())
                        .setCategory(it.category())));
        all.entities()
                .forEach(it -> shown.addEntities(Entity.newBuilder()
                        .setType(it.type().name().toLowerCase(Locale.ROOT))
                        .setName(it.name())
                        .setRole(it.role() == null ? "" : it.role())
                        .setMentions(it.mentionCount())));
        all.items()
                .forEach(it -> shown.addItems(Remembered.newBuilder()
                        .setSaidAt(Words.timestamp(it.saidAt()))
                        .setSpeaker(speaker(it.speaker()))
                        .setText(it.text())));
        return shown.build();
    }

    static Remembered of(Scored<MemoryChunk> scored) {
        MemoryChunk chunk = scored.value();
        return Remembered.newBuilder()
                .setSaidAt(Words.timestamp(chunk.saidAt()))
                .setSpeaker(speaker(chunk.speaker()))
                .setText(chunk.content())
                .setScore(scored.score())
                .build();
    }

    static StatsResponse of(Map<String, List<Map<String, Object>>> statistics) {
        var tables = StatsResponse.newBuilder();
        statistics.forEach((name, rows) -> {
            var table = StatsResponse.Table.newBuilder().setName(name);
            rows.forEach(row -> {
                var columns = StatsResponse.Row.newBuilder();
                row.forEach((column, value) -> columns.putColumns(column, value.toString()));
                table.addRows(columns);
            });
            tables.addTables(table);
        });
        return tables.build();
    }

    static MergeResponse of(Merge.Merged merged) {
        var answer = MergeResponse.newBuilder().setMergeId(merged.id().toString());
        for (Conflict conflict : merged.conflicts()) {
            answer.addConflicts(conflict.subject() + ": " + conflict.kept()
                    + switch (conflict.resolution()) {
                        case CLOSED -> " stands, " + conflict.other() + " is closed";
                        case BOTH_STAND -> " and " + conflict.other() + " both stand";
                    });
        }
        return answer.build();
    }

    private static String speaker(@Nullable Speaker speaker) {
        return speaker == null ? "" : speaker.name().toLowerCase(Locale.ROOT);
    }
}
