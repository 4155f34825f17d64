package dev.recaller.memory;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a flow may do with memory.
 *
 * @param retentionDays days a stored row lives, 1 to 3650
 * @param autoStore store each turn as it ends; otherwise only a {@code memory_store} node stores
 * @param extractEntities let a model extract facts, events, entities and relationships after the call
 * @param extractPreferences let a model extract preferences after the call; either of the two lets it summarise the call
 */
public record MemoryConfiguration(
        boolean enabled,
        boolean usePhoneNumber,
        boolean useUserId,
        boolean autoStore,
        int retentionDays,
        boolean extractEntities,
        boolean extractPreferences) {

    public static final MemoryConfiguration DEFAULT =
            new MemoryConfiguration(true, true, true, false, 365, false, false);

    public MemoryConfiguration {
        if (retentionDays < 1 || retentionDays > 3650) {
            throw new IllegalArgumentException("retentionDays: " + retentionDays + " is not 1 to 3650");
        }
    }

    /** Whether a model reads calls after they ended. */
    public boolean extracts() {
        return enabled && (extractEntities || extractPreferences);
    }

    /** What this configuration lets be used of an identity; empty: none of it, or memory is off. */
    Optional<MemoryIdentity> usable(MemoryIdentity identity) {
        String user = useUserId ? identity.userId() : null;
        String phone = usePhoneNumber ? identity.phoneNumber() : null;
        return enabled && (user != null || phone != null)
                ? Optional.of(new MemoryIdentity(identity.organizationId(), user, phone))
                : Optional.empty();
    }

    /** The fields somebody gave, the others absent: a flow's {@code configuration.memory}, an organization's defaults. */
    public record Given(
            @Nullable Boolean enabled,
            @Nullable Boolean usePhoneNumber,
            @Nullable Boolean useUserId,
            @Nullable Boolean autoStore,
            @Nullable Integer retentionDays,
            @Nullable Boolean extractEntities,
            @Nullable Boolean extractPreferences) {
        public static final Given NOTHING = new Given(null, null, null, null, null, null, null);

        /** These fields, with the shorter of both retentions. */
        Given retainedAtMost(@Nullable Integer days) {
            Integer shorter = days == null || (retentionDays != null && retentionDays <= days) ? retentionDays : days;
            return new Given(
                    enabled, usePhoneNumber, useUserId, autoStore, shorter, extractEntities, extractPreferences);
        }
    }

    /**
     * The flow's field wins, then the organization's, then the default; except that an organization's {@code enabled:
     * false} always wins, and so does the shorter retention.
     */
    public static MemoryConfiguration resolve(Given flow, Given organization) {
        return new MemoryConfiguration(
                !Boolean.FALSE.equals(organization.enabled)
                        && first(flow.enabled, organization.enabled, DEFAULT.enabled),
                first(flow.usePhoneNumber, organization.usePhoneNumber, DEFAULT.usePhoneNumber),
                first(flow.useUserId, organization.useUserId, DEFAULT.useUserId),
                first(flow.autoStore, organization.autoStore, DEFAULT.autoStore),
                Math.min(
                        first(flow.retentionDays, organization.retentionDays, DEFAULT.retentionDays),
                        organization.retentionDays == null ? Integer.MAX_VALUE : organization.retentionDays),
                first(flow.extractEntities, organization.extractEntities, DEFAULT.extractEntities),
                first(flow.extractPreferences, organization.extractPreferences, DEFAULT.extractPreferences));
    }

    private static <T> T first(@Nullable T flow, @Nullable T organization, T otherwise) {
        return flow != null ? flow : organization != null ? organization : otherwise;
    }
}
