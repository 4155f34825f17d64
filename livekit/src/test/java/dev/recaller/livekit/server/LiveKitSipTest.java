package dev.recaller.livekit.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import com.google.protobuf.UnknownFieldSet.Field;
import dev.recaller.livekit.LiveKitException;
import dev.recaller.livekit.LiveKitException.Code;
import dev.recaller.livekit.room.Room;
import dev.recaller.livekit.room.Rooms;
import dev.recaller.livekit.server.DispatchRule.Agent;
import dev.recaller.livekit.server.OutboundTrunk.Transport;
import dev.recaller.livekit.server.SipOutcome.Cause;
import dev.recaller.livekit.server.SipOutcome.Connected;
import dev.recaller.livekit.server.SipOutcome.NotConnected;
import dev.recaller.livekit.testing.Installed;
import dev.recaller.livekit.testing.LiveKitServerFixture;
import dev.recaller.livekit.testing.SipStandIn;
import dev.recaller.livekit.testing.SipStandIn.Answer;
import dev.recaller.livekit.testing.SipStandIn.Called;
import dev.recaller.livekit.testing.SipStandIn.Referred;
import dev.recaller.livekit.testing.TestToken;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import livekit.LivekitSip.SIPInboundTrunkInfo;
import livekit.LivekitSip.SIPMediaEncryption;
import livekit.LivekitSip.SIPStatus;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class LiveKitSipTest {
    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final Duration RING = Duration.ofSeconds(5);
    private static final ApiKey KEY = new ApiKey(LiveKitServerFixture.KEY, LiveKitServerFixture.SECRET);

    private static final InboundTrunk INBOUND = new InboundTrunk(
            "",
            "in",
            List.of("+15550100"),
            List.of("192.0.2.0/24"),
            new SipCredentials("carrier", "hunter2"),
            Map.of("P-Asserted-Identity", "recaller.pai"),
            Duration.ofSeconds(30));
    private static final OutboundTrunk OUTBOUND = new OutboundTrunk(
            "",
            "out",
            "sip.carrier.example",
            Transport.TLS,
            List.of("+15550100"),
            null,
            Map.of("X-Telnyx-Username", "me"));
    private static final DispatchRule RULE = new DispatchRule(
            "",
            "rule",
            List.of("ST_1"),
            List.of(),
            List.of(),
            DispatchRule.Rooms.forEachCall("call-"),
            List.of(new Agent("recaller", "{}")),
            Map.of("recaller.region", "US"),
            false);

    @RegisterExtension
    static final LiveKitServerFixture server = new LiveKitServerFixture();

    private static SipStandIn standIn;
    private static LiveKitSip sip;

    @BeforeAll
    static void open() {
        standIn = new SipStandIn(server);
        sip = new LiveKitSip(standIn.url(), KEY, LIMIT);
    }

    @AfterAll
    static void close() {
        sip.close();
        standIn.close();
    }

    @BeforeEach
    void forget() {
        standIn.clear();
    }

    @Test
    void makesTrunksAndRulesAndFindsThemAgain() {
        InboundTrunk inbound = sip.create(INBOUND);
        OutboundTrunk outbound = sip.create(OUTBOUND);
        DispatchRule rule = sip.create(RULE);

        assertThat(inbound.id()).startsWith("ST_");
        assertThat(outbound.id()).startsWith("ST_").isNotEqualTo(inbound.id());
        assertThat(rule.id()).startsWith("SDR_");
        assertThat(sip.inboundTrunks()).containsExactly(inbound);
        assertThat(sip.outboundTrunks()).containsExactly(outbound);
        assertThat(sip.dispatchRules()).containsExactly(rule);
        assertThat(inbound).usingRecursiveComparison().ignoringFields("id").isEqualTo(INBOUND);
        assertThat(outbound).usingRecursiveComparison().ignoringFields("id").isEqualTo(OUTBOUND);
        assertThat(rule).usingRecursiveComparison().ignoringFields("id").isEqualTo(RULE);
    }

    @Test
    void changesThem() {
        InboundTrunk trunk = sip.create(INBOUND);
        var changed = new InboundTrunk(
                trunk.id(), "other", List.of("+15550101"), List.of(), null, Map.of(), Duration.ofSeconds(9));
        DispatchRule rule = sip.create(RULE);
        var changedRule = new DispatchRule(
                rule.id(),
                "other",
                List.of("ST_2"),
                List.of("+15550101"),
                List.of(),
                new DispatchRule.Rooms(DispatchRule.Kind.DIRECT, "hall", "1234"),
                List.of(),
                Map.of(),
                true);
        OutboundTrunk outbound = sip.create(OUTBOUND);
        var changedOutbound = new OutboundTrunk(
                outbound.id(),
                "other",
                "192.0.2.1:5070",
                Transport.UDP,
                List.of("+15550101"),
                new SipCredentials("u", "p"),
                Map.of());

        assertThat(sip.update(changed)).isEqualTo(changed);
        assertThat(sip.update(changedRule)).isEqualTo(changedRule);
        assertThat(sip.update(changedOutbound)).isEqualTo(changedOutbound);
        assertThat(sip.inboundTrunks()).containsExactly(changed);
        assertThat(sip.dispatchRules()).containsExactly(changedRule);
        assertThat(sip.outboundTrunks()).containsExactly(changedOutbound);
    }

    @Test
    void leavesAsItIsWhatItKnowsNothingOf() {
        var newerField = UnknownFieldSet.newBuilder()
                .addField(99, Field.newBuilder().addVarint(7).build())
                .build();
        var byHand = SIPInboundTrunkInfo.newBuilder()
                .addNumbers("+15550100")
                .setMediaEncryption(SIPMediaEncryption.SIP_MEDIA_ENCRYPT_REQUIRE)
                .setUnknownFields(newerField)
                .build();

        SIPInboundTrunkInfo changed = INBOUND.on(byHand);

        assertThat(changed.getName()).isEqualTo("in");
        assertThat(changed.getMediaEncryption()).isEqualTo(SIPMediaEncryption.SIP_MEDIA_ENCRYPT_REQUIRE);
        assertThat(changed.getUnknownFields()).isEqualTo(newerField);
    }

    @Test
    void repeatsWhatTheServerSaysOfATrunkItDoesNotTake() {
        sip.create(INBOUND);

        assertFails(Code.SERVER_REFUSED, "Conflicting inbound SIP Trunks", () -> sip.create(INBOUND));
        assertFails(
                Code.SERVER_REFUSED,
                "for security",
                () -> sip.create(
                        new InboundTrunk("", "open to all", List.of(), List.of(), null, Map.of(), Duration.ZERO)));
    }

    @Test
    void saysThatWhatItShallChangeIsNotThere() {
        var gone = new InboundTrunk("ST_gone", "", List.of(), List.of(), null, Map.of(), Duration.ZERO);

        assertFails(Code.SERVER_REFUSED, "ST_gone", () -> sip.update(gone));
    }

    @Test
    void telephonesSomebodyIntoARoom() {
        String trunk = sip.create(OUTBOUND).id();
        var called = new AtomicReference<Called>();
        standIn.dialled(call -> {
            called.set(call);
            return Answer.PICKED_UP;
        });

        SipOutcome outcome =
                sip.dial(new Dial(trunk, "+15105550100", "", "out-1", "callee", Map.of("recaller.region", "US"), RING));

        assertThat(outcome).isEqualTo(new Connected());
        assertThat(called.get().to()).isEqualTo("+15105550100");
        assertThat(called.get().from()).isEqualTo("+15550100");
        assertThat(called.get().room()).isEqualTo("out-1");
        assertThat(called.get().identity()).isEqualTo("callee");
        assertThat(called.get().ring()).isEqualTo(RING);
        assertThat(called.get().attributes())
                .containsEntry("recaller.region", "US")
                .containsKey("sip.callID");
    }

    @ParameterizedTest
    @CsvSource({
        "486, Busy Here, BUSY",
        "600, Busy Everywhere, BUSY",
        "480, Temporarily Unavailable, NO_ANSWER",
        "408, Request Timeout, NO_ANSWER",
        "487, Request Terminated, NO_ANSWER",
        "603, Decline, REJECTED",
        "403, Forbidden, REJECTED",
        "407, Proxy Authentication Required, REJECTED",
        "404, Not Found, FAILED",
        "503, Service Unavailable, FAILED"
    })
    void tellsWhyNobodyWasReached(int status, String reason, Cause cause) {
        String trunk = sip.create(OUTBOUND).id();
        standIn.dialled(_ -> Answer.of(status, reason));

        assertThat(sip.dial(new Dial(trunk, "+15105550100", "", "out-2", "callee", Map.of(), RING)))
                .isEqualTo(new NotConnected(cause, status, reason));
    }

    @Test
    void givesUpWhenItRangLongEnough() {
        String trunk = sip.create(OUTBOUND).id();
        standIn.dialled(_ -> Answer.SILENCE);

        SipOutcome outcome =
                sip.dial(new Dial(trunk, "+15105550100", "", "out-3", "callee", Map.of(), Duration.ofMillis(50)));

        assertThat(outcome).isEqualTo(new NotConnected(Cause.NO_ANSWER, 0, "sip request timed out"));
    }

    @Test
    void waitsLongerForATelephoneThanForAServer() {
        String trunk = sip.create(OUTBOUND).id();
        standIn.dialled(_ -> Answer.SILENCE);
        try (var hasty = new LiveKitSip(standIn.url(), KEY, Duration.ofMillis(400))) {
            assertThat(hasty.dial(
                            new Dial(trunk, "+15105550100", "", "out-4", "callee", Map.of(), Duration.ofMillis(800))))
                    .isInstanceOf(NotConnected.class);
        }
    }

    @Test
    void saysThatThereIsNoSuchTrunkToDialBy() {
        assertFails(
                Code.SERVER_REFUSED,
                "requested sip trunk does not exist",
                () -> sip.dial(new Dial("ST_none", "+15105550100", "", "out-5", "callee", Map.of(), RING)));
    }

    @Test
    void transfersACaller() throws Exception {
        var referred = new AtomicReference<Referred>();
        standIn.transferred(call -> {
            referred.set(call);
            return Answer.PICKED_UP;
        });
        try (Rooms rooms = Rooms.open(Installed.nativeLibrary(), _ -> {});
                Room _ = phone(rooms, "in-1", Map.of("sip.callID", "SCL_1"))) {
            SipOutcome outcome = sip.transfer("in-1", "sip_1", "tel:+15550199", Map.of("X-Reason", "asked"), RING);

            assertThat(outcome).isEqualTo(new Connected());
            assertThat(referred.get())
                    .isEqualTo(new Referred("in-1", "sip_1", "tel:+15550199", Map.of("X-Reason", "asked")));
        }
    }

    @Test
    void tellsWhyACallerWasNotTransferred() throws Exception {
        try (Rooms rooms = Rooms.open(Installed.nativeLibrary(), _ -> {});
                Room _ = phone(rooms, "in-2", Map.of("sip.callID", "SCL_2"))) {
            standIn.transferred(_ -> Answer.of(486, "Busy Here"));
            assertThat(sip.transfer("in-2", "sip_1", "tel:+15550199", Map.of(), RING))
                    .isEqualTo(new NotConnected(Cause.BUSY, 486, "Busy Here"));

            standIn.transferred(_ -> Answer.SILENCE);
            assertThat(sip.transfer("in-2", "sip_1", "tel:+15550199", Map.of(), Duration.ofMillis(50)))
                    .isEqualTo(new NotConnected(Cause.NO_ANSWER, 0, "refer canceled"));

            assertThat(sip.transfer("in-2", "gone", "tel:+15550199", Map.of(), RING))
                    .isEqualTo(new NotConnected(Cause.FAILED, 0, "participant does not exist"));
            assertFails(
                    Code.SERVER_REFUSED,
                    "must be a valid SIP(s) or TEL URI",
                    () -> sip.transfer("in-2", "sip_1", "+15550199", Map.of(), RING));
        }
    }

    @Test
    void readsHowNewerServersTellOfATransfer() throws Exception {
        assertThat(SipMessages.transferred(ByteString.EMPTY)).isEqualTo(new Connected());
        assertThat(SipMessages.transferred(transferred(2, 0))).isEqualTo(new Connected());
        assertThat(SipMessages.transferred(transferred(1, 603)))
                .isEqualTo(new NotConnected(Cause.REJECTED, 603, "Decline"));
        assertThat(SipMessages.transferred(transferred(1, 0)))
                .isEqualTo(new NotConnected(Cause.FAILED, 0, "the transfer was not completed"));
        assertThat(SipMessages.transferred(transferred(0, 0))).isInstanceOf(NotConnected.class);
    }

    @Test
    void letsEverythingElseThroughToTheServer() {
        try (var api = new LiveKitServer(standIn.url(), KEY, LIMIT)) {
            assertThat(sip.inboundTrunks()).isEmpty();
            assertThat(api.createDispatch("through", "nobody", "{}")).startsWith("AD_");
            assertThat(api.deleteRoom("through")).isTrue();
        }
    }

    @Test
    void saysThatTheKeyIsWrong() {
        for (URI url : List.of(standIn.url(), server.url())) {
            try (var wrong = new LiveKitSip(url, new ApiKey("devkey", "another secret"), LIMIT)) {
                assertFails(Code.SERVER_UNAUTHORIZED, "LIVEKIT_API_SECRET", wrong::inboundTrunks);
            }
        }
    }

    @Test
    void saysWhatAServerNeedsThatHasNoSip() {
        try (var without = new LiveKitSip(server.url(), KEY, LIMIT)) {
            assertFails(Code.SIP_UNAVAILABLE, "it needs redis and livekit-sip", without::inboundTrunks);
            assertFails(Code.SIP_UNAVAILABLE, "redis", () -> without.create(INBOUND));
            assertFails(
                    Code.SIP_UNAVAILABLE,
                    "CreateSIPParticipant",
                    () -> without.dial(new Dial("ST_1", "+15105550100", "", "out-6", "callee", Map.of(), RING)));
        }
    }

    @Test
    void saysWhereNoServerIs() {
        try (var nowhere = new LiveKitSip(URI.create("ws://127.0.0.1:1"), KEY, LIMIT)) {
            assertFails(Code.SERVER_UNREACHABLE, "127.0.0.1:1", nowhere::dispatchRules);
        }
    }

    @Test
    void neverShowsAPassword() {
        assertThat(INBOUND.toString()).contains("carrier").doesNotContain("hunter2");
    }

    private static Room phone(Rooms rooms, String room, Map<String, String> attributes) throws Exception {
        return rooms.connect(standIn.url(), TestToken.sip(room, "sip_1", attributes), _ -> {}, LIMIT);
    }

    private static ByteString transferred(long status, int sipStatus) {
        var answer = UnknownFieldSet.newBuilder()
                .addField(
                        1,
                        Field.newBuilder()
                                .addLengthDelimited(ByteString.copyFromUtf8("transfer"))
                                .build());
        if (status != 0) {
            answer.addField(2, Field.newBuilder().addVarint(status).build());
        }
        if (sipStatus != 0) {
            var sip = SIPStatus.newBuilder().setCodeValue(sipStatus).setStatus("Decline");
            answer.addField(
                    4,
                    Field.newBuilder()
                            .addLengthDelimited(sip.build().toByteString())
                            .build());
        }
        return answer.build().toByteString();
    }

    private static void assertFails(Code code, String part, ThrowingCallable action) {
        assertThatThrownBy(action)
                .isInstanceOfSatisfying(
                        LiveKitException.class, e -> assertThat(e.code()).isEqualTo(code))
                .hasMessageContaining(part);
    }
}
