package dev.recaller.worker;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a job's metadata {@code {"organizationId", "flow"}} asks for. Other fields are others' business.
 *
 * <p>Nothing in it can lose the call: what cannot be used is a warning, and the default stands. One thing is not
 * defaulted: when the text may have named an organization and we cannot read which, the caller stays a stranger,
 * because the default organization's memory of the same number may be about somebody else's customer.
 *
 * @param organizationId never blank, at most 64 characters
 * @param flow as named: a file, relative to the folder of the default flow, or the id of a flow in the organization's
 *     database; absent: the default flow
 * @param remembering false when it is unknown whose memory the call belongs to: nothing may be recalled or stored
 * @param warnings for the log
 */
public record JobMetadata(String organizationId, @Nullable String flow, boolean remembering, List<String> warnings) {

    private static final JsonMapper JSON = new JsonMapper();

    public JobMetadata {
        warnings = List.copyOf(warnings);
    }

    /**
     * Reads what it can.
     *
     * @param text as LiveKit passed it on; empty where the dispatch has none
     */
    public static JobMetadata read(String text, String defaultOrganizationId) {
        if (text.isBlank()) {
            return new JobMetadata(defaultOrganizationId, null, true, List.of());
        }
        JsonNode document;
        try {
            document = JSON.readTree(text);
        } catch (JacksonException e) {
            return unreadable(
                    defaultOrganizationId,
                    "is not JSON (line " + e.getLocation().getLineNr() + ", column "
                            + e.getLocation().getColumnNr() + ")");
        }
        if (!document.isObject()) {
            return unreadable(defaultOrganizationId, "is not a JSON object");
        }
        List<String> warnings = new ArrayList<>();
        JsonNode organization = document.path("organizationId");
        boolean named = organization.isString()
                && !organization.stringValue().isBlank()
                && organization.stringValue().length() <= 64;
        boolean absent = organization.isMissingNode() || organization.isNull();
        if (!named && !absent) {
            warnings.add("the job's metadata has an organizationId that is not a text of 1 to 64 characters:"
                    + " the call goes on without memory");
        }
        JsonNode flow = document.path("flow");
        if (!flow.isString() && !flow.isMissingNode() && !flow.isNull()) {
            warnings.add("the job's metadata has a flow that is not a text: the default flow is run");
        }
        return new JobMetadata(
                named ? organization.stringValue() : defaultOrganizationId,
                flow.isString() ? flow.stringValue() : null,
                named || absent,
                warnings);
    }

    private static JobMetadata unreadable(String defaultOrganizationId, String what) {
        return new JobMetadata(
                defaultOrganizationId,
                null,
                false,
                List.of("the job's metadata " + what
                        + ": the default flow is run without memory, as the organization is unknown;"
                        + " expected {\"organizationId\": \"...\", \"flow\": \"...\"}"));
    }
}
