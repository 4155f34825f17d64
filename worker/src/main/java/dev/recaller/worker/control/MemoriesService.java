package dev.recaller.worker.control;

import static dev.recaller.worker.control.CallsService.answer;

import dev.recaller.memory.Assurance;
import dev.recaller.memory.IdentityHash;
import dev.recaller.memory.KnownCaller;
import dev.recaller.memory.Memory;
import dev.recaller.memory.MemoryChunk;
import dev.recaller.memory.MemoryId;
import dev.recaller.memory.MemoryIdentity;
import dev.recaller.memory.Query;
import dev.recaller.memory.Recollection;
import dev.recaller.memory.Scored;
import dev.recaller.memory.UnifiedMemoryService;
import dev.recaller.memory.privacy.Audit;
import dev.recaller.memory.privacy.Erased;
import dev.recaller.memory.privacy.Erasure;
import dev.recaller.sql.Database;
import dev.recaller.worker.control.v1.DismissRequest;
import dev.recaller.worker.control.v1.DismissResponse;
import dev.recaller.worker.control.v1.EraseRequest;
import dev.recaller.worker.control.v1.EraseResponse;
import dev.recaller.worker.control.v1.ExportRequest;
import dev.recaller.worker.control.v1.ImportResponse;
import dev.recaller.worker.control.v1.ListMemoriesRequest;
import dev.recaller.worker.control.v1.ListMemoriesResponse;
import dev.recaller.worker.control.v1.MemoriesGrpc;
import dev.recaller.worker.control.v1.MergeRequest;
import dev.recaller.worker.control.v1.MergeResponse;
import dev.recaller.worker.control.v1.Piece;
import dev.recaller.worker.control.v1.ProposalsRequest;
import dev.recaller.worker.control.v1.ProposalsResponse;
import dev.recaller.worker.control.v1.RestoreRequest;
import dev.recaller.worker.control.v1.RestoreResponse;
import dev.recaller.worker.control.v1.RevokeRequest;
import dev.recaller.worker.control.v1.RevokeResponse;
import dev.recaller.worker.control.v1.SearchMemoryRequest;
import dev.recaller.worker.control.v1.SearchMemoryResponse;
import dev.recaller.worker.control.v1.ShareRequest;
import dev.recaller.worker.control.v1.ShareResponse;
import dev.recaller.worker.control.v1.SharedRequest;
import dev.recaller.worker.control.v1.SharedResponse;
import dev.recaller.worker.control.v1.ShowMemoryRequest;
import dev.recaller.worker.control.v1.ShowMemoryResponse;
import dev.recaller.worker.control.v1.StatsRequest;
import dev.recaller.worker.control.v1.StatsResponse;
import dev.recaller.worker.control.v1.UndoMergeRequest;
import dev.recaller.worker.control.v1.UndoMergeResponse;
import dev.recaller.worker.store.MemoryStatistics;
import io.grpc.stub.StreamObserver;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Memories, as {@code memories.proto} describes them. */
final class MemoriesService extends MemoriesGrpc.MemoriesImplBase {

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final int MOST_ITEMS = 100;

    private final UnifiedMemoryService memory;
    private final Audit audit;
    private final Erasure erasure;
    private final MemoryStatistics statistics;
    private final MemoryFiles files;
    private final MergeRequests merging;
    private final SharingRequests sharing;

    MemoriesService(Database database, InstantSource clock, UnifiedMemoryService memory, IdentityHash hash) {
        this.memory = memory;
        audit = new Audit(database, clock);
        erasure = new Erasure(database, clock, memory, hash);
        statistics = new MemoryStatistics(database);
        files = new MemoryFiles(database, clock, hash);
        merging = new MergeRequests(database, clock, memory, audit);
        sharing = new SharingRequests(database, clock, memory, hash);
    }

    @Override
    public void show(ShowMemoryRequest request, StreamObserver<ShowMemoryResponse> out) {
        var mistakes = new Mistakes();
        var whose = new Whom(mistakes, "whose", request.getWhose());
        if (whose.isMemory()) {
            mistakes.add("whose.memory_id", "a caller is shown by number, user or both");
        }
        mistakes.check();
        MemoryIdentity identity = whose.identity();
        List<MemoryId> memories =
                memory.memoriesOf(identity).stream().map(Memory::id).toList();
        memories.forEach(it -> audit.note(it, Request.actor(), Audit.Action.SHOW));
        Recollection all = memory.recall(identity, new Query(null, MOST_ITEMS, Assurance.VERIFIED), PATIENCE);
        answer(out, MemoryMessages.of(memories, all));
    }

    @Override
    public void search(SearchMemoryRequest request, StreamObserver<SearchMemoryResponse> out) {
        var mistakes = new Mistakes();
        var whose = new Whom(mistakes, "whose", request.getWhose());
        String text = mistakes.text("text", request.getText(), 1_000);
        int limit = request.getLimit() == 0 ? 10 : mistakes.number("limit", request.getLimit(), 1, 1_000);
        mistakes.check();
        List<Scored<MemoryChunk>> found = new ArrayList<>();
        for (MemoryId id : whose.memories(memory)) {
            audit.note(id, Request.actor(), Audit.Action.SEARCH);
            found.addAll(memory.search(id, text, limit));
        }
        var best = SearchMemoryResponse.newBuilder();
        found.stream()
                .sorted(Comparator.<Scored<MemoryChunk>>comparingDouble(Scored::score)
                        .reversed())
                .limit(limit)
                .forEach(scored -> best.addFound(MemoryMessages.of(scored)));
        answer(out, best.build());
    }

    @Override
    public void list(ListMemoriesRequest request, StreamObserver<ListMemoriesResponse> out) {
        var mistakes = new Mistakes();
        String last = request.getAfterMemoryId();
        MemoryId after =
                last.isEmpty() ? null : new MemoryId(Request.organization(), mistakes.id("after_memory_id", last));
        int limit = request.getLimit() == 0 ? 50 : mistakes.number("limit", request.getLimit(), 1, 1_000);
        mistakes.check();
        List<KnownCaller> callers = memory.callers(Request.organization(), after, limit);
        audit.note(Request.organization(), Request.actor(), Audit.Action.LIST);
        var listed = ListMemoriesResponse.newBuilder();
        callers.forEach(caller -> listed.addCallers(MemoryMessages.of(caller)));
        answer(out, listed.build());
    }

    @Override
    public void stats(StatsRequest request, StreamObserver<StatsResponse> out) {
        try {
            answer(out, MemoryMessages.of(statistics.read(Request.organization())));
        } catch (SQLException e) {
            throw Failures.database(e);
        }
    }

    @Override
    public void export(ExportRequest request, StreamObserver<Piece> out) {
        var mistakes = new Mistakes();
        switch (request.getWhatCase()) {
            case WHOSE -> {
                var whose = new Whom(mistakes, "whose", request.getWhose());
                mistakes.check();
                List<MemoryId> memories = whose.memories(memory);
                if (memories.isEmpty()) {
                    throw Whom.unknown();
                }
                files.export(memories, Request.actor(), new Streamed<>(out));
            }
            case ALL -> {
                if (!request.getAll()) {
                    mistakes.add("all", "is false: name whose instead");
                }
                mistakes.check();
                files.exportAll(Request.organization(), Request.actor(), new Streamed<>(out));
            }
            case WHAT_NOT_SET -> {
                mistakes.add("what", "is missing: name whose, or all");
                mistakes.check();
            }
        }
    }

    @Override
    public StreamObserver<Piece> import_(StreamObserver<ImportResponse> out) {
        return files.importing(Request.organization(), Request.actor(), out);
    }

    @Override
    public void erase(EraseRequest request, StreamObserver<EraseResponse> out) {
        var mistakes = new Mistakes();
        var whose = new Whom(mistakes, "whose", request.getWhose());
        mistakes.check();
        answer(
                out,
                switch (erased(whose, request.getDryRun())) {
                    case Erased.Done(var receipt) ->
                        EraseResponse.newBuilder()
                                .setReceiptId(receipt.id().toString())
                                .setOrganization(receipt.organizationId())
                                .setErasedAt(Words.timestamp(receipt.erasedAt()))
                                .putAllRows(receipt.counts())
                                .build();
                    case Erased.Preview(var counts) ->
                        EraseResponse.newBuilder().putAllRows(counts).build();
                    case Erased.SharedNumber(var memories) ->
                        throw Failures.refused(
                                "NUMBER_SHARED",
                                memories.size() + " users have this number: name one by its user or its memory");
                });
    }

    private Erased erased(Whom whose, boolean dryRun) {
        if (whose.isMemory()) {
            return dryRun ? erasure.preview(whose.memory()) : erasure.erase(whose.memory(), Request.actor());
        }
        return dryRun ? erasure.preview(whose.identity()) : erasure.erase(whose.identity(), Request.actor());
    }

    @Override
    public void merge(MergeRequest request, StreamObserver<MergeResponse> out) {
        answer(out, merging.merge(request));
    }

    @Override
    public void proposals(ProposalsRequest request, StreamObserver<ProposalsResponse> out) {
        answer(out, merging.proposals());
    }

    @Override
    public void dismiss(DismissRequest request, StreamObserver<DismissResponse> out) {
        answer(out, merging.dismiss(request));
    }

    @Override
    public void undoMerge(UndoMergeRequest request, StreamObserver<UndoMergeResponse> out) {
        answer(out, merging.undo(request));
    }

    @Override
    public void restore(RestoreRequest request, StreamObserver<RestoreResponse> out) {
        answer(out, merging.restore(request));
    }

    @Override
    public void share(ShareRequest request, StreamObserver<ShareResponse> out) {
        answer(out, sharing.share(request));
    }

    @Override
    public void shared(SharedRequest request, StreamObserver<SharedResponse> out) {
        answer(out, sharing.shared(request));
    }

    @Override
    public void revoke(RevokeRequest request, StreamObserver<RevokeResponse> out) {
        answer(out, sharing.revoke(request));
    }
}
