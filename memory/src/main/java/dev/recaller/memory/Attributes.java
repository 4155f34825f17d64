package dev.recaller.memory;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.recaller.sql.schema.tables.records.EntitiesRecord;
import java.util.UUID;
import org.jooq.JSONB;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * What {@code entities.attributes} says of a row.
 *
 * @param introducedIn of a caller's name: the call it was first said in
 * @param retiredIn of a caller's former name: the call in which another one replaced it
 * @param saidBy of anything else: the name of the caller who spoke of it, where callers share the number
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record Attributes(
        @Nullable UUID introducedIn,
        @Nullable UUID retiredIn,
        @Nullable String saidBy) {

    private static final JsonMapper JSON = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    static Attributes of(EntitiesRecord row) {
        return JSON.readValue(row.getAttributes().data(), Attributes.class);
    }

    JSONB json() {
        return JSONB.valueOf(JSON.writeValueAsString(this));
    }
}
