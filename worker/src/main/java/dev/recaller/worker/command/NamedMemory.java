package dev.recaller.worker.command;

import dev.recaller.memory.Memory;
import dev.recaller.memory.MemoryId;
import dev.recaller.memory.MemoryIdentity;
import dev.recaller.worker.caller.CallerId;
import java.util.Optional;
import java.util.UUID;

/** A memory as an argument names it: by its id, by a number that begins with {@code +}, or by a user's id. */
final class NamedMemory {

    private NamedMemory() {}

    /** Fails with what was looked for when nobody is remembered by that name. */
    static MemoryId of(RecallerCommand command, MemoryOperation.Tools tools, String option, String name) {
        Optional<UUID> id = uuid(name);
        if (id.isPresent()) {
            return new MemoryId(tools.organizationId(), id.get());
        }
        MemoryIdentity identity = name.startsWith("+")
                ? MemoryIdentity.ofPhone(tools.organizationId(), number(command, option, name))
                : MemoryIdentity.ofUser(tools.organizationId(), name);
        return tools.memory()
                .find(identity)
                .map(Memory::id)
                .orElseThrow(() -> new IllegalArgumentException(option + " " + name
                        + ": no one memory has this identity. 'recaller memory show' tells what is remembered."));
    }

    private static String number(RecallerCommand command, String option, String name) {
        String number = CallerId.of(name, "ZZ").phoneNumber();
        if (number == null) {
            throw command.misused(option + " " + name + " is not an international number like +1234567890.");
        }
        return number;
    }

    static Optional<UUID> uuid(String text) {
        try {
            UUID id = UUID.fromString(text);
            return id.toString().equalsIgnoreCase(text) ? Optional.of(id) : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
