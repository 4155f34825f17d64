package dev.recaller.worker.control;

import static dev.recaller.worker.control.ControlClient.asked;

import com.google.protobuf.UnsafeByteOperations;
import com.google.protobuf.util.Timestamps;
import dev.recaller.memory.KnownCaller;
import dev.recaller.memory.MemoryChunk;
import dev.recaller.memory.Recollection;
import dev.recaller.memory.Scored;
import dev.recaller.memory.merge.Merge;
import dev.recaller.memory.merge.Proposal;
import dev.recaller.memory.merge.Restored;
import dev.recaller.memory.merge.Undo;
import dev.recaller.memory.privacy.Consent;
import dev.recaller.memory.privacy.Erased;
import dev.recaller.memory.privacy.ImportResult;
import dev.recaller.memory.privacy.Receipt;
import dev.recaller.memory.privacy.SharedMemory;
import dev.recaller.worker.control.v1.DismissRequest;
import dev.recaller.worker.control.v1.EraseRequest;
import dev.recaller.worker.control.v1.EraseResponse;
import dev.recaller.worker.control.v1.ExportRequest;
import dev.recaller.worker.control.v1.ImportResponse;
import dev.recaller.worker.control.v1.ListMemoriesRequest;
import dev.recaller.worker.control.v1.MemoriesGrpc;
import dev.recaller.worker.control.v1.MergeRequest;
import dev.recaller.worker.control.v1.Piece;
import dev.recaller.worker.control.v1.ProposalsRequest;
import dev.recaller.worker.control.v1.RestoreRequest;
import dev.recaller.worker.control.v1.RestoreResponse;
import dev.recaller.worker.control.v1.RevokeRequest;
import dev.recaller.worker.control.v1.SearchMemoryRequest;
import dev.recaller.worker.control.v1.ShareRequest;
import dev.recaller.worker.control.v1.SharedRequest;
import dev.recaller.worker.control.v1.ShowMemoryRequest;
import dev.recaller.worker.control.v1.StatsRequest;
import dev.recaller.worker.control.v1.UndoMergeRequest;
import io.grpc.Channel;
import io.grpc.stub.BlockingClientCall;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What is remembered, for a program, in the memory's own words. As {@link ControlClient}, of which it is a part. */
public final class MemoriesClient {

    private static final int PIECE = 256 * 1024;

    private final Channel channel;

    MemoriesClient(Channel channel) {
        this.channel = channel;
    }

    /** All that is remembered of a caller, named by number, user or both. */
    public Recollection show(WhoseMemory caller) {
        return asked(() -> MemoryAnswers.recollection(memories()
                .show(ShowMemoryRequest.newBuilder().setWhose(caller.message()).build())));
    }

    /** The best first. */
    public List<Scored<MemoryChunk>> search(WhoseMemory whose, String text, int limit) {
        return asked(() -> memories()
                .search(SearchMemoryRequest.newBuilder()
                        .setWhose(whose.message())
                        .setText(text)
                        .setLimit(limit)
                        .build())
                .getFoundList()
                .stream()
                .map(MemoryAnswers::scored)
                .toList());
    }

    /** Callers, who called last first; goes on after the memory named. */
    public List<KnownCaller> list(@Nullable UUID after, int limit) {
        return asked(() -> memories()
                .list(ListMemoriesRequest.newBuilder()
                        .setAfterMemoryId(after == null ? "" : after.toString())
                        .setLimit(limit)
                        .build())
                .getCallersList()
                .stream()
                .map(MemoryAnswers::caller)
                .toList());
    }

    /** The rows of each view, by its name. */
    public Map<String, List<Map<String, Object>>> statistics() {
        return asked(() -> MemoryAnswers.statistics(memories().stats(StatsRequest.getDefaultInstance())));
    }

    /**
     * The documents of a caller, or of all.
     *
     * @param whose absent: of every caller of the organization
     * @param line told each
     * @return how many there were
     */
    public long export(@Nullable WhoseMemory whose, Consumer<String> line) {
        var request = ExportRequest.newBuilder();
        if (whose == null) {
            request.setAll(true);
        } else {
            request.setWhose(whose.message());
        }
        return asked(() -> {
            var lines = new Lines(line);
            MemoriesGrpc.newBlockingStub(channel)
                    .export(request.build())
                    .forEachRemaining(piece -> lines.add(piece.getData()));
            return lines.count();
        });
    }

    /** Takes in a file whole, or throws with all that is wrong with it and takes nothing. */
    public ImportResult.Imported importing(Path file) throws IOException, InterruptedException {
        try (InputStream bytes = Files.newInputStream(file)) {
            BlockingClientCall<Piece, ImportResponse> call =
                    MemoriesGrpc.newBlockingV2Stub(channel).import_();
            for (byte[] data = bytes.readNBytes(PIECE); data.length > 0; data = bytes.readNBytes(PIECE)) {
                Piece piece = Piece.newBuilder()
                        .setData(UnsafeByteOperations.unsafeWrap(data))
                        .build();
                if (!call.write(piece)) {
                    break; // it is refused already; the answer says why
                }
            }
            call.halfClose();
            ImportResponse done = call.read();
            return done == null
                    ? new ImportResult.Imported(0, 0)
                    : new ImportResult.Imported(done.getImported(), done.getUnchanged());
        } catch (io.grpc.StatusException e) {
            throw ControlException.of(e.getStatus().asRuntimeException(e.getTrailers()));
        }
    }

    /** What an erasure would delete. */
    public Erased.Preview preview(WhoseMemory whose) {
        return asked(() -> new Erased.Preview(erase(whose, true).getRowsMap()));
    }

    public Erased.Done erase(WhoseMemory whose) {
        return asked(() -> {
            EraseResponse erased = erase(whose, false);
            return new Erased.Done(new Receipt(
                    UUID.fromString(erased.getReceiptId()),
                    erased.getOrganization(),
                    MemoryAnswers.time(erased.getErasedAt()),
                    erased.getRowsMap()));
        });
    }

    private EraseResponse erase(WhoseMemory whose, boolean dryRun) {
        return memories()
                .erase(EraseRequest.newBuilder()
                        .setWhose(whose.message())
                        .setDryRun(dryRun)
                        .build());
    }

    /** Never {@link Merge.Refused}, which is thrown. */
    public Merge merge(WhoseMemory into, WhoseMemory from) {
        return asked(() -> MemoryAnswers.merge(memories()
                .merge(MergeRequest.newBuilder()
                        .setInto(into.message())
                        .setFrom(from.message())
                        .build())));
    }

    /** Never {@link Undo.Refused}, which is thrown. */
    public Undo undo(UUID merge) {
        return asked(() -> MemoryAnswers.undo(
                merge,
                memories()
                        .undoMerge(UndoMergeRequest.newBuilder()
                                .setMergeId(merge.toString())
                                .build())));
    }

    public List<Proposal> proposals() {
        return asked(() -> memories().proposals(ProposalsRequest.getDefaultInstance()).getProposalsList().stream()
                .map(MemoryAnswers::proposal)
                .toList());
    }

    public void dismiss(UUID proposal) {
        var _ = asked(() -> memories()
                .dismiss(DismissRequest.newBuilder()
                        .setProposalId(proposal.toString())
                        .build()));
    }

    /** Empty: nothing was set aside. */
    public Optional<Restored> restore(WhoseMemory whose) {
        RestoreResponse restored = asked(() -> memories()
                .restore(RestoreRequest.newBuilder().setWhose(whose.message()).build()));
        return restored.hasSetAsideBefore()
                ? Optional.of(new Restored(
                        MemoryAnswers.time(restored.getSetAsideBefore()),
                        restored.getChunks(),
                        restored.getNamesList()))
                : Optional.empty();
    }

    public Consent share(
            WhoseMemory whose,
            String grantee,
            Set<Consent.Category> categories,
            String purpose,
            Instant expiresAt,
            String evidence) {
        var request = ShareRequest.newBuilder()
                .setWhose(whose.message())
                .setGrantee(grantee)
                .setPurpose(purpose)
                .setEvidence(evidence)
                .setExpiresAt(Timestamps.fromMillis(expiresAt.toEpochMilli()));
        categories.forEach(category -> request.addCategories(category.name().toLowerCase(Locale.ROOT)));
        return asked(
                () -> MemoryAnswers.consent(memories().share(request.build()).getConsent()));
    }

    /** The consents by which this organization reads others' memories now. */
    public List<Consent> consents() {
        return shared("").stream().map(SharedMemory::consent).toList();
    }

    /** What others let be read of a caller whose number is proven, in E.164. */
    public List<SharedMemory> shared(String phoneNumber) {
        return asked(() ->
                memories()
                        .shared(SharedRequest.newBuilder()
                                .setPhoneNumber(phoneNumber)
                                .build())
                        .getMemoriesList()
                        .stream()
                        .map(MemoryAnswers::shared)
                        .toList());
    }

    public Consent revoke(UUID consent) {
        return asked(() -> MemoryAnswers.consent(memories()
                .revoke(RevokeRequest.newBuilder()
                        .setConsentId(consent.toString())
                        .build())
                .getConsent()));
    }

    private MemoriesGrpc.MemoriesBlockingStub memories() {
        return MemoriesGrpc.newBlockingStub(channel).withDeadlineAfter(ControlClient.LIMIT_SECONDS, TimeUnit.SECONDS);
    }
}
