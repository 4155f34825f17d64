package dev.recaller.livekit.server;

import java.util.List;
import java.util.Map;
import livekit.LivekitAgentDispatch.RoomAgentDispatch;
import livekit.LivekitSip.SIPDispatchRule;
import livekit.LivekitSip.SIPDispatchRuleCallee;
import livekit.LivekitSip.SIPDispatchRuleDirect;
import livekit.LivekitSip.SIPDispatchRuleIndividual;
import livekit.LivekitSip.SIPDispatchRuleInfo;

/**
 * Which room a call comes into and which agents are sent there, as far as we set it up; see {@link InboundTrunk}.
 *
 * @param id LiveKit's; empty for one that is not made yet
 * @param trunkIds whose calls it takes; none: those of any trunk for which no rule is meant especially
 * @param numbers that are called; none: any
 * @param inboundNumbers of callers; none: any
 * @param attributes every caller's participant has; a header that a trunk maps to the same name wins over them
 * @param hidePhoneNumber whether the caller's number is kept from the room. Never with livekit-server 1.13.5: a call
 *     without a number then ends the server
 */
public record DispatchRule(
        String id,
        String name,
        List<String> trunkIds,
        List<String> numbers,
        List<String> inboundNumbers,
        Rooms rooms,
        List<Agent> agents,
        Map<String, String> attributes,
        boolean hidePhoneNumber) {

    /** An agent that is sent into the room, with the metadata of its job. */
    public record Agent(String name, String metadata) {}

    /**
     * Which room.
     *
     * @param name the room's, of {@link Kind#DIRECT}, else the beginning of its name
     * @param pin that a caller must key before; empty: none
     */
    public record Rooms(Kind kind, String name, String pin) {
        static final Rooms NOWHERE = new Rooms(Kind.NONE, "", "");

        /** A room of its own for each call. */
        public static Rooms forEachCall(String prefix) {
            return new Rooms(Kind.INDIVIDUAL, prefix, "");
        }
    }

    /** Who shares a room. */
    public enum Kind {
        /** Nobody: a room for each call. */
        INDIVIDUAL,
        /** All callers. */
        DIRECT,
        /** All callers of the same number. */
        CALLEE,
        /** A kind we do not know. */
        NONE
    }

    public DispatchRule {
        trunkIds = List.copyOf(trunkIds);
        numbers = List.copyOf(numbers);
        inboundNumbers = List.copyOf(inboundNumbers);
        agents = List.copyOf(agents);
        attributes = Map.copyOf(attributes);
    }

    static DispatchRule of(SIPDispatchRuleInfo info) {
        return new DispatchRule(
                info.getSipDispatchRuleId(),
                info.getName(),
                info.getTrunkIdsList(),
                info.getNumbersList(),
                info.getInboundNumbersList(),
                rooms(info.getRule()),
                info.getRoomConfig().getAgentsList().stream()
                        .map(agent -> new Agent(agent.getAgentName(), agent.getMetadata()))
                        .toList(),
                info.getAttributesMap(),
                info.getHidePhoneNumber());
    }

    /** The rule as it is, with what we set up. */
    SIPDispatchRuleInfo on(SIPDispatchRuleInfo present) {
        SIPDispatchRuleInfo.Builder rule = present.toBuilder();
        if (!rooms.equals(rooms(present.getRule()))) {
            rule.setRule(message(rooms));
        }
        rule.getRoomConfigBuilder()
                .clearAgents()
                .addAllAgents(agents.stream().map(DispatchRule::message).toList());
        return rule.setName(name)
                .clearTrunkIds()
                .addAllTrunkIds(trunkIds)
                .clearNumbers()
                .addAllNumbers(numbers)
                .clearInboundNumbers()
                .addAllInboundNumbers(inboundNumbers)
                .clearAttributes()
                .putAllAttributes(attributes)
                .setHidePhoneNumber(hidePhoneNumber)
                .build();
    }

    private static RoomAgentDispatch message(Agent agent) {
        return RoomAgentDispatch.newBuilder()
                .setAgentName(agent.name())
                .setMetadata(agent.metadata())
                .build();
    }

    private static Rooms rooms(SIPDispatchRule rule) {
        return switch (rule.getRuleCase()) {
            case DISPATCH_RULE_INDIVIDUAL -> {
                var individual = rule.getDispatchRuleIndividual();
                yield new Rooms(Kind.INDIVIDUAL, individual.getRoomPrefix(), individual.getPin());
            }
            case DISPATCH_RULE_DIRECT -> {
                var direct = rule.getDispatchRuleDirect();
                yield new Rooms(Kind.DIRECT, direct.getRoomName(), direct.getPin());
            }
            case DISPATCH_RULE_CALLEE -> {
                var callee = rule.getDispatchRuleCallee();
                yield new Rooms(Kind.CALLEE, callee.getRoomPrefix(), callee.getPin());
            }
            case RULE_NOT_SET -> Rooms.NOWHERE;
        };
    }

    private static SIPDispatchRule message(Rooms rooms) {
        var rule = SIPDispatchRule.newBuilder();
        return switch (rooms.kind()) {
            case INDIVIDUAL ->
                rule.setDispatchRuleIndividual(SIPDispatchRuleIndividual.newBuilder()
                                .setRoomPrefix(rooms.name())
                                .setPin(rooms.pin()))
                        .build();
            case DIRECT ->
                rule.setDispatchRuleDirect(SIPDispatchRuleDirect.newBuilder()
                                .setRoomName(rooms.name())
                                .setPin(rooms.pin()))
                        .build();
            case CALLEE ->
                rule.setDispatchRuleCallee(SIPDispatchRuleCallee.newBuilder()
                                .setRoomPrefix(rooms.name())
                                .setPin(rooms.pin()))
                        .build();
            case NONE -> rule.build();
        };
    }
}
