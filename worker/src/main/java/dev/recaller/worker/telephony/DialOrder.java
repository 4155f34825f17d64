package dev.recaller.worker.telephony;

import static java.util.Objects.requireNonNull;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Whom a worker is to telephone: the field {@code dial} of a job's metadata, {@code {"to", "trunkId", "from"}}.
 *
 * @param to a number in E.164, or a SIP user
 * @param trunkId the outbound trunk's
 * @param from one of the trunk's numbers; empty: LiveKit takes one
 */
public record DialOrder(String to, String trunkId, String from) {
    /** Names in a job's metadata that have a meaning to us. */
    public static final Set<String> RESERVED = Set.of("organizationId", "flow", "dial", CallOrder.FIELD);

    private static final JsonMapper JSON = new JsonMapper();

    public DialOrder {
        requireNonNull(from, "from is null");
        if (to.isBlank() || trunkId.isBlank()) {
            throw new IllegalArgumentException("dial must have both 'to' and 'trunkId'");
        }
    }

    /**
     * Reads it.
     *
     * @return empty when the job is for a caller who comes by themselves
     * @throws IllegalArgumentException when somebody is to be telephoned, and it is not said whom
     */
    public static Optional<DialOrder> of(String jobMetadata) {
        JsonNode dial;
        try {
            dial = jobMetadata.isBlank()
                    ? JSON.nullNode()
                    : JSON.readTree(jobMetadata).path("dial");
        } catch (JacksonException e) {
            return Optional.empty();
        }
        return dial.isMissingNode() || dial.isNull()
                ? Optional.empty()
                : Optional.of(new DialOrder(
                        dial.path("to").asString(""),
                        dial.path("trunkId").asString(""),
                        dial.path("from").asString("")));
    }

    /** The metadata of a job that does it, with what else the job shall know. */
    public String metadata(Map<String, ?> others) {
        var dial = new LinkedHashMap<String, String>();
        dial.put("to", to);
        dial.put("trunkId", trunkId);
        if (!from.isEmpty()) {
            dial.put("from", from);
        }
        var metadata = new LinkedHashMap<String, Object>(others);
        metadata.put("dial", dial);
        return JSON.writeValueAsString(metadata);
    }
}
