package dev.recaller.memory;

import static dev.recaller.sql.schema.Tables.ORGANIZATIONS;

import dev.recaller.sql.schema.tables.records.OrganizationsRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** Organizations' defaults for memory, read at most once in {@link #FRESH}. One without a row has none. */
final class Organizations {

    static final Duration FRESH = Duration.ofSeconds(10);

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    private record Known(MemoryConfiguration.Given defaults, Instant readAt) {}

    private final Stores stores;
    private final Map<String, Known> known = new ConcurrentHashMap<>();

    Organizations(Stores stores) {
        this.stores = stores;
    }

    MemoryConfiguration.Given defaults(String organizationId) {
        Instant now = stores.now();
        Known cached = known.get(organizationId);
        if (cached == null || !now.isBefore(cached.readAt().plus(FRESH))) {
            cached = new Known(read(organizationId), now);
            known.put(organizationId, cached);
        }
        return cached.defaults();
    }

    /** The next one that has rows, by id. */
    Optional<String> after(String organizationId) {
        String next = stores.<@Nullable String>write(
                "",
                tx -> tx.fetchSingle("select recaller.next_organization(?)", organizationId)
                        .get(0, String.class));
        return Optional.ofNullable(next);
    }

    private MemoryConfiguration.Given read(String organizationId) {
        @Nullable
        OrganizationsRecord row = stores.read(
                organizationId,
                tx -> tx.selectFrom(ORGANIZATIONS)
                        .where(ORGANIZATIONS.ORGANIZATION_ID.eq(organizationId))
                        .fetchOne());
        if (row == null) {
            return MemoryConfiguration.Given.NOTHING;
        }
        MemoryConfiguration.Given given = row.getMemory() == null
                ? MemoryConfiguration.Given.NOTHING
                : parse(organizationId, row.getMemory().data());
        return given.retainedAtMost(row.getRetentionDays());
    }

    private static MemoryConfiguration.Given parse(String organizationId, String json) {
        try {
            return JSON.readValue(json, MemoryConfiguration.Given.class);
        } catch (JacksonException e) {
            throw MemoryException.unavailable(new IllegalStateException(
                    "organizations.memory of " + organizationId + " is not valid: " + e.getOriginalMessage(), e));
        }
    }
}
