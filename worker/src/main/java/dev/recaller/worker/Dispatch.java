package dev.recaller.worker;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a call's metadata {@code {"organizationId", "flow"}} asks for. Other fields are others' business.
 *
 * <p>Nothing in it can lose the call: what cannot be used is a warning, and something else decides. One thing nothing else
 * may decide: when the text may have named an organization and we cannot read which, the caller stays a stranger, because
 * another organization's memory of the same number may be about somebody else's customer.
 *
 * @param organizationId 1 to 64 characters; absent: not asked for
 * @param flow as named: a file, relative to the folder of the default flow, or the id of a flow in the organization's
 *     database; absent: not asked for
 * @param remembering false when it is unknown whose memory the call belongs to: nothing may be recalled or stored
 * @param warnings for the log
 */
record Dispatch(@Nullable String organizationId, @Nullable String flow, boolean remembering, List<String> warnings) {

    private static final JsonMapper JSON = new JsonMapper();
    private static final String ORGANIZATION = "organizationId";
    static final Dispatch NOTHING = new Dispatch(null, null, true, List.of());

    Dispatch {
        warnings = List.copyOf(warnings);
    }

    /** Reads a job's metadata, which is written for us; empty where the dispatch has none. */
    static Dispatch ofJob(String text) {
        return text.isBlank() ? NOTHING : of(text, "job");
    }

    /** Reads a room's metadata, which may be somebody else's text: then it asks for nothing. */
    static Dispatch ofRoom(String text) {
        return text.contains(ORGANIZATION) || object(text) != null ? of(text, "room") : NOTHING;
    }

    /** What this asks for, and what it leaves open from the next one. A flow goes with its organization. */
    Dispatch or(Dispatch next) {
        boolean another = organizationId != null
                && (next.organizationId == null ? !next.remembering : !organizationId.equals(next.organizationId));
        if (!remembering || another) {
            return this;
        }
        List<String> both = new ArrayList<>(warnings);
        both.addAll(next.warnings);
        return new Dispatch(
                organizationId == null ? next.organizationId : organizationId,
                flow == null ? next.flow : flow,
                organizationId != null || next.remembering,
                both);
    }

    private static Dispatch of(String text, String where) {
        JsonNode document;
        try {
            document = JSON.readTree(text);
        } catch (JacksonException e) {
            return unreadable(
                    where,
                    "is not JSON (line " + e.getLocation().getLineNr() + ", column "
                            + e.getLocation().getColumnNr() + ")");
        }
        if (!document.isObject()) {
            return unreadable(where, "is not a JSON object");
        }
        List<String> warnings = new ArrayList<>();
        JsonNode organization = document.path(ORGANIZATION);
        boolean named = organization.isString()
                && !organization.stringValue().isBlank()
                && organization.stringValue().length() <= 64;
        boolean absent = organization.isMissingNode() || organization.isNull();
        if (!named && !absent) {
            warnings.add("the " + where + "'s metadata has an organizationId that is not a text of 1 to 64 characters:"
                    + " the call goes on without memory");
        }
        JsonNode flow = document.path("flow");
        boolean flowNamed = flow.isString() && !flow.stringValue().isBlank();
        if (!flow.isString() && !flow.isMissingNode() && !flow.isNull()) {
            warnings.add("the " + where + "'s metadata has a flow that is not a text: as if it had none");
        }
        return new Dispatch(
                named ? organization.stringValue() : null,
                flowNamed ? flow.stringValue() : null,
                named || absent,
                warnings);
    }

    private static @Nullable JsonNode object(String text) {
        try {
            JsonNode document = JSON.readTree(text);
            return document.isObject() ? document : null;
        } catch (JacksonException e) {
            return null;
        }
    }

    private static Dispatch unreadable(String where, String what) {
        return new Dispatch(
                null,
                null,
                false,
                List.of("the " + where + "'s metadata " + what
                        + ": the default flow is run without memory, as the organization is unknown;"
                        + " expected {\"organizationId\": \"...\", \"flow\": \"...\"}"));
    }
}
