package dev.recaller.worker.telephony;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recaller.livekit.server.DispatchRule;
import dev.recaller.livekit.server.DispatchRule.Agent;
import dev.recaller.livekit.server.DispatchRule.Kind;
import dev.recaller.livekit.server.DispatchRule.Rooms;
import dev.recaller.livekit.server.InboundTrunk;
import dev.recaller.livekit.server.SipCredentials;
import dev.recaller.worker.caller.TrunkAttributes;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TrunkCheckTest {
    private static final String NUMBER = "+15105550100";
    private static final InboundTrunk TRUNK = trunk(List.of(NUMBER), List.of(), TrunkAttributes.HEADERS);
    private static final DispatchRule RULE =
            rule(List.of(new Agent("recaller", "")), Map.of(TrunkAttributes.REGION, "US"));

    @Test
    void findsNothingWhereAllIsWell() {
        assertThat(check(TRUNK, RULE)).isEmpty();
        assertThat(TrunkCheck.of(List.of(TRUNK), List.of(RULE), "recaller", List.of("+1 510 555 0100")))
                .isEmpty();
    }

    @Test
    void missesATrunk() {
        assertThat(TrunkCheck.of(List.of(), List.of(RULE), "recaller", List.of()))
                .singleElement()
                .hasToString("there is no inbound trunk: run 'recaller telephony setup'");
    }

    @Test
    void missesATrunkForTheNumber() {
        assertThat(TrunkCheck.of(List.of(TRUNK), List.of(RULE), "recaller", List.of("+15105550199")))
                .singleElement()
                .asString()
                .startsWith("no trunk takes calls to +15105550199");
    }

    @Test
    void looksOnlyAtTheTrunkOfTheNumber() {
        var broken = trunk(List.of("+15105550199"), List.of(), Map.of());

        assertThat(TrunkCheck.of(List.of(TRUNK, broken), List.of(RULE), "recaller", List.of(NUMBER)))
                .isEmpty();
        assertThat(TrunkCheck.of(List.of(TRUNK, broken), List.of(RULE), "recaller", List.of()))
                .isNotEmpty();
    }

    @Test
    void findsATrunkThatIsOpenToAll() {
        assertThat(check(trunk(List.of(), List.of(), TrunkAttributes.HEADERS), RULE))
                .singleElement()
                .asString()
                .startsWith("trunk ST_1 (in) has no numbers, and takes calls of anybody: give it its numbers");
        assertThat(check(trunk(List.of(), List.of("192.0.2.1"), TrunkAttributes.HEADERS), RULE))
                .isEmpty();
    }

    @Test
    void findsHeadersThatAreNotMapped() {
        assertThat(check(trunk(List.of(NUMBER), List.of(), Map.of("privacy", "recaller.privacy")), RULE))
                .singleElement()
                .asString()
                .startsWith(
                        "trunk ST_1 (in) does not map From, P-Asserted-Identity, X-Twilio-VerStat, by which withheld");
    }

    @Test
    void findsAHeaderByWhichCallersCouldTrustThemselves() {
        var mapped = new HashMap<>(TrunkAttributes.HEADERS);
        mapped.put("X-Trusted", TrunkAttributes.TRUSTED);

        assertThat(check(trunk(List.of(NUMBER), List.of(), mapped), RULE))
                .singleElement()
                .asString()
                .startsWith("trunk ST_1 (in) maps a header to recaller.trusted, so that callers can set it");
    }

    @Test
    void findsATrustedTrunkThatAnybodyCanReach() {
        var trusted = rule(
                List.of(new Agent("recaller", "")),
                Map.of(TrunkAttributes.REGION, "US", TrunkAttributes.TRUSTED, "true"));
        var withUser = new InboundTrunk(
                "ST_1",
                "in",
                List.of(NUMBER),
                List.of(),
                new SipCredentials("pbx", "secret"),
                TrunkAttributes.HEADERS,
                Duration.ZERO);

        assertThat(check(TRUNK, trusted))
                .singleElement()
                .asString()
                .contains("is trusted and takes calls of any address");
        assertThat(check(trunk(List.of(NUMBER), List.of("192.0.2.1"), TrunkAttributes.HEADERS), trusted))
                .isEmpty();
        assertThat(check(withUser, trusted)).isEmpty();
    }

    @Test
    void findsARuleThatSendsNoAgentOrAnother() {
        Map<String, String> us = Map.of(TrunkAttributes.REGION, "US");

        assertThat(check(TRUNK, rule(List.of(), us)))
                .singleElement()
                .asString()
                .startsWith("dispatch rule SDR_1 (rule) sends no agent into the room");
        assertThat(check(TRUNK, rule(List.of(new Agent("other", "")), us)))
                .singleElement()
                .asString()
                .startsWith("dispatch rule SDR_1 (rule) sends other, not recaller: run");
    }

    @Test
    void findsThatNoRuleTakesTheCalls() {
        assertThat(check(TRUNK))
                .singleElement()
                .asString()
                .startsWith("no dispatch rule takes the calls of trunk ST_1");
    }

    @Test
    void takesTheRuleForAllTrunksWhereThereIsNoneForThisOne() {
        var forAll = new DispatchRule(
                "SDR_2",
                "",
                List.of(),
                List.of(),
                List.of(),
                Rooms.forEachCall("call"),
                List.of(),
                RULE.attributes(),
                false);

        assertThat(check(TRUNK, forAll)).singleElement().asString().contains("SDR_2 sends no agent");
        assertThat(check(TRUNK, forAll, RULE)).isEmpty();
    }

    @Test
    void findsTwoRulesForTheSameCalls() {
        var other = new DispatchRule(
                "SDR_2",
                "",
                List.of("ST_1"),
                List.of(NUMBER),
                List.of(),
                RULE.rooms(),
                RULE.agents(),
                RULE.attributes(),
                false);
        var apart = new DispatchRule(
                "SDR_3",
                "",
                List.of("ST_1"),
                List.of("+15105550199"),
                List.of(),
                RULE.rooms(),
                RULE.agents(),
                RULE.attributes(),
                false);

        assertThat(check(TRUNK, RULE, other))
                .singleElement()
                .asString()
                .startsWith("dispatch rule SDR_1 (rule) and dispatch rule SDR_2 both take calls of trunk ST_1");
        assertThat(check(TRUNK, other, apart)).isEmpty();
    }

    @Test
    void findsWhatEndsTheServerAndWhatPutsStrangersTogether() {
        var rule = new DispatchRule(
                "SDR_1",
                "rule",
                List.of("ST_1"),
                List.of(),
                List.of(),
                new Rooms(Kind.CALLEE, "hall", ""),
                RULE.agents(),
                Map.of(TrunkAttributes.REGION, "us"),
                true);

        assertThat(check(TRUNK, rule))
                .extracting(Finding::problem)
                .satisfiesExactly(
                        hiding -> assertThat(hiding).contains("hides the caller's number"),
                        sharing -> assertThat(sharing).contains("share a room"),
                        country -> assertThat(country).contains("in which country"));
    }

    private static List<Finding> check(InboundTrunk trunk, DispatchRule... rules) {
        return TrunkCheck.of(List.of(trunk), List.of(rules), "recaller", List.of());
    }

    private static InboundTrunk trunk(List<String> numbers, List<String> allowed, Map<String, String> headers) {
        return new InboundTrunk("ST_1", "in", numbers, allowed, null, headers, Duration.ZERO);
    }

    private static DispatchRule rule(List<Agent> agents, Map<String, String> attributes) {
        return new DispatchRule(
                "SDR_1",
                "rule",
                List.of("ST_1"),
                List.of(),
                List.of(),
                Rooms.forEachCall("call"),
                agents,
                attributes,
                false);
    }
}
