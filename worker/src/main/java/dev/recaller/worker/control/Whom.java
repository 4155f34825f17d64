package dev.recaller.worker.control;

import dev.recaller.memory.Memory;
import dev.recaller.memory.MemoryId;
import dev.recaller.memory.MemoryIdentity;
import dev.recaller.memory.UnifiedMemoryService;
import dev.recaller.worker.control.v1.Whose;
import io.grpc.StatusRuntimeException;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Whose memory a request of this thread names. */
final class Whom {

    private final String organizationId = Request.organization();
    private final @Nullable String phoneNumber;
    private final @Nullable String userId;
    private final @Nullable UUID memory;
    private final String field;

    Whom(Mistakes mistakes, String field, Whose whose) {
        this.field = field;
        phoneNumber = mistakes.phoneNumber(field + ".phone_number", whose.getPhoneNumber());
        String user = mistakes.optional(field + ".user_id", whose.getUserId(), 200);
        userId = user.isBlank() ? null : user;
        memory = whose.getMemoryId().isEmpty() ? null : mistakes.id(field + ".memory_id", whose.getMemoryId());
        boolean caller = !whose.getPhoneNumber().isEmpty() || userId != null;
        if (caller == (memory != null)) {
            mistakes.add(
                    field,
                    "names nobody, or both a caller and a memory: give phone_number, user_id or both, or memory_id");
        }
    }

    boolean isMemory() {
        return memory != null;
    }

    MemoryId memory() {
        if (memory == null) {
            throw new IllegalStateException("a caller is named");
        }
        return new MemoryId(organizationId, memory);
    }

    MemoryIdentity identity() {
        return new MemoryIdentity(organizationId, userId, phoneNumber);
    }

    /** The one memory there is of this identity. */
    MemoryId one(UnifiedMemoryService service) {
        return isMemory()
                ? memory()
                : service.find(identity())
                        .map(Memory::id)
                        .orElseThrow(
                                () -> Failures.notFound("MEMORY_UNKNOWN", field + ": no one memory has this identity"));
    }

    static StatusRuntimeException unknown() {
        return Failures.notFound("MEMORY_UNKNOWN", "nothing is remembered of this caller");
    }

    /** The one memory or those of the caller; empty when the caller is not known. */
    List<MemoryId> memories(UnifiedMemoryService service) {
        return isMemory()
                ? List.of(memory())
                : service.memoriesOf(identity()).stream().map(Memory::id).toList();
    }
}
