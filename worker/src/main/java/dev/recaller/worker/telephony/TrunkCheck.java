package dev.recaller.worker.telephony;

import dev.recaller.livekit.server.DispatchRule;
import dev.recaller.livekit.server.DispatchRule.Kind;
import dev.recaller.livekit.server.InboundTrunk;
import dev.recaller.worker.caller.TrunkAttributes;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** The usual mistakes in a LiveKit server's trunks and rules, found by looking at them. */
public final class TrunkCheck {
    private static final String AGAIN = "run 'recaller telephony setup' for its numbers again";
    private static final Set<String> COUNTRIES = Set.of(Locale.getISOCountries());

    private final List<DispatchRule> rules;
    private final String agentName;
    private final List<Finding> findings = new ArrayList<>();

    private TrunkCheck(List<DispatchRule> rules, String agentName) {
        this.rules = rules;
        this.agentName = agentName;
    }

    /**
     * What is wrong.
     *
     * @param agentName under which our workers register
     * @param numbers that shall be answered; none: those of all trunks
     */
    public static List<Finding> of(
            List<InboundTrunk> trunks, List<DispatchRule> rules, String agentName, List<String> numbers) {
        var check = new TrunkCheck(rules, agentName);
        if (trunks.isEmpty()) {
            check.found("there is no inbound trunk", "run 'recaller telephony setup'");
            return check.findings;
        }
        for (String number : numbers) {
            if (trunks.stream().noneMatch(trunk -> takes(trunk, number))) {
                check.found(
                        "no trunk takes calls to " + number + " (callers hear it ring for ever)",
                        "run 'recaller telephony setup --number " + number + " ...'");
            }
        }
        trunks.stream()
                .filter(trunk -> numbers.isEmpty() || numbers.stream().anyMatch(number -> takes(trunk, number)))
                .forEach(check::trunk);
        return check.findings;
    }

    private static boolean takes(InboundTrunk trunk, String number) {
        return trunk.numbers().isEmpty() || TrunkSetup.has(trunk.numbers(), number);
    }

    private void trunk(InboundTrunk trunk) {
        String name = named("trunk", trunk.id(), trunk.name());
        boolean open = trunk.allowedAddresses().isEmpty() && trunk.credentials() == null;
        if (trunk.numbers().isEmpty() && open) {
            found(
                    name + " has no numbers, and takes calls of anybody",
                    "give it its numbers, and --allow or --auth-user, with 'recaller telephony setup'");
        }
        headers(name, trunk.headersToAttributes());
        List<DispatchRule> own = rules.stream()
                .filter(rule -> rule.trunkIds().contains(trunk.id()))
                .toList();
        List<DispatchRule> taking = own.isEmpty()
                ? rules.stream().filter(rule -> rule.trunkIds().isEmpty()).toList()
                : own;
        if (taking.isEmpty()) {
            found("no dispatch rule takes the calls of " + name, AGAIN);
        }
        taking.forEach(rule -> rule(rule, name, open));
        overlapping(taking, name);
    }

    private void headers(String name, Map<String, String> mapped) {
        var missing = new TreeMap<>(TrunkAttributes.HEADERS);
        missing.values().removeAll(new HashSet<>(mapped.values()));
        if (!missing.isEmpty()) {
            found(
                    name + " does not map " + String.join(", ", missing.keySet())
                            + ", by which withheld and asserted numbers are known",
                    AGAIN);
        }
        for (String attribute : List.of(TrunkAttributes.TRUSTED, TrunkAttributes.REGION)) {
            if (mapped.containsValue(attribute)) {
                found(
                        name + " maps a header to " + attribute + ", so that callers can set it",
                        "take the mapping out of the trunk, which 'recaller telephony setup' does as well");
            }
        }
    }

    private void rule(DispatchRule rule, String trunk, boolean open) {
        String name = named("dispatch rule", rule.id(), rule.name());
        Set<String> agents = new HashSet<>();
        rule.agents().forEach(agent -> agents.add(agent.name()));
        if (agents.isEmpty()) {
            found(name + " sends no agent into the room, so " + trunk + " rings until it gives up", AGAIN);
        } else if (!agents.contains(agentName)) {
            found(
                    name + " sends "
                            + String.join(", ", agents.stream().sorted().toList()) + ", not " + agentName,
                    AGAIN + ", or set RECALLER_AGENT_NAME of the workers to that name");
        }
        if (rule.hidePhoneNumber()) {
            found(
                    name + " hides the caller's number: nobody is recognised, and a call without a number ends"
                            + " livekit-server 1.13.5",
                    AGAIN + ", which turns that off");
        }
        if (rule.rooms().kind() != Kind.INDIVIDUAL) {
            found(name + " has callers share a room, where they hear each other", AGAIN);
        }
        String region = rule.attributes().getOrDefault(TrunkAttributes.REGION, "");
        if (!COUNTRIES.contains(region)) {
            found(
                    name + " does not say in which country " + trunk + " is, so national numbers are not understood",
                    AGAIN + ", with --region");
        }
        if (open && "true".equals(rule.attributes().get(TrunkAttributes.TRUSTED))) {
            found(
                    trunk + " is trusted and takes calls of any address: anybody on the internet can call as anybody",
                    "give the carrier's addresses with --allow, or a user with --auth-user, or leave --trusted out");
        }
    }

    private void overlapping(List<DispatchRule> taking, String trunk) {
        for (int i = 0; i < taking.size(); i++) {
            for (DispatchRule other : taking.subList(i + 1, taking.size())) {
                DispatchRule rule = taking.get(i);
                if (meet(rule.numbers(), other.numbers()) && meet(rule.inboundNumbers(), other.inboundNumbers())) {
                    found(
                            named("dispatch rule", rule.id(), rule.name()) + " and "
                                    + named("dispatch rule", other.id(), other.name()) + " both take calls of " + trunk,
                            "delete one of them, for example by 'lk sip dispatch delete'");
                }
            }
        }
    }

    /** None means all. */
    private static boolean meet(List<String> some, List<String> others) {
        return some.isEmpty() || others.isEmpty() || some.stream().anyMatch(number -> TrunkSetup.has(others, number));
    }

    private static String named(String what, String id, String name) {
        return what + " " + id + (name.isBlank() ? "" : " (" + name + ")");
    }

    private void found(String problem, String remedy) {
        findings.add(new Finding(problem, remedy));
    }
}
