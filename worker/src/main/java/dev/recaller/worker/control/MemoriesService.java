package dev.recaller.worker.control;

import static dev.recaller.worker.control.CallsService.answer;

import com.google.protobuf.util.Timestamps;
import dev.recaller.memory.Assurance;
import dev.recaller.memory.IdentityHash;
import dev.recaller.memory.Memory;
import dev.recaller.memory.MemoryChunk;
import dev.recaller.memory.MemoryId;
import dev.recaller.memory.MemoryIdentity;
import dev.recaller.memory.Query;
import dev.recaller.memory.Recollection;
import dev.recaller.memory.Scored;
import dev.recaller.memory.UnifiedMemoryService;
import dev.recaller.memory.merge.MemoryMerging;
import dev.recaller.memory.merge.Merge;
import dev.recaller.memory.merge.Undo;
import dev.recaller.memory.privacy.Audit;
import dev.recaller.memory.privacy.Consent;
import dev.recaller.memory.privacy.Erased;
import dev.recaller.memory.privacy.Erasure;
import dev.recaller.memory.privacy.Sharing;
import dev.recaller.sql.Database;
import dev.recaller.worker.control.v1.EraseRequest;
import dev.recaller.worker.control.v1.EraseResponse;
import dev.recaller.worker.control.v1.ExportRequest;
import dev.recaller.worker.control.v1.ImportResponse;
import dev.recaller.worker.control.v1.MemoriesGrpc;
import dev.recaller.worker.control.v1.MergeRequest;
import dev.recaller.worker.control.v1.MergeResponse;
import dev.recaller.worker.control.v1.Piece;
import dev.recaller.worker.control.v1.RevokeRequest;
import dev.recaller.worker.control.v1.RevokeResponse;
import dev.recaller.worker.control.v1.SearchMemoryRequest;
import dev.recaller.worker.control.v1.SearchMemoryResponse;
import dev.recaller.worker.control.v1.ShareRequest;
import dev.recaller.worker.control.v1.ShareResponse;
import dev.recaller.worker.control.v1.ShowMemoryRequest;
import dev.recaller.worker.control.v1.ShowMemoryResponse;
import dev.recaller.worker.control.v1.StatsRequest;
import dev.recaller.worker.control.v1.StatsResponse;
import dev.recaller.worker.control.v1.UndoMergeRequest;
import dev.recaller.worker.control.v1.UndoMergeResponse;
import dev.recaller.worker.store.MemoryStatistics;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.UUID;

/** Memories, as {@code memories.proto} describes them. */
final class MemoriesService extends MemoriesGrpc.MemoriesImplBase {

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final int MOST_ITEMS = 100;

    private final UnifiedMemoryService memory;
    private final Audit audit;
    private final MemoryMerging merging;
    private final Erasure erasure;
    private final Sharing sharing;
    private final MemoryStatistics statistics;
    private final MemoryFiles files;
    private final InstantSource clock;

    MemoriesService(Database database, InstantSource clock, UnifiedMemoryService memory, IdentityHash hash) {
        this.memory = memory;
        this.clock = clock;
        audit = new Audit(database, clock);
        merging = new MemoryMerging(database, clock);
        erasure = new Erasure(database, clock, memory, hash);
        sharing = new Sharing(database, clock, hash);
        statistics = new MemoryStatistics(database);
        files = new MemoryFiles(database, clock, hash);
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
        List<Memory> memories = memory.memoriesOf(identity);
        memories.forEach(it -> audit.note(it.id(), actor(), Audit.Action.SHOW));
        Recollection all = memory.recall(identity, new Query(null, MOST_ITEMS, Assurance.VERIFIED), PATIENCE);
        answer(out, Recalled.of(memories, all));
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
            audit.note(id, actor(), Audit.Action.SEARCH);
            found.addAll(memory.search(id, text, limit));
        }
        var best = SearchMemoryResponse.newBuilder();
        found.stream()
                .sorted(Comparator.<Scored<MemoryChunk>>comparingDouble(Scored::score)
                        .reversed())
                .limit(limit)
                .forEach(scored -> best.addFound(Recalled.of(scored)));
        answer(out, best.build());
    }

    @Override
    public void stats(StatsRequest request, StreamObserver<StatsResponse> out) {
        try {
            answer(out, Recalled.of(statistics.read(organization())));
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
                    throw unknown();
                }
                files.export(memories, actor(), new Streamed<>(out));
            }
            case ALL -> {
                if (!request.getAll()) {
                    mistakes.add("all", "is false: name whose instead");
                }
                mistakes.check();
                files.exportAll(organization(), actor(), new Streamed<>(out));
            }
            case WHAT_NOT_SET -> {
                mistakes.add("what", "is missing: name whose, or all");
                mistakes.check();
            }
        }
    }

    @Override
    public StreamObserver<Piece> import_(StreamObserver<ImportResponse> out) {
        return files.importing(organization(), actor(), out);
    }

    @Override
    public void erase(EraseRequest request, StreamObserver<EraseResponse> out) {
        var mistakes = new Mistakes();
        var whose = new Whom(mistakes, "whose", request.getWhose());
        mistakes.check();
        Erased erased = whose.isMemory()
                ? request.getDryRun() ? erasure.preview(whose.memory()) : erasure.erase(whose.memory(), actor())
                : request.getDryRun() ? erasure.preview(whose.identity()) : erasure.erase(whose.identity(), actor());
        answer(
                out,
                switch (erased) {
                    case Erased.Done(var receipt) ->
                        EraseResponse.newBuilder()
                                .setReceiptId(receipt.id().toString())
                                .setErasedAt(Words.timestamp(receipt.erasedAt()))
                                .putAllRows(receipt.counts())
                                .build();
                    case Erased.Preview(var counts) ->
                        EraseResponse.newBuilder().putAllRows(counts).build();
                    case Erased.SharedNumber(var memories) ->
                        throw refused(
                                "NUMBER_SHARED",
                                memories.size() + " users have this number: name one by user_id or memory_id");
                });
    }

    @Override
    public void merge(MergeRequest request, StreamObserver<MergeResponse> out) {
        var mistakes = new Mistakes();
        UUID into = mistakes.id("into_memory_id", request.getIntoMemoryId());
        UUID from = mistakes.id("from_memory_id", request.getFromMemoryId());
        mistakes.check();
        String organization = organization();
        switch (merging.merge(new MemoryId(organization, into), new MemoryId(organization, from))) {
            case Merge.Merged merged -> {
                audit.note(merged.into(), actor(), Audit.Action.MERGE);
                answer(out, Recalled.of(merged));
            }
            case Merge.Already(var id) ->
                answer(
                        out,
                        MergeResponse.newBuilder()
                                .setAlready(true)
                                .setMergeId(id == null ? "" : id.toString())
                                .build());
            case Merge.Refused no -> throw refused("MERGE_REFUSED", no.message());
        }
    }

    @Override
    public void undoMerge(UndoMergeRequest request, StreamObserver<UndoMergeResponse> out) {
        var mistakes = new Mistakes();
        UUID id = mistakes.id("merge_id", request.getMergeId());
        mistakes.check();
        switch (merging.undo(organization(), id)) {
            case Undo.Undone undone -> {
                audit.note(undone.into(), actor(), Audit.Action.UNDO_MERGE);
                answer(out, UndoMergeResponse.getDefaultInstance());
            }
            case Undo.Already _ ->
                answer(out, UndoMergeResponse.newBuilder().setAlready(true).build());
            case Undo.Refused no -> throw refused("UNDO_REFUSED", no.message());
        }
    }

    @Override
    public void share(ShareRequest request, StreamObserver<ShareResponse> out) {
        var mistakes = new Mistakes();
        var whose = new Whom(mistakes, "whose", request.getWhose());
        String grantee = mistakes.name("grantee", request.getGrantee(), 64);
        if (grantee.equals(organization())) {
            mistakes.add("grantee", "is the organization itself");
        }
        Set<Consent.Category> categories = categories(request, mistakes);
        String purpose = mistakes.text("purpose", request.getPurpose(), 1_000);
        String evidence = mistakes.text("evidence", request.getEvidence(), 1_000);
        Instant until = Instant.EPOCH;
        if (Timestamps.isValid(request.getExpiresAt())) {
            until = Instant.ofEpochSecond(
                    request.getExpiresAt().getSeconds(), request.getExpiresAt().getNanos());
        }
        if (!until.isAfter(clock.instant())) {
            mistakes.add("expires_at", "is not in the future");
        }
        mistakes.check();
        List<MemoryId> memories = whose.memories(memory);
        if (memories.isEmpty()) {
            throw unknown();
        }
        if (memories.size() > 1) {
            throw refused(
                    "MEMORY_AMBIGUOUS", "this caller has " + memories.size() + " memories: name one, or merge them");
        }
        Consent consent = sharing.share(memories.getFirst(), grantee, categories, purpose, until, evidence, actor());
        answer(
                out,
                ShareResponse.newBuilder().setConsentId(consent.id().toString()).build());
    }

    private static Set<Consent.Category> categories(ShareRequest request, Mistakes mistakes) {
        Set<Consent.Category> categories = EnumSet.noneOf(Consent.Category.class);
        for (String name : request.getCategoriesList()) {
            try {
                categories.add(Consent.Category.valueOf(name.toUpperCase(Locale.ROOT)));
            } catch (IllegalArgumentException e) {
                mistakes.add("categories", "has one that is not name, preferences, facts, entities or conversation");
                return categories;
            }
        }
        if (categories.isEmpty()) {
            mistakes.add("categories", "is missing");
        }
        return categories;
    }

    @Override
    public void revoke(RevokeRequest request, StreamObserver<RevokeResponse> out) {
        var mistakes = new Mistakes();
        UUID id = mistakes.id("consent_id", request.getConsentId());
        mistakes.check();
        if (sharing.revoke(organization(), id, actor()).isEmpty()) {
            throw Failures.notFound("CONSENT_UNKNOWN", "the organization has no such consent that holds");
        }
        answer(out, RevokeResponse.getDefaultInstance());
    }

    private static StatusRuntimeException unknown() {
        return Failures.notFound("MEMORY_UNKNOWN", "nothing is remembered of this caller");
    }

    private static StatusRuntimeException refused(String reason, String message) {
        return Failures.of(Status.Code.FAILED_PRECONDITION, reason, message);
    }

    private static String organization() {
        return Request.current().organizationId();
    }

    private static String actor() {
        return Request.current().asking().actor();
    }
}
