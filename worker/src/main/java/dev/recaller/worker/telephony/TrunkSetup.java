package dev.recaller.worker.telephony;

import dev.recaller.livekit.server.DispatchRule;
import dev.recaller.livekit.server.DispatchRule.Kind;
import dev.recaller.livekit.server.InboundTrunk;
import dev.recaller.livekit.server.LiveKitSip;
import dev.recaller.livekit.server.OutboundTrunk;
import dev.recaller.livekit.server.SipCredentials;
import dev.recaller.livekit.server.Trunk;
import dev.recaller.worker.telephony.Change.Differences;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Makes a LiveKit server's trunks and rules as they are wanted: what is not there is created, what differs is changed,
 * and the second time nothing is. A trunk that has one of the numbers is the one, whatever its name; numbers are added to
 * it and never taken from it, as others may be called by them.
 */
public final class TrunkSetup {

    /** LiveKit puts an underscore and the caller's number after it. */
    static final String ROOM_PREFIX = "call";

    private static final Duration RING = Duration.ofSeconds(30);

    private final LiveKitSip sip;
    private final boolean doing;

    private TrunkSetup(LiveKitSip sip, boolean doing) {
        this.sip = sip;
        this.doing = doing;
    }

    /**
     * Does what is wanted.
     *
     * @throws TrunkConflictException before anything is done
     */
    public static List<Change> apply(Wanted wanted, LiveKitSip sip) {
        return new TrunkSetup(sip, true).run(wanted);
    }

    /** What {@link #apply} would do. */
    public static List<Change> plan(Wanted wanted, LiveKitSip sip) {
        return new TrunkSetup(sip, false).run(wanted);
    }

    private List<Change> run(Wanted wanted) {
        Optional<InboundTrunk> trunk = only("inbound trunks", sip.inboundTrunks(), wanted);
        Optional<DispatchRule> rule = trunk.flatMap(present -> ruleOf(present.id(), sip.dispatchRules()));
        Wanted.Outbound out = wanted.outbound();
        Optional<OutboundTrunk> outbound =
                out == null ? Optional.empty() : only("outbound trunks", sip.outboundTrunks(), wanted);
        var changes = new ArrayList<Change>();
        Change inbound = inbound(wanted, trunk);
        changes.add(inbound);
        changes.add(rule(wanted, inbound.id(), rule));
        if (out != null) {
            changes.add(outbound(wanted, out, outbound));
        }
        return changes;
    }

    private Change inbound(Wanted wanted, Optional<InboundTrunk> present) {
        InboundTrunk before = present.orElseGet(
                () -> new InboundTrunk("", wanted.name(), List.of(), List.of(), null, Map.of(), Duration.ZERO));
        var after = new InboundTrunk(
                before.id(),
                before.name(),
                together(before.numbers(), wanted.numbers()),
                wanted.allowedAddresses().isEmpty() ? before.allowedAddresses() : wanted.allowedAddresses(),
                wanted.credentials() == null ? before.credentials() : wanted.credentials(),
                wanted.headersToAttributes(before.headersToAttributes()),
                before.ringingTimeout().isZero() ? RING : before.ringingTimeout());
        var differences = new Differences()
                .compare("numbers", before.numbers(), after.numbers())
                .compare("allowed addresses", before.allowedAddresses(), after.allowedAddresses())
                .compare("user", user(before.credentials()), user(after.credentials()))
                .compareSecretly("password", password(before.credentials()), password(after.credentials()))
                .compare("header mapping", before.headersToAttributes(), after.headersToAttributes())
                .compare("ringing timeout", before.ringingTimeout(), after.ringingTimeout());
        return change(
                "inbound trunk",
                before.id(),
                before.name(),
                differences,
                () -> after.id().isEmpty()
                        ? sip.create(after).id()
                        : sip.update(after).id());
    }

    private Change rule(Wanted wanted, String trunkId, Optional<DispatchRule> present) {
        DispatchRule before = present.orElseGet(() -> new DispatchRule(
                "",
                wanted.name(),
                List.of(trunkId),
                List.of(),
                List.of(),
                DispatchRule.Rooms.forEachCall(ROOM_PREFIX),
                List.of(),
                Map.of(),
                false));
        boolean ownRooms = before.rooms().kind() == Kind.INDIVIDUAL;
        var after = new DispatchRule(
                before.id(),
                before.name(),
                before.trunkIds(),
                before.numbers(),
                before.inboundNumbers(),
                ownRooms ? before.rooms() : DispatchRule.Rooms.forEachCall(ROOM_PREFIX),
                List.of(wanted.agent()),
                wanted.attributes(before.attributes()),
                false);
        var differences = new Differences()
                .compare("rooms", before.rooms(), after.rooms())
                .compare("agents", before.agents(), after.agents())
                .compare("attributes", before.attributes(), after.attributes())
                .compare("hides phone numbers", before.hidePhoneNumber(), false);
        return change(
                "dispatch rule",
                before.id(),
                before.name(),
                differences,
                () -> after.id().isEmpty()
                        ? sip.create(after).id()
                        : sip.update(after).id());
    }

    private Change outbound(Wanted wanted, Wanted.Outbound out, Optional<OutboundTrunk> present) {
        OutboundTrunk before = present.orElseGet(
                () -> new OutboundTrunk("", wanted.name(), out.address(), out.transport(), List.of(), null, Map.of()));
        var after = new OutboundTrunk(
                before.id(),
                before.name(),
                out.address(),
                out.transport(),
                together(before.numbers(), wanted.numbers()),
                out.credentials() == null ? before.credentials() : out.credentials(),
                together(before.headers(), out.headers()));
        var differences = new Differences()
                .compare("address", before.address(), after.address())
                .compare("transport", before.transport(), after.transport())
                .compare("numbers", before.numbers(), after.numbers())
                .compare("user", user(before.credentials()), user(after.credentials()))
                .compareSecretly("password", password(before.credentials()), password(after.credentials()))
                .compare("headers", before.headers(), after.headers());
        return change(
                "outbound trunk",
                before.id(),
                before.name(),
                differences,
                () -> after.id().isEmpty()
                        ? sip.create(after).id()
                        : sip.update(after).id());
    }

    /** @param put does it and returns the id */
    private Change change(String what, String id, String name, Differences differences, Supplier<String> put) {
        if (id.isEmpty()) {
            return new Change(Change.Kind.CREATED, what, doing ? put.get() : "", name, List.of());
        }
        if (differences.found().isEmpty()) {
            return new Change(Change.Kind.UNCHANGED, what, id, name, List.of());
        }
        return new Change(Change.Kind.UPDATED, what, doing ? put.get() : id, name, differences.found());
    }

    private static Optional<DispatchRule> ruleOf(String trunkId, List<DispatchRule> rules) {
        List<DispatchRule> own =
                rules.stream().filter(rule -> rule.trunkIds().contains(trunkId)).toList();
        if (own.size() > 1) {
            throw new TrunkConflictException("trunk " + trunkId + " has " + own.size() + " dispatch rules ("
                    + String.join(", ", own.stream().map(DispatchRule::id).toList())
                    + "): delete all but one, for example by 'lk sip dispatch delete'");
        }
        own.stream().filter(rule -> rule.trunkIds().size() > 1).findFirst().ifPresent(shared -> {
            throw new TrunkConflictException("dispatch rule " + shared.id() + " is for the trunks " + shared.trunkIds()
                    + ": take " + trunkId + " out of it first, so that the others stay as they are");
        });
        return own.stream().findFirst();
    }

    /** The trunk that has one of the numbers, or the name. */
    private static <T extends Trunk> Optional<T> only(String what, List<T> trunks, Wanted wanted) {
        List<T> ours = trunks.stream()
                .filter(trunk -> trunk.numbers().stream().anyMatch(number -> has(wanted.numbers(), number)))
                .toList();
        if (ours.isEmpty()) {
            ours = trunks.stream()
                    .filter(trunk -> trunk.name().equals(wanted.name()))
                    .toList();
        }
        if (ours.size() > 1) {
            throw new TrunkConflictException(
                    "there are " + ours.size() + " " + what + " for these numbers or this name ("
                            + String.join(", ", ours.stream().map(Trunk::id).toList())
                            + "): set them up one by one, or delete all but one");
        }
        return ours.stream().findFirst();
    }

    /** As LiveKit compares them. */
    static boolean has(Collection<String> numbers, String number) {
        return numbers.stream().anyMatch(other -> digits(other).equals(digits(number)));
    }

    private static String digits(String number) {
        return number.replaceAll("[^0-9]", "");
    }

    private static List<String> together(List<String> present, List<String> wanted) {
        var missing = wanted.stream().filter(number -> !has(present, number));
        return List.copyOf(
                new LinkedHashSet<>(Stream.concat(present.stream(), missing).toList()));
    }

    private static Map<String, String> together(Map<String, String> present, Map<String, String> wanted) {
        var all = new TreeMap<>(present);
        all.putAll(wanted);
        return all;
    }

    private static String user(@Nullable SipCredentials credentials) {
        return credentials == null ? "" : credentials.username();
    }

    private static String password(@Nullable SipCredentials credentials) {
        return credentials == null ? "" : credentials.password();
    }
}
