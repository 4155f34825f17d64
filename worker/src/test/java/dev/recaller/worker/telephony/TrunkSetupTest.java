package dev.recaller.worker.telephony;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.recaller.livekit.server.ApiKey;
import dev.recaller.livekit.server.DispatchRule;
import dev.recaller.livekit.server.DispatchRule.Agent;
import dev.recaller.livekit.server.DispatchRule.Kind;
import dev.recaller.livekit.server.DispatchRule.Rooms;
import dev.recaller.livekit.server.InboundTrunk;
import dev.recaller.livekit.server.LiveKitSip;
import dev.recaller.livekit.server.OutboundTrunk.Transport;
import dev.recaller.livekit.server.SipCredentials;
import dev.recaller.livekit.testing.LiveKitServerFixture;
import dev.recaller.livekit.testing.SipStandIn;
import dev.recaller.worker.caller.TrunkAttributes;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Against the stand-in alone: no test here needs a room. */
class TrunkSetupTest {
    private static final Wanted WANTED = wanted(List.of("+15105550100"), List.of(), null);

    private static SipStandIn standIn;
    private static LiveKitSip sip;

    @BeforeAll
    static void open() {
        standIn = new SipStandIn(new LiveKitServerFixture());
        var key = new ApiKey(LiveKitServerFixture.KEY, LiveKitServerFixture.SECRET);
        sip = new LiveKitSip(standIn.url(), key, Duration.ofSeconds(10));
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
    void makesWhatIsMissingAndThenLeavesItAlone() {
        assertThat(kinds(TrunkSetup.apply(WANTED, sip))).containsExactly("CREATED", "CREATED");

        InboundTrunk trunk = sip.inboundTrunks().getFirst();
        DispatchRule rule = sip.dispatchRules().getFirst();
        assertThat(trunk.numbers()).containsExactly("+15105550100");
        assertThat(trunk.headersToAttributes()).isEqualTo(TrunkAttributes.HEADERS);
        assertThat(trunk.ringingTimeout()).isEqualTo(Duration.ofSeconds(30));
        assertThat(rule.trunkIds()).containsExactly(trunk.id());
        assertThat(rule.rooms()).isEqualTo(Rooms.forEachCall("call"));
        assertThat(rule.agents()).containsExactly(WANTED.agent());
        assertThat(rule.attributes()).isEqualTo(Map.of("recaller.region", "US"));
        assertThat(rule.hidePhoneNumber()).isFalse();
        assertThat(TrunkCheck.of(sip.inboundTrunks(), sip.dispatchRules(), "recaller", WANTED.numbers()))
                .isEmpty();

        assertThat(kinds(TrunkSetup.apply(WANTED, sip))).containsExactly("UNCHANGED", "UNCHANGED");
        assertThat(sip.inboundTrunks()).containsExactly(trunk);
        assertThat(sip.dispatchRules()).containsExactly(rule);
    }

    @Test
    void onlySaysWhatItWouldDo() {
        assertThat(kinds(TrunkSetup.plan(WANTED, sip))).containsExactly("CREATED", "CREATED");
        assertThat(sip.inboundTrunks()).isEmpty();
        assertThat(sip.dispatchRules()).isEmpty();

        TrunkSetup.apply(WANTED, sip);
        List<InboundTrunk> before = sip.inboundTrunks();
        assertThat(kinds(TrunkSetup.plan(wanted(List.of("+15105550101"), List.of(), null), sip)))
                .containsExactly("UPDATED", "UNCHANGED");
        assertThat(sip.inboundTrunks()).isEqualTo(before);
    }

    @Test
    void mendsATrunkThatHasTheNumberAndARuleThatIsWrong() {
        InboundTrunk byHand = sip.create(new InboundTrunk(
                "",
                "made by hand",
                List.of("+1 510 555 0100"),
                List.of("192.0.2.1"),
                new SipCredentials("pbx", "secret"),
                Map.of("X-Own", "own", "X-Trusted", TrunkAttributes.TRUSTED),
                Duration.ofSeconds(60)));
        sip.create(new DispatchRule(
                "",
                "wrong",
                List.of(byHand.id()),
                List.of(),
                List.of(),
                new Rooms(Kind.DIRECT, "hall", ""),
                List.of(new Agent("other", "")),
                Map.of("own", "1", TrunkAttributes.TRUSTED, "true"),
                true));

        List<Change> changes = TrunkSetup.apply(WANTED, sip);

        assertThat(kinds(changes)).containsExactly("UPDATED", "UPDATED");
        assertThat(changes.toString())
                .contains("made by hand", "header mapping: ")
                .doesNotContain("secret");
        InboundTrunk trunk = sip.inboundTrunks().getFirst();
        assertThat(trunk.name()).isEqualTo("made by hand");
        assertThat(trunk.numbers()).containsExactly("+1 510 555 0100");
        assertThat(trunk.allowedAddresses()).containsExactly("192.0.2.1");
        assertThat(trunk.credentials()).isEqualTo(new SipCredentials("pbx", "secret"));
        assertThat(trunk.headersToAttributes())
                .containsEntry("X-Own", "own")
                .containsEntry("Privacy", "recaller.privacy")
                .doesNotContainKey("X-Trusted");
        assertThat(trunk.ringingTimeout()).isEqualTo(Duration.ofSeconds(60));
        DispatchRule rule = sip.dispatchRules().getFirst();
        assertThat(rule.rooms()).isEqualTo(Rooms.forEachCall("call"));
        assertThat(rule.agents()).containsExactly(new Agent("recaller", ""));
        assertThat(rule.attributes()).isEqualTo(Map.of("own", "1", "recaller.region", "US"));
        assertThat(rule.hidePhoneNumber()).isFalse();
    }

    @Test
    void believesOnlyACarrierThatIsTrusted() {
        var trusted = new Wanted(
                "recaller-generic",
                List.of("+4930123456"),
                List.of("192.0.2.0/28"),
                null,
                "DE",
                true,
                "X-Customer-Id",
                new Agent("recaller", "{\"flow\":\"reception\"}"),
                null);

        TrunkSetup.apply(trusted, sip);
        assertThat(sip.inboundTrunks().getFirst().headersToAttributes())
                .containsEntry("X-Customer-Id", TrunkAttributes.USER_ID);
        assertThat(sip.dispatchRules().getFirst().attributes())
                .isEqualTo(Map.of("recaller.region", "DE", "recaller.trusted", "true"));

        TrunkSetup.apply(wanted(List.of("+4930123456"), List.of(), null), sip);
        assertThat(sip.inboundTrunks().getFirst().headersToAttributes()).doesNotContainKey("X-Customer-Id");
        assertThat(sip.dispatchRules().getFirst().attributes()).doesNotContainKey("recaller.trusted");
    }

    @Test
    void setsUpCallsOutAsWell() {
        var out = new Wanted.Outbound(
                "sip.telnyx.com", Transport.TCP, new SipCredentials("me", "secret"), Map.of("X-Telnyx-Username", "me"));
        Wanted both = wanted(List.of("+15105550100"), List.of(), out);

        assertThat(kinds(TrunkSetup.apply(both, sip))).containsExactly("CREATED", "CREATED", "CREATED");
        var trunk = sip.outboundTrunks().getFirst();
        assertThat(trunk.address()).isEqualTo("sip.telnyx.com");
        assertThat(trunk.transport()).isEqualTo(Transport.TCP);
        assertThat(trunk.numbers()).containsExactly("+15105550100");
        assertThat(trunk.credentials()).isEqualTo(new SipCredentials("me", "secret"));
        assertThat(trunk.headers()).isEqualTo(Map.of("X-Telnyx-Username", "me"));
        assertThat(kinds(TrunkSetup.apply(both, sip))).containsExactly("UNCHANGED", "UNCHANGED", "UNCHANGED");

        var other = new Wanted.Outbound("sip.telnyx.eu", Transport.TCP, new SipCredentials("me", "new"), Map.of());
        List<Change> changes = TrunkSetup.apply(wanted(List.of("+15105550100"), List.of(), other), sip);
        assertThat(changes.getLast().differences())
                .containsExactly("address: \"sip.telnyx.com\" -> \"sip.telnyx.eu\"", "password: changed");
    }

    @Test
    void doesNothingWhereItIsNotClearWhatIsMeant() {
        for (String number : List.of("+15105550100", "+15105550101")) {
            sip.create(new InboundTrunk("", number, List.of(number), List.of(), null, Map.of(), Duration.ZERO));
        }
        Wanted both = wanted(List.of("+15105550100", "+15105550101"), List.of(), null);
        assertThatThrownBy(() -> TrunkSetup.apply(both, sip))
                .isInstanceOf(TrunkConflictException.class)
                .hasMessageContaining("there are 2 inbound trunks");

        List<String> ids = sip.inboundTrunks().stream().map(InboundTrunk::id).toList();
        sip.create(new DispatchRule(
                "", "shared", ids, List.of(), List.of(), Rooms.forEachCall(""), List.of(), Map.of(), false));
        assertThatThrownBy(() -> TrunkSetup.apply(WANTED, sip))
                .isInstanceOf(TrunkConflictException.class)
                .hasMessageContaining("take " + ids.getFirst() + " out of it first");
        assertThat(sip.inboundTrunks())
                .allMatch(trunk -> trunk.headersToAttributes().isEmpty());
    }

    private static Wanted wanted(List<String> numbers, List<String> allowed, Wanted.@Nullable Outbound outbound) {
        return new Wanted(
                "recaller-telnyx", numbers, allowed, null, "US", false, null, new Agent("recaller", ""), outbound);
    }

    private static List<String> kinds(List<Change> changes) {
        return changes.stream().map(change -> change.kind().name()).toList();
    }
}
