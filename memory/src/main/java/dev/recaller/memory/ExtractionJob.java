package dev.recaller.memory;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.recaller.memory.extract.Extractor;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * A call that a model is to read once it is over, as {@code scheduled_tasks.task_data} has it. Ids and settings, nothing of
 * what was said and by whom, so that any worker can do it.
 *
 * @param model as its provider names it; null: up to the worker
 * @param retentionDays as the call was stored with
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ExtractionJob(
        String organizationId,
        UUID callId,
        @Nullable String model,
        int retentionDays,
        boolean extractEntities,
        boolean extractPreferences) {

    /** {@code scheduled_tasks.task_name}. */
    public static final String KIND = "extraction";

    private static final JsonMapper JSON = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .build();

    public ExtractionJob {
        requireNonNull(organizationId, "organizationId is null");
        requireNonNull(callId, "callId is null");
    }

    /** {@code scheduled_tasks.task_instance} of a call: one a version of the extractor. */
    public static String instance(UUID callId) {
        return callId + "/" + Extractor.VERSION;
    }

    /** What the flow said, to be resolved with what its organization says by now. */
    public MemoryConfiguration.Given memory() {
        return new MemoryConfiguration.Given(
                true, null, null, null, retentionDays, extractEntities, extractPreferences);
    }

    public byte[] json() {
        return JSON.writeValueAsString(this).getBytes(StandardCharsets.UTF_8);
    }

    /**
     * Reads a row's data.
     *
     * @throws IllegalArgumentException when it is none of a job
     */
    public static ExtractionJob read(byte[] json) {
        try {
            return JSON.readValue(json, ExtractionJob.class);
        } catch (JacksonException e) {
            throw new IllegalArgumentException("no job of extraction", e);
        }
    }
}
