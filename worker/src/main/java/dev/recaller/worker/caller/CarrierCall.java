package dev.recaller.worker.caller;

import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What the carrier calls the call, to be found again in its portal: Telnyx's call leg and session, Twilio's call. Headers
 * tell it, so anybody may have written it: it is kept only where it has the carrier's form, and is no proof of anything.
 */
public record CarrierCall(@Nullable String callId, @Nullable String sessionId) {

    private static final Pattern TELNYX = Pattern.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");
    private static final Pattern TWILIO = Pattern.compile("CA[0-9a-fA-F]{32}");

    public static CarrierCall of(Map<String, String> attributes) {
        String leg = matching(TELNYX, attributes.get("sip.telnyx.callLegID"));
        return leg == null
                ? new CarrierCall(matching(TWILIO, attributes.get("sip.twilio.callSid")), null)
                : new CarrierCall(leg, matching(TELNYX, attributes.get("sip.telnyx.callSessionID")));
    }

    private static @Nullable String matching(Pattern form, @Nullable String value) {
        return value != null && form.matcher(value).matches() ? value : null;
    }
}
