package dev.recaller.memory;

import static java.util.Objects.requireNonNull;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Whose memory: an organization's user, phone number, or both.
 *
 * @param organizationId 1 to 64 characters
 * @param userId the organization's own id of the person, never empty
 * @param phoneNumber {@code +} and 7 to 15 digits (E.164 or plausible), see the caller ID rules
 */
public record MemoryIdentity(
        String organizationId,
        @Nullable String userId,
        @Nullable String phoneNumber) {

    private static final Pattern PHONE_NUMBER = Pattern.compile("\\+[1-9][0-9]{6,14}");

    public MemoryIdentity {
        requireNonNull(organizationId, "organizationId is null");
        if (organizationId.isBlank() || organizationId.length() > 64) {
            throw new IllegalArgumentException("organizationId needs 1 to 64 characters");
        }
        if (userId == null && phoneNumber == null) {
            throw new IllegalArgumentException("an identity needs a user id, a phone number or both");
        }
        if (userId != null && userId.isBlank()) {
            throw new IllegalArgumentException("userId is blank");
        }
        if (phoneNumber != null && !PHONE_NUMBER.matcher(phoneNumber).matches()) {
            throw new IllegalArgumentException("phoneNumber is not + and 7 to 15 digits");
        }
    }

    public static MemoryIdentity ofPhone(String organizationId, String phoneNumber) {
        return new MemoryIdentity(organizationId, null, phoneNumber);
    }

    public static MemoryIdentity ofUser(String organizationId, String userId) {
        return new MemoryIdentity(organizationId, userId, null);
    }
}
