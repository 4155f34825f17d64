package dev.recaller.worker.control;

import dev.recaller.memory.MemoryId;
import dev.recaller.memory.UnifiedMemoryService;
import dev.recaller.memory.merge.MemoryMerging;
import dev.recaller.memory.merge.Merge;
import dev.recaller.memory.merge.Restored;
import dev.recaller.memory.merge.Undo;
import dev.recaller.memory.privacy.Audit;
import dev.recaller.sql.Database;
import dev.recaller.worker.control.v1.DismissRequest;
import dev.recaller.worker.control.v1.DismissResponse;
import dev.recaller.worker.control.v1.MergeRequest;
import dev.recaller.worker.control.v1.MergeResponse;
import dev.recaller.worker.control.v1.ProposalsResponse;
import dev.recaller.worker.control.v1.RestoreRequest;
import dev.recaller.worker.control.v1.RestoreResponse;
import dev.recaller.worker.control.v1.UndoMergeRequest;
import dev.recaller.worker.control.v1.UndoMergeResponse;
import java.time.InstantSource;
import java.util.Optional;
import java.util.UUID;

/** Which memories are one person's: merges, what is proposed, and what brings two apart again. */
final class MergeRequests {

    private final MemoryMerging merging;
    private final UnifiedMemoryService memory;
    private final Audit audit;

    MergeRequests(Database database, InstantSource clock, UnifiedMemoryService memory, Audit audit) {
        merging = new MemoryMerging(database, clock);
        this.memory = memory;
        this.audit = audit;
    }

    MergeResponse merge(MergeRequest request) {
        var mistakes = new Mistakes();
        var into = new Whom(mistakes, "into", request.getInto());
        var from = new Whom(mistakes, "from", request.getFrom());
        mistakes.check();
        return switch (merging.merge(into.one(memory), from.one(memory))) {
            case Merge.Merged merged -> {
                audit.note(merged.into(), Request.actor(), Audit.Action.MERGE);
                yield MemoryMessages.of(merged);
            }
            case Merge.Already(var id) ->
                MergeResponse.newBuilder()
                        .setAlready(true)
                        .setMergeId(id == null ? "" : id.toString())
                        .build();
            case Merge.Refused no -> throw Failures.refused("MERGE_REFUSED", "not merged: " + no.message());
        };
    }

    ProposalsResponse proposals() {
        var open = ProposalsResponse.newBuilder();
        merging.proposals(Request.organization()).forEach(it -> open.addProposals(MemoryMessages.of(it)));
        return open.build();
    }

    DismissResponse dismiss(DismissRequest request) {
        var mistakes = new Mistakes();
        UUID id = mistakes.id("proposal_id", request.getProposalId());
        mistakes.check();
        if (!merging.dismiss(Request.organization(), id)) {
            throw Failures.notFound("PROPOSAL_UNKNOWN", "there is no open proposal " + id + " in this organization");
        }
        return DismissResponse.getDefaultInstance();
    }

    UndoMergeResponse undo(UndoMergeRequest request) {
        var mistakes = new Mistakes();
        UUID id = mistakes.id("merge_id", request.getMergeId());
        mistakes.check();
        return switch (merging.undo(Request.organization(), id)) {
            case Undo.Undone undone -> {
                audit.note(undone.into(), Request.actor(), Audit.Action.UNDO_MERGE);
                yield MemoryMessages.of(undone);
            }
            case Undo.Already _ ->
                UndoMergeResponse.newBuilder().setAlready(true).build();
            case Undo.Refused no -> throw Failures.refused("UNDO_REFUSED", "not undone: " + no.message());
        };
    }

    RestoreResponse restore(RestoreRequest request) {
        var mistakes = new Mistakes();
        var whose = new Whom(mistakes, "whose", request.getWhose());
        mistakes.check();
        MemoryId id = whose.one(memory);
        Optional<Restored> restored = merging.restore(id);
        restored.ifPresent(_ -> audit.note(id, Request.actor(), Audit.Action.RESTORE));
        return restored.map(it -> RestoreResponse.newBuilder()
                        .setChunks(it.chunks())
                        .setSetAsideBefore(Words.timestamp(it.setAsideBefore()))
                        .addAllNames(it.names())
                        .build())
                .orElseGet(RestoreResponse::getDefaultInstance);
    }
}
