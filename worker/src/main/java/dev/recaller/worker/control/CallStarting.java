package dev.recaller.worker.control;

import dev.recaller.flow.FlowContext;
import dev.recaller.livekit.LiveKitException;
import dev.recaller.livekit.server.LiveKitServer;
import dev.recaller.livekit.server.LiveKitSip;
import dev.recaller.livekit.server.OutboundTrunk;
import dev.recaller.sql.TimeOrderedIds;
import dev.recaller.worker.call.FlowChoice;
import dev.recaller.worker.control.v1.DialRequest;
import dev.recaller.worker.control.v1.JoinRequest;
import dev.recaller.worker.telephony.CallOrder;
import dev.recaller.worker.telephony.Destinations;
import dev.recaller.worker.telephony.DialOrder;
import dev.recaller.worker.telephony.WorkerProbe;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
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
    private final Destinations destinations;
    private final @Nullable FlowChoice flows;

    /** @param flows absent: the worker that takes a call is the first to know whether there is its flow */
    CallStarting(
            LiveKitServer server,
            LiveKitSip sip,
            String agentName,
            TimeOrderedIds ids,
            Destinations destinations,
            @Nullable FlowChoice flows) {
        this.server = server;
        this.sip = sip;
        this.agentName = agentName;
        this.ids = ids;
        this.destinations = destinations;
        this.flows = flows;
    }

    /** Returns the call's id when a worker has taken it. */
    UUID dial(Request request, DialRequest given) {
        var mistakes = new Mistakes();
        mistakes.text("to", given.getTo(), 40);
        String to = mistakes.phoneNumber("to", given.getTo());
        String from = mistakes.phoneNumber("from", given.getFrom());
        String trunkId = mistakes.optional("trunk_id", given.getTrunkId(), 100);
        Beginnings.Beginning beginning = new Beginnings(mistakes).read("beginning", given.getBeginning());
        UUID call = begun(request, beginning);
        String own = from == null ? "" : from;
        OutboundTrunk trunk = trunk(trunkId, own);
        var order = new DialOrder(String.valueOf(to), trunk.id(), own);
        destinations
                .refused(order.to(), own.isEmpty() ? trunk.numbers() : List.of(own))
                .ifPresent(why -> {
                    throw Failures.refused(
                            "DESTINATION_REFUSED",
                            "the number may not be called, " + why + ": RECALLER_DESTINATIONS allows more");
                });
        String room = Dialling.room(call);
        take(room, order.metadata(metadata(request, beginning, call)), true);
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
        UUID call = begun(request, beginning);
        take(room, JSON.writeValueAsString(metadata(request, beginning, call)), false);
        return call;
    }

    /** The id of a call that has a flow. */
    private UUID begun(Request request, Beginnings.Beginning beginning) {
        UUID call = ids.next();
        if (flows != null
                && flows.forCall(request.organizationId(), beginning.flow(), call)
                        .isEmpty()) {
            throw unknownFlow();
        }
        return call;
    }

    static StatusRuntimeException unknownFlow() {
        return Failures.notFound("FLOW_UNKNOWN", "the organization has no flow of this name that can run");
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

    private void take(String room, String metadata, boolean ours) {
        String _ = server.createDispatch(room, agentName, metadata);
        if (isTaken(room)) {
            return;
        }
        if (ours) {
            server.deleteRoom(room);
        }
        throw Failures.of(
                Status.Code.UNAVAILABLE,
                "NO_WORKER",
                "no worker took the job within " + TAKING_LIMIT.toSeconds()
                        + " s, so nobody is called: start one with 'recaller worker' and RECALLER_AGENT_NAME="
                        + agentName + ", or more if all are full or draining");
    }

    /** Also when the call is over by now, and its room gone: of one that is just closed LiveKit's server does not answer. */
    private boolean isTaken(String room) {
        try {
            return WorkerProbe.awaitTaken(server, room, TAKING_LIMIT).isPresent()
                    || server.metadata(room).isEmpty();
        } catch (LiveKitException e) {
            if (server.metadata(room).isEmpty()) {
                return true;
            }
            throw e;
        } catch (InterruptedException e) {
            throw Failures.of(e);
        }
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

    private OutboundTrunk trunk(String wanted, String own) {
        List<OutboundTrunk> usable = sip.outboundTrunks().stream()
                .filter(trunk -> wanted.isEmpty() || trunk.id().equals(wanted))
                .filter(trunk -> own.isEmpty() || trunk.numbers().contains(own))
                .toList();
        if (usable.size() == 1) {
            return usable.getFirst();
        }
        throw usable.isEmpty()
                ? Failures.refused(
                        "TRUNK_MISSING",
                        "there is no such outbound trunk: make one by 'recaller telephony setup --outbound'")
                : Failures.refused(
                        "TRUNK_AMBIGUOUS",
                        "there is more than one outbound trunk: name one by its id or by one of its numbers; there are "
                                + usable.stream().map(OutboundTrunk::id).collect(Collectors.joining(", ")));
    }
}
