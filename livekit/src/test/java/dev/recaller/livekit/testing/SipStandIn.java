package dev.recaller.livekit.testing;

import com.auth0.jwt.JWT;
import com.auth0.jwt.algorithms.Algorithm;
import com.auth0.jwt.exceptions.JWTVerificationException;
import com.auth0.jwt.interfaces.DecodedJWT;
import com.google.protobuf.ByteString;
import com.google.protobuf.Empty;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import dev.recaller.livekit.testing.FrontDoor.Request;
import dev.recaller.livekit.testing.FrontDoor.Response;
import io.livekit.server.RoomServiceClient;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import livekit.LivekitSip.CreateSIPDispatchRuleRequest;
import livekit.LivekitSip.CreateSIPInboundTrunkRequest;
import livekit.LivekitSip.CreateSIPOutboundTrunkRequest;
import livekit.LivekitSip.CreateSIPParticipantRequest;
import livekit.LivekitSip.ListSIPDispatchRuleResponse;
import livekit.LivekitSip.ListSIPInboundTrunkResponse;
import livekit.LivekitSip.ListSIPOutboundTrunkResponse;
import livekit.LivekitSip.SIPParticipantInfo;
import livekit.LivekitSip.TransferSIPParticipantRequest;
import livekit.LivekitSip.UpdateSIPDispatchRuleRequest;
import livekit.LivekitSip.UpdateSIPInboundTrunkRequest;
import livekit.LivekitSip.UpdateSIPOutboundTrunkRequest;

/**
 * A LiveKit server that has SIP, where there is neither redis nor livekit-sip: a real livekit-server, before which
 * {@code /twirp/livekit.SIP/} is answered here, in the words of livekit-server 1.13.5 and livekit-sip 1.11.0 (read in
 * their sources; no test here speaks with a real bridge). Trunks and rules are kept; telephones are the test's.
 */
public final class SipStandIn implements AutoCloseable {
    private static final String PATH = "/twirp/livekit.SIP/";
    private static final int OK = 200;

    private final LiveKitServerFixture server;
    private final FrontDoor door;
    private final SipShelf shelf = new SipShelf();
    private final AtomicInteger calls = new AtomicInteger();
    private volatile Telephone telephone = _ -> Answer.of(404, "Not Found");
    private volatile Carrier carrier = _ -> Answer.of(405, "Method Not Allowed");

    public SipStandIn(LiveKitServerFixture server) {
        this.server = server;
        door = new FrontDoor(server.url(), this::answer);
    }

    /** A call on its way to a telephone. */
    public record Called(
            String trunkId,
            String to,
            String from,
            String room,
            String identity,
            Map<String, String> attributes,
            Duration ring) {}

    /** A telephone in a room that its carrier shall connect with somebody else. */
    public record Referred(String room, String identity, String to, Map<String, String> headers) {}

    /** What comes back of SIP. */
    public record Answer(int status, String reason) {
        /** It rings until the caller loses patience. */
        public static final Answer SILENCE = new Answer(0, "");

        public static final Answer PICKED_UP = new Answer(OK, "OK");

        public static Answer of(int status, String reason) {
            return new Answer(status, reason);
        }
    }

    /** Who is telephoned. Whoever picks up joins the room as kind SIP under the identity given, before they return. */
    public interface Telephone {
        Answer called(Called call) throws Exception;
    }

    /** Who is asked for a transfer. Who is transferred leaves the room a second later. */
    public interface Carrier {
        Answer referred(Referred call) throws Exception;
    }

    public URI url() {
        return URI.create("ws://127.0.0.1:" + door.port());
    }

    public void dialled(Telephone by) {
        telephone = by;
    }

    public void transferred(Carrier by) {
        carrier = by;
    }

    /** Forgets all trunks and rules. */
    public void clear() {
        shelf.clear();
    }

    @Override
    public void close() {
        door.close();
    }

    private Optional<Response> answer(Request request) {
        if (!request.path().startsWith(PATH)) {
            return Optional.empty();
        }
        DecodedJWT token;
        try {
            token = JWT.require(Algorithm.HMAC256(LiveKitServerFixture.SECRET))
                    .withIssuer(LiveKitServerFixture.KEY)
                    .build()
                    .verify(request.authorization().replaceFirst("^Bearer ", ""));
        } catch (JWTVerificationException e) {
            var body = ByteString.copyFromUtf8("invalid token: " + e.getMessage());
            return Optional.of(new Response(401, "text/plain", body));
        }
        try {
            MessageLite answer = call(request.path().substring(PATH.length()), request.body(), token);
            return Optional.of(new Response(OK, "application/protobuf", answer.toByteString()));
        } catch (TwirpException e) {
            return Optional.of(e.response());
        } catch (Exception e) {
            return Optional.of(new TwirpException("internal", e.toString()).response());
        }
    }

    private MessageLite call(String method, ByteString body, DecodedJWT token) throws Exception {
        return switch (method) {
            case "CreateSIPParticipant" -> {
                require(granted(token, "sip", "call"));
                yield dial(CreateSIPParticipantRequest.parseFrom(body));
            }
            case "TransferSIPParticipant" -> {
                var transfer = TransferSIPParticipantRequest.parseFrom(body);
                require(granted(token, "sip", "call")
                        && granted(token, "video", "roomAdmin")
                        && transfer.getRoomName().equals(grants(token, "video").get("room")));
                yield transfer(transfer);
            }
            default -> {
                require(granted(token, "sip", "admin"));
                yield administer(method, body);
            }
        };
    }

    private MessageLite administer(String method, ByteString body) throws InvalidProtocolBufferException {
        return switch (method) {
            case "ListSIPInboundTrunk" ->
                ListSIPInboundTrunkResponse.newBuilder()
                        .addAllItems(shelf.inbound())
                        .build();
            case "ListSIPOutboundTrunk" ->
                ListSIPOutboundTrunkResponse.newBuilder()
                        .addAllItems(shelf.outbound())
                        .build();
            case "ListSIPDispatchRule" ->
                ListSIPDispatchRuleResponse.newBuilder()
                        .addAllItems(shelf.rules())
                        .build();
            case "CreateSIPInboundTrunk" ->
                shelf.put(null, CreateSIPInboundTrunkRequest.parseFrom(body).getTrunk());
            case "CreateSIPOutboundTrunk" ->
                shelf.put(null, CreateSIPOutboundTrunkRequest.parseFrom(body).getTrunk());
            case "CreateSIPDispatchRule" ->
                shelf.put(null, CreateSIPDispatchRuleRequest.parseFrom(body).getDispatchRule());
            case "UpdateSIPInboundTrunk" -> {
                var update = UpdateSIPInboundTrunkRequest.parseFrom(body);
                yield shelf.put(update.getSipTrunkId(), update.getReplace());
            }
            case "UpdateSIPOutboundTrunk" -> {
                var update = UpdateSIPOutboundTrunkRequest.parseFrom(body);
                yield shelf.put(update.getSipTrunkId(), update.getReplace());
            }
            case "UpdateSIPDispatchRule" -> {
                var update = UpdateSIPDispatchRuleRequest.parseFrom(body);
                yield shelf.put(update.getSipDispatchRuleId(), update.getReplace());
            }
            default -> throw new TwirpException("bad_route", "no handler for path " + PATH + method);
        };
    }

    private MessageLite dial(CreateSIPParticipantRequest request) throws Exception {
        if (request.getSipCallTo().contains("@")) {
            throw new TwirpException(
                    "invalid_argument", "SipCallTo should be a phone number or SIP user, not a full SIP URI");
        }
        var trunk = shelf.outbound().stream()
                .filter(known -> known.getSipTrunkId().equals(request.getSipTrunkId()))
                .findFirst()
                .orElseThrow(() -> new TwirpException("not_found", "requested sip trunk does not exist"));
        String callId = "SCL_standin" + calls.incrementAndGet();
        String from = request.getSipNumber().isEmpty() ? trunk.getNumbers(0) : request.getSipNumber();
        var attributes = new LinkedHashMap<>(request.getParticipantAttributesMap());
        attributes.put("sip.callID", callId);
        attributes.put("sip.callStatus", "dialing");
        attributes.put("sip.trunkID", trunk.getSipTrunkId());
        attributes.put("sip.phoneNumber", request.getSipCallTo());
        attributes.put("sip.trunkPhoneNumber", from);
        attributes.put("sip.hostname", trunk.getAddress());
        Duration ring = duration(request.getRingingTimeout());
        Answer answer = telephone.called(new Called(
                trunk.getSipTrunkId(),
                request.getSipCallTo(),
                from,
                request.getRoomName(),
                request.getParticipantIdentity(),
                attributes,
                ring));
        refuseUnless(answer, "", ring, "sip request timed out");
        return SIPParticipantInfo.newBuilder()
                .setParticipantId("PA_standin")
                .setParticipantIdentity(request.getParticipantIdentity())
                .setRoomName(request.getRoomName())
                .setSipCallId(callId)
                .build();
    }

    private MessageLite transfer(TransferSIPParticipantRequest request) throws Exception {
        if (!request.getTransferTo().matches("<?(sips?|tel):.+")) {
            throw new TwirpException(
                    "invalid_argument", "transfer_to must be a valid SIP(s) or TEL URI (sip:, sips: or tel:)");
        }
        if (!attributes(request.getRoomName(), request.getParticipantIdentity()).containsKey("sip.callID")) {
            throw new TwirpException("invalid_argument", "no SIP session associated with participant");
        }
        Duration ring = duration(request.getRingingTimeout());
        Answer answer = carrier.referred(new Referred(
                request.getRoomName(),
                request.getParticipantIdentity(),
                request.getTransferTo(),
                request.getHeadersMap()));
        refuseUnless(answer, "call transfer failed: ", ring, "refer canceled");
        return Empty.getDefaultInstance();
    }

    private static void refuseUnless(Answer answer, String prefix, Duration ring, String impatience)
            throws InterruptedException {
        if (answer.status() == 0) {
            Thread.sleep(ring);
            throw new TwirpException("canceled", impatience);
        }
        if (answer.status() != OK) {
            throw TwirpException.sip(prefix, answer.status(), answer.reason());
        }
    }

    private Map<String, String> attributes(String room, String identity) throws IOException {
        var rooms = RoomServiceClient.createClient(
                server.url().toString().replaceFirst("^ws", "http") + "/",
                LiveKitServerFixture.KEY,
                LiveKitServerFixture.SECRET);
        var response = rooms.getParticipant(room, identity).execute();
        if (!response.isSuccessful()) {
            throw new TwirpException("not_found", "participant does not exist");
        }
        return Objects.requireNonNull(response.body()).getAttributesMap();
    }

    private static Duration duration(com.google.protobuf.Duration duration) {
        return Duration.ofSeconds(duration.getSeconds(), duration.getNanos());
    }

    private static void require(boolean granted) {
        if (!granted) {
            throw new TwirpException("unauthenticated", "permissions denied");
        }
    }

    private static boolean granted(DecodedJWT token, String kind, String grant) {
        return Boolean.TRUE.equals(grants(token, kind).get(grant));
    }

    private static Map<String, Object> grants(DecodedJWT token, String kind) {
        return Objects.requireNonNullElse(token.getClaim(kind).asMap(), Map.of());
    }
}
