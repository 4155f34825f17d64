package dev.recaller.worker.recording;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * What was said in a recording, as its JSON has it; times are milliseconds since the recording's start. It holds no number.
 *
 * @param flow the flow that ran
 * @param startedAt of the recording, which a consent phrase comes before
 * @param complete false: the recording ended before the call
 * @param consent what the caller was told before it
 * @param turns in the order they began
 */
public record Transcript(
        int schemaVersion,
        UUID callId,
        String organizationId,
        Flow flow,
        Instant startedAt,
        long durationMs,
        boolean complete,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String consent,
        List<Turn> turns) {

    static final int SCHEMA_VERSION = 1;
    private static final String SCHEMA = "transcript.schema.json";

    public record Flow(String id, int version) {}

    public enum Speaker {
        @JsonProperty("caller")
        CALLER,
        @JsonProperty("agent")
        AGENT
    }

    /**
     * One side's words without the other's between them.
     *
     * @param cutShort the agent had more to say; what is here was heard
     * @param words of a caller whose transcriber tells when each was said
     */
    public record Turn(
            Speaker speaker,
            long fromMs,
            long toMs,
            String text,
            @JsonInclude(JsonInclude.Include.NON_DEFAULT) boolean cutShort,
            @JsonInclude(JsonInclude.Include.NON_EMPTY) List<Word> words) {
        public Turn {
            words = List.copyOf(words);
        }
    }

    public record Word(String text, long fromMs, long toMs) {}

    public Transcript {
        turns = List.copyOf(turns);
    }

    String json() {
        return JsonMapper.shared().writeValueAsString(this);
    }

    /** The format's JSON Schema (draft 2020-12). */
    public static String schema() {
        try (InputStream schema = Transcript.class.getResourceAsStream(SCHEMA)) {
            if (schema == null) {
                throw new IllegalStateException(SCHEMA + " is not on the class path");
            }
            return new String(schema.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
