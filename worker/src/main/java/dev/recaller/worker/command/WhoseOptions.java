package dev.recaller.worker.command;

import dev.recaller.worker.control.WhoseMemory;
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

    WhoseMemory whose(RecallerCommand command) {
        if (memory != null && caller.isGiven()) {
            throw command.misused("Give --memory ID, or --phone NUMBER and --user ID: not both.");
        }
        return memory == null ? caller.caller(command) : WhoseMemory.of(memory);
    }

    boolean isGiven() {
        return memory != null || caller.isGiven();
    }

    /** A memory as an argument names it: by its id, by a number that begins with {@code +}, or by a user's id. */
    static WhoseMemory named(RecallerCommand command, String option, String name) {
        try {
            UUID id = UUID.fromString(name);
            if (id.toString().equalsIgnoreCase(name)) {
                return WhoseMemory.of(id);
            }
        } catch (IllegalArgumentException e) {
            // a number or a user
        }
        return name.startsWith("+")
                ? new WhoseMemory(CallerOptions.number(command, option, name), null, null)
                : new WhoseMemory(null, name, null);
    }
}
