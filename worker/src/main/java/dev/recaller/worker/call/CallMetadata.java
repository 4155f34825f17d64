package dev.recaller.worker.call;

import dev.recaller.flow.FlowContext;
import dev.recaller.flow.definition.MetadataSource;
import dev.recaller.flow.expression.JsonValues;
import dev.recaller.flow.expression.VariableType;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.MissingNode;

/**
 * What a call is told by whoever set it up: from it its plan is chosen, and what its flow gets as {@code metadata}. Much of
 * it is written by strangers: what cannot be used is left out, and nothing in it can lose the call.
 *
 * @param job the job's metadata, as LiveKit passed it on
 * @param room the room's metadata, as it is now
 * @param attributes of the caller's participant, as they are now
 */
public record CallMetadata(String job, String room, Map<String, String> attributes) {
    private static final Logger log = LoggerFactory.getLogger(CallMetadata.class);
    private static final JsonMapper JSON = new JsonMapper();
    /** livekit-sip writes a header's name here in small letters, however it was sent. */
    private static final String HEADER = "sip.h.";

    /** For {@link FlowContext}: the caller's number, and what the flow chose. */
    Map<String, String> forFlow(Map<String, MetadataSource> chosen, @Nullable String phoneNumber) {
        Map<String, String> metadata = new HashMap<>();
        if (!chosen.isEmpty()) {
            JsonNode ofJob = parse(job);
            JsonNode ofRoom = parse(room);
            chosen.forEach((name, source) -> {
                String value =
                        switch (source.place()) {
                            case JOB -> text(ofJob.path(source.key()));
                            case ROOM -> text(ofRoom.path(source.key()));
                            case PARTICIPANT -> attribute(source.key());
                        };
                if (value.length() > MetadataSource.MAX_LENGTH) {
                    log.warn("metadata.{} has more than {} characters: left out", name, MetadataSource.MAX_LENGTH);
                } else if (!value.isBlank()) {
                    metadata.put(name, value);
                }
            });
        }
        if (phoneNumber != null) {
            metadata.put(FlowContext.PHONE_NUMBER, phoneNumber);
        }
        return metadata;
    }

    private String attribute(String name) {
        String exact = attributes.get(name);
        if (exact == null && name.startsWith(HEADER)) {
            exact = attributes.get(name.toLowerCase(Locale.ROOT));
        }
        return exact == null ? "" : exact;
    }

    private static String text(JsonNode value) {
        return JsonValues.convert(value, VariableType.STRING)
                .map(String.class::cast)
                .orElse("");
    }

    private static JsonNode parse(String text) {
        try {
            return text.isBlank() ? MissingNode.getInstance() : JSON.readTree(text);
        } catch (JacksonException e) {
            return MissingNode.getInstance();
        }
    }

    /** Without what is in it: callers end up in messages. */
    @Override
    public String toString() {
        return "CallMetadata";
    }
}
