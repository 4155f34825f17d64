package dev.recaller.worker.telephony;

import dev.recaller.flow.line.Transferred;
import dev.recaller.livekit.LiveKitException;
import dev.recaller.livekit.server.LiveKitSip;
import dev.recaller.livekit.server.SipOutcome;
import java.time.Duration;
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
        String number = to.replaceAll("[\\s().-]", "");
        if (!URI.matcher(to).matches() && !NUMBER.matcher(number).matches()) {
            return new Transferred.Failed("'" + to + "' is no telephone number and no SIP URI");
        }
        String target = URI.matcher(to).matches() ? to : "tel:" + number;
        try {
            return switch (sip.transfer(room, identity, target, Map.of(), ring)) {
                case SipOutcome.Connected _ -> new Transferred.Done();
                case SipOutcome.NotConnected(var cause, var status, var why) ->
                    switch (cause) {
                        case BUSY -> new Transferred.Busy(status);
                        case NO_ANSWER -> new Transferred.NoAnswer(status);
                        case REJECTED, FAILED ->
                            new Transferred.Failed(
                                    status, status == 0 ? why : "SIP status " + status + " (" + why + ")");
                    };
            };
        } catch (LiveKitException e) {
            if (Thread.interrupted()) {
                throw new InterruptedException(); // which closes the connection we wait at
            }
            return new Transferred.Failed(String.valueOf(e.getMessage()));
        }
    }
}
