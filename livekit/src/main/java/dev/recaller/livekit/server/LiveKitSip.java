package dev.recaller.livekit.server;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import dev.recaller.livekit.LiveKitException;
import dev.recaller.livekit.server.ServerHttp.Answer;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import livekit.LivekitSip.CreateSIPDispatchRuleRequest;
import livekit.LivekitSip.CreateSIPInboundTrunkRequest;
import livekit.LivekitSip.CreateSIPOutboundTrunkRequest;
import livekit.LivekitSip.CreateSIPParticipantRequest;
import livekit.LivekitSip.ListSIPDispatchRuleRequest;
import livekit.LivekitSip.ListSIPDispatchRuleResponse;
import livekit.LivekitSip.ListSIPInboundTrunkRequest;
import livekit.LivekitSip.ListSIPInboundTrunkResponse;
import livekit.LivekitSip.ListSIPOutboundTrunkRequest;
import livekit.LivekitSip.ListSIPOutboundTrunkResponse;
import livekit.LivekitSip.SIPDispatchRuleInfo;
import livekit.LivekitSip.SIPInboundTrunkInfo;
import livekit.LivekitSip.SIPOutboundTrunkInfo;
import livekit.LivekitSip.SIPParticipantInfo;
import livekit.LivekitSip.TransferSIPParticipantRequest;
import livekit.LivekitSip.UpdateSIPDispatchRuleRequest;
import livekit.LivekitSip.UpdateSIPInboundTrunkRequest;
import livekit.LivekitSip.UpdateSIPOutboundTrunkRequest;

/**
 * The SIP API of a LiveKit server: the trunks and rules by which calls come in and go out, and the acts of a telephone
 * that only the bridge livekit-sip can do. Every method waits for the server's answer.
 *
 * <p>Each throws {@link LiveKitException}: SERVER_UNREACHABLE, SERVER_UNAUTHORIZED, SERVER_REFUSED, or SIP_UNAVAILABLE
 * where the server has no SIP. That nobody picks up is no exception but a {@link SipOutcome}. Any thread.
 */
public final class LiveKitSip implements AutoCloseable {
    private static final String SERVICE = "livekit.SIP";

    /** What the server and the bridge need beside the ringing. */
    private static final Duration MARGIN = Duration.ofSeconds(10);

    /** Twirp's codes for a call that the server or the bridge gave up waiting for. */
    private static final Set<String> GIVEN_UP = Set.of("canceled", "deadline_exceeded");

    /** Twirp's codes for a call that is over, or not one that can be transferred. */
    private static final Set<String> NOT_NOW = Set.of("not_found", "failed_precondition", "aborted");

    private final ServerHttp http;
    private final ApiKey key;

    /**
     * Makes no connection yet.
     *
     * @param url the server's, http, https, ws or wss; a path in it is kept
     * @param limit the longest a request may take, connecting included; ringing comes on top
     */
    public LiveKitSip(URI url, ApiKey key, Duration limit) {
        http = new ServerHttp(url, limit);
        this.key = key;
    }

    public List<InboundTrunk> inboundTrunks() {
        return inbound().stream().map(InboundTrunk::of).toList();
    }

    public List<OutboundTrunk> outboundTrunks() {
        return outbound().stream().map(OutboundTrunk::of).toList();
    }

    public List<DispatchRule> dispatchRules() {
        return rules().stream().map(DispatchRule::of).toList();
    }

    /** Returns it with its id. */
    public InboundTrunk create(InboundTrunk trunk) {
        var request = CreateSIPInboundTrunkRequest.newBuilder()
                .setTrunk(trunk.on(SIPInboundTrunkInfo.getDefaultInstance()))
                .build();
        return InboundTrunk.of(administer("CreateSIPInboundTrunk", request, SIPInboundTrunkInfo.parser()));
    }

    /** Returns it with its id. */
    public OutboundTrunk create(OutboundTrunk trunk) {
        var request = CreateSIPOutboundTrunkRequest.newBuilder()
                .setTrunk(trunk.on(SIPOutboundTrunkInfo.getDefaultInstance()))
                .build();
        return OutboundTrunk.of(administer("CreateSIPOutboundTrunk", request, SIPOutboundTrunkInfo.parser()));
    }

    /** Returns it with its id. */
    public DispatchRule create(DispatchRule rule) {
        var request = CreateSIPDispatchRuleRequest.newBuilder()
                .setDispatchRule(rule.on(SIPDispatchRuleInfo.getDefaultInstance()))
                .build();
        return DispatchRule.of(administer("CreateSIPDispatchRule", request, SIPDispatchRuleInfo.parser()));
    }

    /** What the trunk with this id has beside these fields stays as it is. */
    public InboundTrunk update(InboundTrunk trunk) {
        SIPInboundTrunkInfo present = inbound().stream()
                .filter(info -> info.getSipTrunkId().equals(trunk.id()))
                .findFirst()
                .orElseThrow(() -> gone("UpdateSIPInboundTrunk", trunk.id()));
        var request = UpdateSIPInboundTrunkRequest.newBuilder()
                .setSipTrunkId(trunk.id())
                .setReplace(trunk.on(present))
                .build();
        return InboundTrunk.of(administer("UpdateSIPInboundTrunk", request, SIPInboundTrunkInfo.parser()));
    }

    /** What the trunk with this id has beside these fields stays as it is. */
    public OutboundTrunk update(OutboundTrunk trunk) {
        SIPOutboundTrunkInfo present = outbound().stream()
                .filter(info -> info.getSipTrunkId().equals(trunk.id()))
                .findFirst()
                .orElseThrow(() -> gone("UpdateSIPOutboundTrunk", trunk.id()));
        var request = UpdateSIPOutboundTrunkRequest.newBuilder()
                .setSipTrunkId(trunk.id())
                .setReplace(trunk.on(present))
                .build();
        return OutboundTrunk.of(administer("UpdateSIPOutboundTrunk", request, SIPOutboundTrunkInfo.parser()));
    }

    /** What the rule with this id has beside these fields stays as it is. */
    public DispatchRule update(DispatchRule rule) {
        SIPDispatchRuleInfo present = rules().stream()
                .filter(info -> info.getSipDispatchRuleId().equals(rule.id()))
                .findFirst()
                .orElseThrow(() -> gone("UpdateSIPDispatchRule", rule.id()));
        var request = UpdateSIPDispatchRuleRequest.newBuilder()
                .setSipDispatchRuleId(rule.id())
                .setReplace(rule.on(present))
                .build();
        return DispatchRule.of(administer("UpdateSIPDispatchRule", request, SIPDispatchRuleInfo.parser()));
    }

    /**
     * Telephones somebody and returns when they picked up, or did not. Their participant is in the room from the
     * beginning: its {@code sip.callStatus} is {@code dialing}, {@code ringing}, then {@code active}, or it leaves.
     */
    public SipOutcome dial(Dial dial) {
        var request = CreateSIPParticipantRequest.newBuilder()
                .setSipTrunkId(dial.trunkId())
                .setSipCallTo(dial.to())
                .setSipNumber(dial.from())
                .setRoomName(dial.room())
                .setParticipantIdentity(dial.identity())
                .putAllParticipantAttributes(dial.attributes())
                .setRingingTimeout(SipMessages.duration(dial.ring()))
                .setWaitUntilAnswered(true)
                .build();
        Answer answer = http.post(
                SERVICE,
                "CreateSIPParticipant",
                key.sipToken(dial.room()),
                request,
                dial.ring().plus(MARGIN));
        return switch (answer) {
            case Answer.Ok(var body) -> {
                parsed("CreateSIPParticipant", SIPParticipantInfo.parser(), body);
                yield new SipOutcome.Connected();
            }
            case Answer.Refused refused -> outcome("CreateSIPParticipant", refused, GIVEN_UP);
        };
    }

    /**
     * Asks a caller's carrier to connect them to somebody else (REFER) and returns when that is done, or is not. A
     * caller hears it ring meanwhile. Who was transferred leaves the room about a second later; who was not is still there.
     *
     * @param to {@code tel:+15550100} or a {@code sip:} URI
     * @param headers of the REFER
     * @param ring how long the other may take to answer
     */
    public SipOutcome transfer(String room, String identity, String to, Map<String, String> headers, Duration ring) {
        var request = TransferSIPParticipantRequest.newBuilder()
                .setRoomName(room)
                .setParticipantIdentity(identity)
                .setTransferTo(to)
                .putAllHeaders(headers)
                .setPlayDialtone(true)
                .setRingingTimeout(SipMessages.duration(ring))
                .build();
        Answer answer = http.post(SERVICE, "TransferSIPParticipant", key.sipToken(room), request, ring.plus(MARGIN));
        return switch (answer) {
            case Answer.Ok(var body) -> {
                try {
                    yield SipMessages.transferred(body);
                } catch (InvalidProtocolBufferException e) {
                    throw unreadable("TransferSIPParticipant", e);
                }
            }
            case Answer.Refused refused
            when NOT_NOW.contains(refused.code()) && status(refused) == 0 ->
                new SipOutcome.NotConnected(SipOutcome.Cause.FAILED, 0, refused.message());
            case Answer.Refused refused -> outcome("TransferSIPParticipant", refused, GIVEN_UP);
        };
    }

    @Override
    public void close() {
        http.close();
    }

    private List<SIPInboundTrunkInfo> inbound() {
        return administer(
                        "ListSIPInboundTrunk",
                        ListSIPInboundTrunkRequest.getDefaultInstance(),
                        ListSIPInboundTrunkResponse.parser())
                .getItemsList();
    }

    private List<SIPOutboundTrunkInfo> outbound() {
        return administer(
                        "ListSIPOutboundTrunk",
                        ListSIPOutboundTrunkRequest.getDefaultInstance(),
                        ListSIPOutboundTrunkResponse.parser())
                .getItemsList();
    }

    private List<SIPDispatchRuleInfo> rules() {
        return administer(
                        "ListSIPDispatchRule",
                        ListSIPDispatchRuleRequest.getDefaultInstance(),
                        ListSIPDispatchRuleResponse.parser())
                .getItemsList();
    }

    private <T> T administer(String method, MessageLite request, Parser<T> response) {
        return switch (http.post(SERVICE, method, key.sipAdminToken(), request)) {
            case Answer.Ok(var body) -> parsed(method, response, body);
            case Answer.Refused refused -> throw refusal(method, refused);
        };
    }

    /** @param givenUp codes that mean, where no telephone answered, that nobody picked up in time */
    private SipOutcome outcome(String method, Answer.Refused refused, Set<String> givenUp) {
        int status = status(refused);
        if (status > 0) {
            return SipOutcome.NotConnected.of(status, refused.meta().getOrDefault("sip_status", refused.message()));
        }
        if (givenUp.contains(refused.code())) {
            return new SipOutcome.NotConnected(SipOutcome.Cause.NO_ANSWER, 0, refused.message());
        }
        throw refusal(method, refused);
    }

    /** The status a telephone or its network answered with; 0 if it was LiveKit itself that refused. */
    private static int status(Answer.Refused refused) {
        try {
            return Integer.parseInt(refused.meta().getOrDefault("sip_status_code", "0"));
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    private LiveKitException refusal(String method, Answer.Refused refused) {
        boolean noSip = refused.message().contains("sip not connected")
                || refused.code().equals("unavailable");
        return noSip
                ? LiveKitException.sipUnavailable(http.url(), method, refused.message())
                : LiveKitException.serverRefused(http.url(), method, refused.status(), refused.message());
    }

    private LiveKitException gone(String method, String id) {
        return LiveKitException.serverRefused(http.url(), method, 404, "there is no " + id + " any more");
    }

    private <T> T parsed(String method, Parser<T> parser, ByteString body) {
        try {
            return parser.parseFrom(body);
        } catch (InvalidProtocolBufferException e) {
            throw unreadable(method, e);
        }
    }

    private LiveKitException unreadable(String method, InvalidProtocolBufferException e) {
        return LiveKitException.serverRefused(
                http.url(), method, 200, "its answer is not LiveKit's: " + e.getMessage());
    }
}
