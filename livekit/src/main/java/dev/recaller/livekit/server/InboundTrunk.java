package dev.recaller.livekit.server;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import livekit.LivekitSip.SIPInboundTrunkInfo;
import org.jspecify.annotations.Nullable;

/**
 * Where calls of a carrier come in, as far as we set it up. What a trunk has beside this is the operator's, and left as
 * it is by {@link LiveKitSip#update(InboundTrunk)}.
 *
 * @param id LiveKit's; empty for one that is not made yet
 * @param numbers that are called, in E.164; none: any number, which LiveKit allows only with one of the next two
 * @param allowedAddresses of the carrier's machines, IP or CIDR; none: any machine
 * @param credentials the carrier must have; absent: none
 * @param headersToAttributes SIP headers of a call and the participant's attributes they become
 * @param ringingTimeout how long a caller waits for an agent; zero: LiveKit's own 3 minutes
 */
public record InboundTrunk(
        String id,
        String name,
        List<String> numbers,
        List<String> allowedAddresses,
        @Nullable SipCredentials credentials,
        Map<String, String> headersToAttributes,
        Duration ringingTimeout)
        implements Trunk {

    public InboundTrunk {
        numbers = List.copyOf(numbers);
        allowedAddresses = List.copyOf(allowedAddresses);
        headersToAttributes = Map.copyOf(headersToAttributes);
    }

    static InboundTrunk of(SIPInboundTrunkInfo info) {
        return new InboundTrunk(
                info.getSipTrunkId(),
                info.getName(),
                info.getNumbersList(),
                info.getAllowedAddressesList(),
                SipMessages.credentials(info.getAuthUsername(), info.getAuthPassword()),
                info.getHeadersToAttributesMap(),
                SipMessages.duration(info.getRingingTimeout()));
    }

    /** The trunk as it is, with what we set up. */
    SIPInboundTrunkInfo on(SIPInboundTrunkInfo present) {
        return present.toBuilder()
                .setName(name)
                .clearNumbers()
                .addAllNumbers(numbers)
                .clearAllowedAddresses()
                .addAllAllowedAddresses(allowedAddresses)
                .setAuthUsername(credentials == null ? "" : credentials.username())
                .setAuthPassword(credentials == null ? "" : credentials.password())
                .clearHeadersToAttributes()
                .putAllHeadersToAttributes(headersToAttributes)
                .setRingingTimeout(SipMessages.duration(ringingTimeout))
                .build();
    }
}
