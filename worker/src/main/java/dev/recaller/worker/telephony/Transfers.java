package dev.recaller.worker.telephony;

import dev.recaller.flow.line.Transferred;
import dev.recaller.livekit.LiveKitException;
import dev.recaller.livekit.server.LiveKitSip;
import dev.recaller.livekit.server.OutboundTrunk;
import dev.recaller.livekit.server.SipOutcome;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Hands a caller to somebody else. */
public final class Transfers {
    private static final Pattern URI = Pattern.compile("(sips?|tel):.+");
    private static final Pattern NUMBER = Pattern.compile("\\+?[0-9*#]+");

    private Transfers() {}

    /**
     * Has the caller's carrier do it (REFER). The caller hears it ring meanwhile, and is still on the line if it fails.
     *
     * @param to a telephone number or a SIP URI
     */
    public static Transferred refer(LiveKitSip sip, String room, String identity, String to, Duration ring)
            throws InterruptedException {
        String number = number(to);
        if (!URI.matcher(to).matches() && !NUMBER.matcher(number).matches()) {
            return new Transferred.Failed("where to is no telephone number and no SIP URI");
        }
        String target = URI.matcher(to).matches() ? to : "tel:" + number;
        try {
            return switch (sip.transfer(room, identity, target, Map.of(), ring)) {
                case SipOutcome.Connected _ -> new Transferred.Done();
                case SipOutcome.NotConnected how -> notConnected(how);
            };
        } catch (LiveKitException e) {
            if (Thread.interrupted()) {
                throw new InterruptedException(); // which closes the connection we wait at
            }
            return new Transferred.Failed(String.valueOf(e.getMessage()));
        }
    }

    /**
     * Who to telephone for a caller, by which trunk: the one that has the number they called, or the only one there is.
     *
     * @param to a telephone number; {@code tel:} may stand before it
     * @param called the number the caller dialled, which is shown to who is telephoned if the trunk has it
     * @throws IllegalArgumentException when that leads nowhere; says what to do
     */
    public static DialOrder order(List<OutboundTrunk> trunks, String to, String called) {
        String number = number(to.replaceFirst("^tel:", ""));
        if (!NUMBER.matcher(number).matches()) {
            throw new IllegalArgumentException("where to is no telephone number");
        }
        return trunks.stream()
                .filter(trunk -> trunk.numbers().contains(called))
                .findFirst()
                .map(trunk -> new DialOrder(number, trunk.id(), called))
                .or(() -> trunks.stream()
                        .findFirst()
                        .filter(_ -> trunks.size() == 1)
                        .map(trunk -> new DialOrder(number, trunk.id(), "")))
                .orElseThrow(() -> new IllegalArgumentException(
                        trunks.isEmpty()
                                ? "there is no outbound trunk: make one by 'recaller telephony setup --outbound'"
                                : "none of the " + trunks.size() + " outbound trunks has the number that was called"));
    }

    /** A call that did not come about, as flows are told of it. */
    public static Transferred notConnected(SipOutcome.NotConnected how) {
        int status = how.sipStatus();
        return switch (how.cause()) {
            case BUSY -> new Transferred.Busy(status);
            case NO_ANSWER -> new Transferred.NoAnswer(status);
            case REJECTED -> new Transferred.Declined(status);
            case FAILED ->
                new Transferred.Failed(
                        status, status == 0 ? how.reason() : "SIP status " + status + " (" + how.reason() + ")");
        };
    }

    private static String number(String to) {
        return to.replaceAll("[\\s().-]", "");
    }
}
