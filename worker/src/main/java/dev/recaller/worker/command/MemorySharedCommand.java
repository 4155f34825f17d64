package dev.recaller.worker.command;

import dev.recaller.memory.privacy.Consent;
import dev.recaller.memory.privacy.SharedMemory;
import dev.recaller.worker.control.ControlClient;
import java.io.PrintStream;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
        name = "shared",
        description = "Show what other organizations let this one read.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Without a caller: the consents that hold now. With one: what they let be read of the caller with this number,",
            "as of a caller whose number is proven. The read is noted in the other organization's audit.",
            "",
            "Examples:",
            "  recaller memory shared --org acme",
            "  recaller memory shared --phone +1234567890 --org acme --json",
            "",
            "Settings: RECALLER_ORGANIZATION, RECALLER_HASH_KEY, RECALLER_HOME or RECALLER_DATABASE_URL;",
            "or RECALLER_SERVER with RECALLER_KEY."
        })
final class MemorySharedCommand extends ServedOperation {

    @Mixin
    private final CallerOptions caller = new CallerOptions();

    @Override
    int run(ControlClient client, PrintStream out) {
        if (!caller.isGiven()) {
            list(client.memories().consents(), out);
            return 0;
        }
        String number = caller.caller(this).phoneNumber();
        if (number == null) {
            throw misused("Give --phone NUMBER: another organization's callers are found by their number only.");
        }
        show(client.memories().shared(number), out);
        return 0;
    }

    private void list(List<Consent> consents, PrintStream out) {
        if (json()) {
            out.println(json(consents));
            return;
        }
        out.println(String.join("\t", "consent", "organization", "categories", "purpose", "until"));
        consents.forEach(consent -> out.println(String.join(
                "\t",
                consent.id().toString(),
                consent.memory().organizationId(),
                consent.categories().stream()
                        .map(category -> category.name().toLowerCase(Locale.ROOT))
                        .sorted()
                        .collect(Collectors.joining(",")),
                consent.purpose().replaceAll("[\\t\\r\\n]", " "),
                TIME.format(consent.expiresAt()))));
    }

    private void show(List<SharedMemory> memories, PrintStream out) {
        if (json()) {
            out.println(json(memories));
            return;
        }
        if (memories.isEmpty()) {
            status("Nothing is shared of this caller.");
        }
        for (SharedMemory memory : memories) {
            out.println("From: " + memory.consent().memory().organizationId() + ", for "
                    + memory.consent().purpose());
            if (memory.name() != null) {
                out.println("Name: " + memory.name());
            }
            memory.preferences().forEach(value -> out.println("Preference: " + value.key() + " = " + value.value()));
            memory.entities().forEach(entity -> out.println("Knows: " + entity.name()));
            memory.facts().forEach(fact -> out.println("Fact: " + fact.content()));
            memory.conversation()
                    .forEach(turn -> out.println(TIME.format(turn.saidAt()) + " "
                            + (turn.speaker() == null
                                    ? ""
                                    : turn.speaker().name().toLowerCase(Locale.ROOT) + ": ")
                            + turn.content()));
        }
    }
}
