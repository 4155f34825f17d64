package dev.recaller.worker.control;

import dev.recaller.flow.FlowContext;
import dev.recaller.livekit.server.LiveKitServer;
import dev.recaller.livekit.server.LiveKitSip;
import dev.recaller.livekit.server.OutboundTrunk;
import dev.recaller.sql.TimeOrderedIds;
import dev.recaller.worker.control.v1.DialRequest;
import dev.recaller.worker.control.v1.JoinRequest;
import dev.recaller.worker.telephony.CallOrder;
import dev.recaller.worker.telephony.DialOrder;
import dev.recaller.worker.telephony.WorkerProbe;
import io.grpc.Status;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** Begins telephone calls, by jobs that LiveKit's server offers to the workers. */
final class CallStarting {

    private static final Duration TAKING_LIMIT = Duration.ofSeconds(5);
    private static final JsonMapper JSON = new JsonMapper();

    private final LiveKitServer server;
    private final LiveKitSip sip;
    private final String agentName;
    private final TimeOrderedIds ids;

    CallStarting(LiveKitServer server, LiveKitSip sip, String agentName, TimeOrderedIds ids) {
        this.server = server;
        this.sip = sip;
        this.agentName = agentName;
        this.ids = ids;
    }

    /** Returns the call's id when a worker has taken it. */
    UUID dial(Request request, DialRequest given) {
        var mistakes = new Mistakes();
        mistakes.text("to", given.getTo(), 40);
        String to = mistakes.phoneNumber("to", given.getTo());
        String from = mistakes.phoneNumber("from", given.getFrom());
        String trunkId = mistakes.optional("trunk_id", given.getTrunkId(), 100);
        Beginnings.Beginning beginning = new Beginnings(mistakes).read("beginning", given.getBeginning());
        UUID call = ids.next();
        String own = from == null ? "" : from;
        var order = new DialOrder(String.valueOf(to), trunk(trunkId, own), own);
        String room = "out-" + UUID.randomUUID();
        take(call, room, order.metadata(metadata(request, beginning, call)), true);
        return call;
    }

    /** As {@link #dial}. */
    UUID join(Request request, JoinRequest given) {
        var mistakes = new Mistakes();
        String room = mistakes.name("room", given.getRoom(), 200);
        Beginnings.Beginning beginning = new Beginnings(mistakes).read("beginning", given.getBeginning());
        if (!server.metadata(room).map(CallStarting::organization).equals(Optional.of(request.organizationId()))) {
            throw Failures.notFound(
                    "ROOM_UNKNOWN",
                    "there is no such room with the metadata {\"organizationId\": \"" + request.organizationId()
                            + "\"}");
        }
        UUID call = ids.next();
        take(call, room, JSON.writeValueAsString(metadata(request, beginning, call)), false);
        return call;
    }

    /** Whose a room is; an empty text: nobody's. */
    private static String organization(String metadata) {
        try {
            return metadata.isBlank()
                    ? ""
                    : JSON.readTree(metadata).path("organizationId").asString("");
        } catch (JacksonException e) {
            return "";
        }
    }

    private void take(UUID call, String room, String metadata, boolean ours) {
        String _ = server.createDispatch(room, agentName, metadata);
        try {
            if (WorkerProbe.awaitTaken(server, room, TAKING_LIMIT).isPresent()) {
                return;
            }
        } catch (InterruptedException e) {
            throw Failures.of(e);
        }
        if (ours) {
            server.deleteRoom(room);
        }
        throw Failures.of(
                Status.Code.UNAVAILABLE,
                "NO_WORKER",
                "no worker took the call " + call + " within " + TAKING_LIMIT.toSeconds()
                        + " s: all are full or draining, or none has the name " + agentName);
    }

    private static Map<String, Object> metadata(Request request, Beginnings.Beginning beginning, UUID call) {
        var metadata = new LinkedHashMap<String, Object>(beginning.metadata());
        metadata.remove(FlowContext.PHONE_NUMBER);
        DialOrder.RESERVED.forEach(metadata::remove);
        metadata.put("organizationId", request.organizationId());
        if (beginning.flow() != null) {
            metadata.put("flow", beginning.flow());
        }
        var order = new CallOrder(
                call, beginning.userId(), beginning.metadata().get(FlowContext.PHONE_NUMBER), beginning.variables());
        metadata.put(CallOrder.FIELD, order.json());
        return metadata;
    }

    private String trunk(String wanted, String own) {
        List<OutboundTrunk> usable = sip.outboundTrunks().stream()
                .filter(trunk -> wanted.isEmpty() || trunk.id().equals(wanted))
                .filter(trunk -> own.isEmpty() || trunk.numbers().contains(own))
                .toList();
        return switch (usable.size()) {
            case 0 ->
                throw Failures.of(Status.Code.FAILED_PRECONDITION, "TRUNK_MISSING", "there is no such outbound trunk");
            case 1 -> usable.getFirst().id();
            default ->
                throw Failures.of(
                        Status.Code.FAILED_PRECONDITION,
                        "TRUNK_AMBIGUOUS",
                        "there is more than one outbound trunk: name one by trunk_id or from");
        };
    }
}
