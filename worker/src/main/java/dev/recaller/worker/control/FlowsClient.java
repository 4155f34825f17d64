package dev.recaller.worker.control;

import static dev.recaller.worker.control.ControlClient.asked;

import dev.recaller.worker.control.v1.ActivateRequest;
import dev.recaller.worker.control.v1.CanaryRequest;
import dev.recaller.worker.control.v1.DeactivateRequest;
import dev.recaller.worker.control.v1.FlowState;
import dev.recaller.worker.control.v1.FlowsGrpc;
import dev.recaller.worker.control.v1.GetFlowRequest;
import dev.recaller.worker.control.v1.GetFlowResponse;
import dev.recaller.worker.control.v1.ListFlowsRequest;
import dev.recaller.worker.control.v1.PutFlowRequest;
import dev.recaller.worker.control.v1.RollBackRequest;
import dev.recaller.worker.control.v1.VersionsRequest;
import dev.recaller.worker.store.FlowArchive.Canary;
import dev.recaller.worker.store.FlowArchive.Listed;
import dev.recaller.worker.store.FlowArchive.Version;
import io.grpc.Channel;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** An organization's flows, for a program. As {@link ControlClient}, of which it is a part. */
public final class FlowsClient {

    /** A version as it was put. */
    public record Document(int version, String text) {}

    private final Channel channel;

    FlowsClient(Channel channel) {
        this.channel = channel;
    }

    /** Returns whether the version is new; false: it was there with this content. */
    public boolean put(String document) {
        return asked(() -> !flows().put(
                        PutFlowRequest.newBuilder().setDocument(document).build())
                .getUnchanged());
    }

    /** By their ids. */
    public List<Listed> list() {
        return asked(() -> flows().list(ListFlowsRequest.getDefaultInstance()).getFlowsList().stream()
                .map(FlowsClient::listed)
                .toList());
    }

    private static Listed listed(FlowState state) {
        return new Listed(
                state.getId(),
                state.getName(),
                version(state.getActiveVersion()),
                version(state.getPreviousVersion()),
                state.getCanaryVersion() == 0 ? null : new Canary(state.getCanaryVersion(), state.getCanaryPercent()),
                state.getNewestVersion(),
                state.getVersions(),
                MemoryAnswers.time(state.getChangedAt()));
    }

    private static @Nullable Integer version(int version) {
        return version == 0 ? null : version;
    }

    /** The newest first. */
    public List<Version> versions(String id) {
        return asked(() -> flows()
                .versions(VersionsRequest.newBuilder().setId(id).build())
                .getVersionsList()
                .stream()
                .map(it -> new Version(it.getVersion(), it.getActive(), MemoryAnswers.time(it.getKeptAt())))
                .toList());
    }

    /** A version; absent: the active one or, where none is, the newest. */
    public Document get(String id, @Nullable Integer version) {
        return asked(() -> {
            GetFlowResponse got = flows().get(GetFlowRequest.newBuilder()
                    .setId(id)
                    .setVersion(version == null ? 0 : version)
                    .build());
            return new Document(got.getVersion(), got.getDocument());
        });
    }

    public void activate(String id, int version) {
        var _ = asked(() -> flows().activate(ActivateRequest.newBuilder()
                .setId(id)
                .setVersion(version)
                .build()));
    }

    /** Returns the version that is active now. */
    public int rollBack(String id) {
        return asked(() ->
                flows().rollBack(RollBackRequest.newBuilder().setId(id).build()).getActiveVersion());
    }

    /** Has a share of calls run another version; absent: none does any more. */
    public void canary(String id, @Nullable Canary canary) {
        var request = CanaryRequest.newBuilder().setId(id);
        if (canary != null) {
            request.setVersion(canary.version()).setPercent(canary.percent());
        }
        var _ = asked(() -> flows().canary(request.build()));
    }

    /** Returns the version that was active. */
    public int deactivate(String id) {
        return asked(() -> flows().deactivate(
                        DeactivateRequest.newBuilder().setId(id).build())
                .getVersion());
    }

    private FlowsGrpc.FlowsBlockingStub flows() {
        return FlowsGrpc.newBlockingStub(channel).withDeadlineAfter(ControlClient.LIMIT_SECONDS, TimeUnit.SECONDS);
    }
}
