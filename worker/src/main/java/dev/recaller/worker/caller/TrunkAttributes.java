package dev.recaller.worker.caller;

import java.util.Map;

/**
 * What an operator knows about a trunk, as attributes of each caller's participant. A dispatch rule puts the first two
 * there, and no caller can: livekit-sip makes attributes of headers only under {@code sip.h.} and the names that the
 * trunk maps. Of the same name, a mapped header wins over the rule's attribute (livekit-sip 1.11, HeadersToAttrs): no
 * header may be mapped to them.
 */
public final class TrunkAttributes {

    /** Two letters: the country whose national numbers callers are shown by. */
    public static final String REGION = "recaller.region";

    /** {@code true}: what the carrier says of its callers is believed. */
    public static final String TRUSTED = "recaller.trusted";

    /** Of a header that a trusted carrier sets: who is calling. */
    public static final String USER_ID = "recaller.userId";

    /** What the carrier says of the caller's number and who has it; see {@link CallerId}. */
    public static final String ASSERTED = "recaller.pai";

    public static final String PRIVACY = "recaller.privacy";

    public static final String FROM = "recaller.from";

    public static final String VERSTAT = "recaller.verstat";

    /** Headers that tell more of a caller than livekit-sip does by itself, and the attributes they become. */
    public static final Map<String, String> HEADERS =
            Map.of("P-Asserted-Identity", ASSERTED, "Privacy", PRIVACY, "From", FROM, "X-Twilio-VerStat", VERSTAT);

    private TrunkAttributes() {}
}
