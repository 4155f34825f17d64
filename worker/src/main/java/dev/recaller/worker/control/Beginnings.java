package dev.recaller.worker.control;

import dev.recaller.flow.FlowContext;
import dev.recaller.flow.definition.MetadataSource;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads what a call is to be begun with. */
final class Beginnings {

    /** As in {@code calls.proto}; the number in E.164. */
    record Beginning(
            @Nullable String flow,
            @Nullable String userId,
            Map<String, String> metadata,
            Map<String, String> variables) {}

    private final Mistakes mistakes;

    Beginnings(Mistakes mistakes) {
        this.mistakes = mistakes;
    }

    /** Ends the request if anything is wrong with it, or was before. */
    Beginning read(String field, dev.recaller.worker.control.v1.Beginning given) {
        String flow = mistakes.optional(field + ".flow", given.getFlow(), 200);
        String userId = mistakes.optional(field + ".user_id", given.getUserId(), 200);
        Map<String, String> metadata =
                mistakes.map(field + ".metadata", given.getMetadataMap(), MetadataSource.MAX_LENGTH);
        String number = metadata.getOrDefault(FlowContext.PHONE_NUMBER, "");
        String _ = mistakes.phoneNumber(field + ".metadata." + FlowContext.PHONE_NUMBER, number);
        Map<String, String> variables = mistakes.map(field + ".variables", given.getVariablesMap(), 10_000);
        mistakes.check();
        return new Beginning(flow.isBlank() ? null : flow, userId.isBlank() ? null : userId, metadata, variables);
    }
}
