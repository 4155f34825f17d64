package dev.recaller.worker.command;

import dev.recaller.memory.Memory;
import dev.recaller.memory.MemoryId;
import dev.recaller.memory.MemoryIdentity;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options that name a memory, or the caller it is of. */
final class WhoseOptions {

    @Mixin
    private final CallerOptions caller = new CallerOptions();

    @Option(names = "--memory", paramLabel = "ID", description = "The memory's own id, as 'memory list' shows it.")
    private @Nullable UUID memory;

    /** The memory named by its id; null when the caller is named instead. */
    @Nullable
    MemoryId memory(RecallerCommand command, String organizationId) {
        if (memory != null && caller.isGiven()) {
            throw command.misused("Give --memory ID, or --phone NUMBER and --user ID: not both.");
        }
        return memory == null ? null : new MemoryId(organizationId, memory);
    }

    MemoryIdentity identity(RecallerCommand command, String organizationId) {
        return caller.identity(command, organizationId);
    }

    boolean isGiven() {
        return memory != null || caller.isGiven();
    }

    /** The one memory or those of the caller; empty when the caller is not known. */
    List<MemoryId> memories(RecallerCommand command, MemoryOperation.Tools tools) {
        MemoryId named = memory(command, tools.organizationId());
        return named != null
                ? List.of(named)
                : tools.memory().memoriesOf(identity(command, tools.organizationId())).stream()
                        .map(Memory::id)
                        .toList();
    }
}
