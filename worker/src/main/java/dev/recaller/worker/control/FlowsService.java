package dev.recaller.worker.control;

import com.google.rpc.BadRequest.FieldViolation;
import dev.recaller.flow.definition.Flow;
import dev.recaller.flow.definition.InvalidFlowException;
import dev.recaller.worker.control.v1.ActivateRequest;
import dev.recaller.worker.control.v1.CanaryRequest;
import dev.recaller.worker.control.v1.DeactivateRequest;
import dev.recaller.worker.control.v1.DeactivateResponse;
import dev.recaller.worker.control.v1.FlowState;
import dev.recaller.worker.control.v1.FlowVersion;
import dev.recaller.worker.control.v1.FlowsGrpc;
import dev.recaller.worker.control.v1.GetFlowRequest;
import dev.recaller.worker.control.v1.GetFlowResponse;
import dev.recaller.worker.control.v1.ListFlowsRequest;
import dev.recaller.worker.control.v1.ListFlowsResponse;
import dev.recaller.worker.control.v1.PutFlowRequest;
import dev.recaller.worker.control.v1.PutFlowResponse;
import dev.recaller.worker.control.v1.RollBackRequest;
import dev.recaller.worker.control.v1.VersionsRequest;
import dev.recaller.worker.control.v1.VersionsResponse;
import dev.recaller.worker.store.FlowArchive;
import dev.recaller.worker.store.FlowArchive.Canary;
import dev.recaller.worker.store.FlowArchive.Listed;
import dev.recaller.worker.store.FlowArchive.Put;
import dev.recaller.worker.store.FlowArchive.Version;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import java.util.List;

/** Flows, as {@code flows.proto} describes them. */
final class FlowsService extends FlowsGrpc.FlowsImplBase {

    private static final int MOST_CHARACTERS = 1 << 20;
    private static final int MOST_ID = 200;

    private final FlowArchive flows;

    FlowsService(FlowArchive flows) {
        this.flows = flows;
    }

    @Override
    public void put(PutFlowRequest request, StreamObserver<PutFlowResponse> out) {
        var mistakes = new Mistakes();
        String document = mistakes.text("document", request.getDocument(), MOST_CHARACTERS);
        mistakes.check();
        Flow flow = parse(document);
        Put put = flows.put(organization(), flow, document);
        if (put == Put.REFUSED) {
            throw Failures.of(
                    Status.Code.ALREADY_EXISTS,
                    "VERSION_TAKEN",
                    "version " + flow.version() + " of " + flow.id()
                            + " is there with another content: raise its version to " + (flow.version() + 1));
        }
        CallsService.answer(
                out,
                PutFlowResponse.newBuilder()
                        .setId(flow.id())
                        .setVersion(flow.version())
                        .setUnchanged(put == Put.SAME)
                        .build());
    }

    private static Flow parse(String document) {
        if (document.contains("\\u0000")) {
            throw Failures.invalid(
                    "FLOW_INVALID",
                    List.of(violation("document", "has the character U+0000, which PostgreSQL keeps not")));
        }
        try {
            return Flow.parse(document);
        } catch (InvalidFlowException e) {
            throw Failures.invalid("FLOW_INVALID", violations(e));
        }
    }

    @Override
    public void get(GetFlowRequest request, StreamObserver<GetFlowResponse> out) {
        var mistakes = new Mistakes();
        String id = mistakes.name("id", request.getId(), MOST_ID);
        mistakes.number("version", request.getVersion(), 0, Integer.MAX_VALUE);
        mistakes.check();
        List<Version> versions = known(id);
        int version = request.getVersion() != 0
                ? request.getVersion()
                : versions.stream()
                        .filter(Version::active)
                        .findFirst()
                        .orElse(versions.getFirst())
                        .version();
        CallsService.answer(
                out,
                GetFlowResponse.newBuilder()
                        .setDocument(document(id, version))
                        .setVersion(version)
                        .build());
    }

    @Override
    public void versions(VersionsRequest request, StreamObserver<VersionsResponse> out) {
        var mistakes = new Mistakes();
        String id = mistakes.name("id", request.getId(), MOST_ID);
        mistakes.check();
        var versions = VersionsResponse.newBuilder();
        known(id)
                .forEach(it -> versions.addVersions(FlowVersion.newBuilder()
                        .setVersion(it.version())
                        .setActive(it.active())
                        .setKeptAt(Words.timestamp(it.createdAt()))));
        CallsService.answer(out, versions.build());
    }

    private List<Version> known(String id) {
        List<Version> versions = flows.versions(organization(), id);
        if (versions.isEmpty()) {
            throw unknownFlow(id);
        }
        return versions;
    }

    @Override
    public void list(ListFlowsRequest request, StreamObserver<ListFlowsResponse> out) {
        var listed = ListFlowsResponse.newBuilder();
        flows.list(organization()).forEach(flow -> listed.addFlows(state(flow)));
        CallsService.answer(out, listed.build());
    }

    @Override
    public void activate(ActivateRequest request, StreamObserver<FlowState> out) {
        var mistakes = new Mistakes();
        String id = mistakes.name("id", request.getId(), MOST_ID);
        mistakes.number("version", request.getVersion(), 1, Integer.MAX_VALUE);
        mistakes.check();
        if (!flows.activate(organization(), usable(id, request.getVersion()))) {
            throw unknownVersion(id, request.getVersion());
        }
        CallsService.answer(out, state(id));
    }

    @Override
    public void deactivate(DeactivateRequest request, StreamObserver<DeactivateResponse> out) {
        var mistakes = new Mistakes();
        String id = mistakes.name("id", request.getId(), MOST_ID);
        mistakes.check();
        int before = flows.deactivate(organization(), id).orElseThrow(() -> {
            FlowState _ = state(id);
            return nothingActive(id);
        });
        CallsService.answer(
                out, DeactivateResponse.newBuilder().setVersion(before).build());
    }

    @Override
    public void rollBack(RollBackRequest request, StreamObserver<FlowState> out) {
        var mistakes = new Mistakes();
        String id = mistakes.name("id", request.getId(), MOST_ID);
        mistakes.check();
        if (flows.rollBack(organization(), id).isEmpty()) {
            FlowState _ = state(id);
            throw Failures.refused(
                    "NOTHING_BEFORE", "organization " + organization() + " had no other version of " + id + " active");
        }
        CallsService.answer(out, state(id));
    }

    @Override
    public void canary(CanaryRequest request, StreamObserver<FlowState> out) {
        var mistakes = new Mistakes();
        String id = mistakes.name("id", request.getId(), MOST_ID);
        int percent = mistakes.number("percent", request.getPercent(), 0, 99);
        if (percent > 0) {
            mistakes.number("version", request.getVersion(), 1, Integer.MAX_VALUE);
        }
        mistakes.check();
        Canary canary = percent == 0
                ? null
                : new Canary(usable(id, request.getVersion()).version(), percent);
        if (!flows.canary(organization(), id, canary)) {
            FlowState _ = state(id);
            throw nothingActive(id);
        }
        CallsService.answer(out, state(id));
    }

    private Flow usable(String id, int version) {
        try {
            return Flow.parse(document(id, version));
        } catch (InvalidFlowException e) {
            throw Failures.withMistakes(Status.Code.FAILED_PRECONDITION, "FLOW_UNUSABLE", violations(e));
        }
    }

    private String document(String id, int version) {
        return flows.document(organization(), id, version).orElseThrow(() -> unknownVersion(id, version));
    }

    private FlowState state(String id) {
        return flows.list(organization()).stream()
                .filter(flow -> flow.id().equals(id))
                .findFirst()
                .map(FlowsService::state)
                .orElseThrow(() -> unknownFlow(id));
    }

    private static FlowState state(Listed flow) {
        var state = FlowState.newBuilder()
                .setId(flow.id())
                .setName(flow.name())
                .setActiveVersion(flow.active() == null ? 0 : flow.active())
                .setPreviousVersion(flow.previous() == null ? 0 : flow.previous())
                .setNewestVersion(flow.newest())
                .setVersions(flow.versions())
                .setChangedAt(Words.timestamp(flow.updatedAt()));
        if (flow.canary() != null) {
            state.setCanaryVersion(flow.canary().version())
                    .setCanaryPercent(flow.canary().percent());
        }
        return state.build();
    }

    private static StatusRuntimeException unknownFlow(String id) {
        return Failures.notFound(
                "FLOW_UNKNOWN", "organization " + organization() + " has no flow " + id + " in the database");
    }

    private static StatusRuntimeException unknownVersion(String id, int version) {
        return Failures.notFound(
                "VERSION_UNKNOWN",
                "organization " + organization() + " has no version " + version + " of " + id + ": put it first");
    }

    private static StatusRuntimeException nothingActive(String id) {
        return Failures.refused(
                "NOTHING_ACTIVE",
                "organization " + organization() + " has no version of " + id + " active: activate one first");
    }

    private static List<FieldViolation> violations(InvalidFlowException invalid) {
        return invalid.complaints().stream()
                .limit(100)
                .map(complaint -> violation(
                        complaint.pointer(),
                        complaint.message() + (complaint.hint() == null ? "" : " - " + complaint.hint())))
                .toList();
    }

    private static FieldViolation violation(String field, String description) {
        return FieldViolation.newBuilder()
                .setField(field)
                .setDescription(description)
                .build();
    }

    private static String organization() {
        return Request.organization();
    }
}
