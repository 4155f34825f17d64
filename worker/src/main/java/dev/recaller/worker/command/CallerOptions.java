package dev.recaller.worker.command;

import dev.recaller.memory.MemoryIdentity;
import dev.recaller.worker.caller.CallerId;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that say which caller a command is about. */
final class CallerOptions {

    @Option(names = "--phone", paramLabel = "NUMBER", description = "The caller's number, + first.")
    private @Nullable String phone;

    @Option(names = "--user", paramLabel = "ID", description = "The organization's own id of the caller.")
    private @Nullable String user;

    boolean isGiven() {
        return phone != null || user != null;
    }

    MemoryIdentity identity(RecallerCommand command, String organizationId) {
        if (phone == null && user == null) {
            throw command.misused("Give --phone NUMBER, --user ID or both.");
        }
        String number = phone == null ? null : CallerId.of(phone, "ZZ").phoneNumber();
        if (phone != null && number == null) {
            throw command.misused("--phone " + phone + " is not an international number like +1234567890.");
        }
        return new MemoryIdentity(organizationId, user, number);
    }
}
