package dev.recaller.worker.command;

import dev.recaller.worker.caller.CallerId;
import dev.recaller.worker.control.WhoseMemory;
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

    WhoseMemory caller(RecallerCommand command) {
        if (phone == null && user == null) {
            throw command.misused("Give --phone NUMBER, --user ID or both.");
        }
        return new WhoseMemory(phone == null ? null : number(command, "--phone", phone), user, null);
    }

    /** In E.164. */
    static String number(RecallerCommand command, String option, String given) {
        String number = CallerId.of(given, "ZZ").phoneNumber();
        if (number == null) {
            throw command.misused(option + " " + given + " is not an international number like +1234567890.");
        }
        return number;
    }
}
