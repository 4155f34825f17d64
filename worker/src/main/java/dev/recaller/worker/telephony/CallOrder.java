package dev.recaller.worker.telephony;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What the control API wants of a call: the field {@code control} of its job's metadata. Only who has a key of the LiveKit
 * server can write it.
 *
 * @param callId the call's own id, told to who began it
 * @param userId the organization's own id of the caller, which it vouches for; absent: the telephone tells
 * @param phoneNumber of a caller whose telephone tells none
 * @param variables first values of the flow's variables, as text
 */
public record CallOrder(
        @Nullable UUID callId,
        @Nullable String userId,
        @Nullable String phoneNumber,
        Map<String, String> variables) {

    /** The field's name. */
    public static final String FIELD = "control";

    private static final CallOrder NOTHING = new CallOrder(null, null, null, Map.of());
    private static final JsonMapper JSON = new JsonMapper();

    public CallOrder {
        variables = Map.copyOf(variables);
    }

    /** Reads it; wants nothing where there is none, and what cannot be read is not wanted. */
    public static CallOrder of(String jobMetadata) {
        try {
            JsonNode order = jobMetadata.isBlank()
                    ? JSON.nullNode()
                    : JSON.readTree(jobMetadata).path(FIELD);
            if (!order.isObject()) {
                return NOTHING;
            }
            Map<String, String> variables = new LinkedHashMap<>();
            order.path("variables").properties().stream()
                    .filter(variable -> variable.getValue().isString())
                    .forEach(variable ->
                            variables.put(variable.getKey(), variable.getValue().stringValue()));
            return new CallOrder(
                    uuid(order.path("callId")), text(order.path("userId")), text(order.path("phoneNumber")), variables);
        } catch (JacksonException e) {
            return NOTHING;
        }
    }

    /** As a value of the job's metadata. */
    public Map<String, Object> json() {
        Map<String, Object> order = new LinkedHashMap<>();
        Optional.ofNullable(callId).ifPresent(id -> order.put("callId", id.toString()));
        Optional.ofNullable(userId).ifPresent(id -> order.put("userId", id));
        Optional.ofNullable(phoneNumber).ifPresent(number -> order.put("phoneNumber", number));
        if (!variables.isEmpty()) {
            order.put("variables", variables);
        }
        return order;
    }

    private static @Nullable UUID uuid(JsonNode value) {
        try {
            return value.isString() ? UUID.fromString(value.stringValue()) : null;
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private static @Nullable String text(JsonNode value) {
        return value.isString() && !value.stringValue().isBlank() ? value.stringValue() : null;
    }

    /** Without what is in it: callers end up in messages. */
    @Override
    public String toString() {
        return "CallOrder[" + callId + "]";
    }
}
