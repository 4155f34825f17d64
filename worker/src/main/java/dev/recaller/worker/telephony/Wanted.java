package dev.recaller.worker.telephony;

import dev.recaller.livekit.server.DispatchRule;
import dev.recaller.livekit.server.OutboundTrunk.Transport;
import dev.recaller.livekit.server.SipCredentials;
import dev.recaller.worker.caller.TrunkAttributes;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * How telephone calls of a carrier shall reach an agent.
 *
 * @param name of a trunk or rule that is not there yet
 * @param numbers in E.164, at least one
 * @param allowedAddresses of the carrier; none: as they are
 * @param credentials of the carrier; absent: as they are
 * @param region see {@link TrunkAttributes}
 * @param trusted see {@link TrunkAttributes}
 * @param userIdHeader the header with the caller's user id; absent: there is none
 * @param agent who takes the calls, and the metadata of the job
 * @param outbound absent: calls are not made, or by a trunk that is not touched
 */
public record Wanted(
        String name,
        List<String> numbers,
        List<String> allowedAddresses,
        @Nullable SipCredentials credentials,
        String region,
        boolean trusted,
        @Nullable String userIdHeader,
        DispatchRule.Agent agent,
        @Nullable Outbound outbound) {

    /**
     * The carrier as we call by it.
     *
     * @param headers of each call
     */
    public record Outbound(
            String address, Transport transport, @Nullable SipCredentials credentials, Map<String, String> headers) {}

    public Wanted {
        numbers = List.copyOf(numbers);
        allowedAddresses = List.copyOf(allowedAddresses);
    }

    /** With the attributes that are not ours as they are. */
    Map<String, String> headersToAttributes(Map<String, String> present) {
        var headers = others(present, Map.Entry::getValue);
        headers.putAll(TrunkAttributes.HEADERS);
        if (userIdHeader != null) {
            headers.put(userIdHeader, TrunkAttributes.USER_ID);
        }
        return headers;
    }

    /** With the attributes that are not ours as they are. */
    Map<String, String> attributes(Map<String, String> present) {
        var attributes = others(present, Map.Entry::getKey);
        attributes.put(TrunkAttributes.REGION, region);
        if (trusted) {
            attributes.put(TrunkAttributes.TRUSTED, "true");
        }
        return attributes;
    }

    private static Map<String, String> others(
            Map<String, String> present, Function<Map.Entry<String, String>, String> attribute) {
        var others = new TreeMap<>(present);
        others.entrySet().removeIf(entry -> attribute.apply(entry).startsWith("recaller."));
        return others;
    }
}
