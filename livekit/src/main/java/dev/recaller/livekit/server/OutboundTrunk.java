package dev.recaller.livekit.server;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import livekit.LivekitSip.SIPOutboundTrunkInfo;
import livekit.LivekitSip.SIPTransport;
import org.jspecify.annotations.Nullable;

/**
 * How calls go out by a carrier, as far as we set it up; see {@link InboundTrunk}.
 *
 * @param id LiveKit's; empty for one that is not made yet
 * @param address the carrier's host, with a port if it is not the usual one; no {@code sip:}
 * @param numbers to call from, in E.164, at least one
 * @param headers of each call's INVITE
 */
public record OutboundTrunk(
        String id,
        String name,
        String address,
        Transport transport,
        List<String> numbers,
        @Nullable SipCredentials credentials,
        Map<String, String> headers)
        implements Trunk {

    /** How SIP travels. */
    public enum Transport {
        AUTO(SIPTransport.SIP_TRANSPORT_AUTO),
        UDP(SIPTransport.SIP_TRANSPORT_UDP),
        TCP(SIPTransport.SIP_TRANSPORT_TCP),
        TLS(SIPTransport.SIP_TRANSPORT_TLS);

        private final SIPTransport message;

        Transport(SIPTransport message) {
            this.message = message;
        }

        static Transport of(SIPTransport message) {
            return Arrays.stream(values())
                    .filter(transport -> transport.message == message)
                    .findFirst()
                    .orElse(AUTO);
        }
    }

    public OutboundTrunk {
        numbers = List.copyOf(numbers);
        headers = Map.copyOf(headers);
    }

    static OutboundTrunk of(SIPOutboundTrunkInfo info) {
        return new OutboundTrunk(
                info.getSipTrunkId(),
                info.getName(),
                info.getAddress(),
                Transport.of(info.getTransport()),
                info.getNumbersList(),
                SipMessages.credentials(info.getAuthUsername(), info.getAuthPassword()),
                info.getHeadersMap());
    }

    /** The trunk as it is, with what we set up. */
    SIPOutboundTrunkInfo on(SIPOutboundTrunkInfo present) {
        return present.toBuilder()
                .setName(name)
                .setAddress(address)
                .setTransport(transport.message)
                .clearNumbers()
                .addAllNumbers(numbers)
                .setAuthUsername(credentials == null ? "" : credentials.username())
                .setAuthPassword(credentials == null ? "" : credentials.password())
                .clearHeaders()
                .putAllHeaders(headers)
                .build();
    }
}
