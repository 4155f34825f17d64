package dev.recaller.worker.control;

import dev.recaller.worker.control.v1.Whose;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Whose memory: a caller by number (E.164), user or both, or a memory by its id. */
public record WhoseMemory(
        @Nullable String phoneNumber,
        @Nullable String userId,
        @Nullable UUID memoryId) {

    public static WhoseMemory of(UUID memoryId) {
        return new WhoseMemory(null, null, memoryId);
    }

    Whose message() {
        var whose = Whose.newBuilder();
        if (phoneNumber != null) {
            whose.setPhoneNumber(phoneNumber);
        }
        if (userId != null) {
            whose.setUserId(userId);
        }
        if (memoryId != null) {
            whose.setMemoryId(memoryId.toString());
        }
        return whose.build();
    }
}
