package dev.recaller.livekit.testing;

import com.auth0.jwt.JWT;
import com.auth0.jwt.algorithms.Algorithm;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Room tokens for the others in a test's room; LiveKit's Java SDK cannot make one of kind SIP. */
public final class TestToken {
    private TestToken() {}

    /** A telephone, as livekit-sip joins it. */
    public static String sip(String room, String identity, Map<String, String> attributes) {
        return sign("sip", room, identity, attributes, Map.of());
    }

    /** A telephone for whose room an agent is dispatched, as a dispatch rule's room_config does it. */
    public static String sipWithAgent(
            String room, String identity, Map<String, String> attributes, String agentName, String metadata) {
        return sipWithAgent(room, identity, attributes, agentName, metadata, "");
    }

    /** As {@link #sipWithAgent}, and the room_config gives the room metadata too. */
    public static String sipWithAgent(
            String room,
            String identity,
            Map<String, String> attributes,
            String agentName,
            String metadata,
            String roomMetadata) {
        var agent = Map.of("agentName", agentName, "metadata", metadata);
        return sign("sip", room, identity, attributes, Map.of("agents", List.of(agent), "metadata", roomMetadata));
    }

    /** Anybody else. */
    public static String standard(String room, String identity) {
        return sign("standard", room, identity, Map.of(), Map.of());
    }

    private static String sign(
            String kind, String room, String identity, Map<String, String> attributes, Map<String, Object> roomConfig) {
        Instant now = Instant.now();
        var payload = new LinkedHashMap<String, Object>();
        payload.put("iss", LiveKitServerFixture.KEY);
        payload.put("sub", identity);
        payload.put("name", "name of " + identity);
        payload.put("kind", kind);
        payload.put("nbf", now.minusSeconds(10));
        payload.put("exp", now.plusSeconds(3600));
        payload.put("attributes", attributes);
        payload.put(
                "video",
                Map.of(
                        "room", room,
                        "roomJoin", true,
                        "canPublish", true,
                        "canSubscribe", true,
                        "canPublishData", true,
                        "canUpdateOwnMetadata", true));
        if (!roomConfig.isEmpty()) {
            payload.put("roomConfig", roomConfig);
        }
        return JWT.create().withPayload(payload).sign(Algorithm.HMAC256(LiveKitServerFixture.SECRET));
    }
}
