package dev.recaller.livekit.testing;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import livekit.LivekitSip.SIPDispatchRuleInfo;
import livekit.LivekitSip.SIPInboundTrunkInfo;
import livekit.LivekitSip.SIPOutboundTrunkInfo;
import org.jspecify.annotations.Nullable;

/** Trunks and rules as livekit-server keeps them in redis, with what it refuses and its words for that. */
final class SipShelf {
    private final AtomicInteger made = new AtomicInteger();

    // guarded by this
    private final Map<String, SIPInboundTrunkInfo> inbound = new LinkedHashMap<>();
    private final Map<String, SIPOutboundTrunkInfo> outbound = new LinkedHashMap<>();
    private final Map<String, SIPDispatchRuleInfo> rules = new LinkedHashMap<>();

    synchronized List<SIPInboundTrunkInfo> inbound() {
        return List.copyOf(inbound.values());
    }

    synchronized List<SIPOutboundTrunkInfo> outbound() {
        return List.copyOf(outbound.values());
    }

    synchronized List<SIPDispatchRuleInfo> rules() {
        return List.copyOf(rules.values());
    }

    synchronized void clear() {
        inbound.clear();
        outbound.clear();
        rules.clear();
    }

    /** @param id of the one to replace; null for a new one */
    synchronized SIPInboundTrunkInfo put(@Nullable String id, SIPInboundTrunkInfo trunk) {
        require(id == null || inbound.containsKey(id), "not_found", "requested sip trunk does not exist");
        require(
                !trunk.getAuthUsername().isEmpty()
                        || !trunk.getAuthPassword().isEmpty()
                        || trunk.getAllowedAddressesCount() > 0
                        || trunk.getNumbersCount() > 0,
                "invalid_argument",
                "for security, one of the fields must be set: AuthUsername+AuthPassword, AllowedAddresses or Numbers");
        for (SIPInboundTrunkInfo other : inbound.values()) {
            boolean same = trunk.getNumbersList().stream().anyMatch(other.getNumbersList()::contains)
                    || trunk.getNumbersCount() + other.getNumbersCount() == 0;
            boolean anybody = trunk.getAllowedNumbersCount() + other.getAllowedNumbersCount() == 0;
            require(
                    other.getSipTrunkId().equals(id) || !same || !anybody,
                    "invalid_argument",
                    "Conflicting inbound SIP Trunks: \"" + Objects.requireNonNullElse(id, "<new>") + "\" and \""
                            + other.getSipTrunkId() + "\", using the same number(s) without AllowedNumbers set");
        }
        var kept =
                trunk.toBuilder().setSipTrunkId(id == null ? next("ST_") : id).build();
        inbound.put(kept.getSipTrunkId(), kept);
        return kept;
    }

    /** @param id of the one to replace; null for a new one */
    synchronized SIPOutboundTrunkInfo put(@Nullable String id, SIPOutboundTrunkInfo trunk) {
        require(id == null || outbound.containsKey(id), "not_found", "requested sip trunk does not exist");
        require(trunk.getNumbersCount() > 0, "invalid_argument", "no trunk numbers specified");
        require(!trunk.getAddress().isEmpty(), "invalid_argument", "no outbound address specified");
        var kept =
                trunk.toBuilder().setSipTrunkId(id == null ? next("ST_") : id).build();
        outbound.put(kept.getSipTrunkId(), kept);
        return kept;
    }

    /** @param id of the one to replace; null for a new one */
    synchronized SIPDispatchRuleInfo put(@Nullable String id, SIPDispatchRuleInfo rule) {
        require(id == null || rules.containsKey(id), "not_found", "requested sip dispatch rule does not exist");
        require(rule.hasRule(), "invalid_argument", "missing rule");
        for (SIPDispatchRuleInfo other : rules.values()) {
            boolean same = meet(rule.getTrunkIdsList(), other.getTrunkIdsList())
                    && meet(rule.getNumbersList(), other.getNumbersList())
                    && meet(rule.getInboundNumbersList(), other.getInboundNumbersList());
            require(
                    other.getSipDispatchRuleId().equals(id) || !same,
                    "invalid_argument",
                    "Dispatch rule for the same trunk, inbound number, number, and PIN combination already exists in"
                            + " dispatch rule \"" + other.getSipDispatchRuleId() + "\" \"" + other.getName() + "\"");
        }
        var kept = rule.toBuilder()
                .setSipDispatchRuleId(id == null ? next("SDR_") : id)
                .build();
        rules.put(kept.getSipDispatchRuleId(), kept);
        return kept;
    }

    /** None and none are the same; none and some are not, as the special comes before the general. */
    private static boolean meet(List<String> some, List<String> others) {
        var common = new ArrayList<>(some);
        common.retainAll(others);
        return !common.isEmpty() || (some.isEmpty() && others.isEmpty());
    }

    private String next(String prefix) {
        return prefix + "standin" + made.incrementAndGet();
    }

    private static void require(boolean condition, String code, String message) {
        if (!condition) {
            throw new TwirpException(code, message);
        }
    }
}
