package dev.recaller.worker.command;

import dev.recaller.memory.privacy.Consent;
import dev.recaller.worker.control.ControlClient;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "share",
        description = "Let another organization read what is remembered of a caller who agreed to it.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "The other organization finds the caller by the number. Every read is noted in this organization's audit. The",
            "consent ends by itself, or at once by 'recaller memory revoke'.",
            "",
            "Examples:",
            "  recaller memory share --phone +1234567890 --with acme --categories name,preferences \\",
            "      --purpose \"booking a table\" --evidence \"call 019a0b51, 2026-11-25\" --days 30",
            "",
            "Settings: RECALLER_ORGANIZATION, RECALLER_HASH_KEY, RECALLER_HOME or RECALLER_DATABASE_URL;",
            "or RECALLER_SERVER with RECALLER_KEY."
        })
final class MemoryShareCommand extends ServedOperation {

    @Mixin
    private final WhoseOptions whose = new WhoseOptions();

    @Option(names = "--with", required = true, paramLabel = "ORG", description = "The organization that may read.")
    private String grantee = "";

    @Option(
            names = "--categories",
            required = true,
            split = ",",
            paramLabel = "CATEGORY",
            description = "What it may read: ${COMPLETION-CANDIDATES}.")
    private List<Consent.Category> categories = List.of();

    @Option(names = "--purpose", required = true, paramLabel = "TEXT", description = "What for.")
    private String purpose = "";

    @Option(names = "--evidence", required = true, paramLabel = "TEXT", description = "How the caller agreed.")
    private String evidence = "";

    @Option(names = "--days", required = true, paramLabel = "N", description = "How long, in days from now.")
    private int days;

    @Override
    int run(ControlClient client, PrintStream out) {
        if (days < 1) {
            throw misused("--days " + days + " is less than 1.");
        }
        Set<Consent.Category> shared = EnumSet.copyOf(categories);
        Consent consent = client.memories()
                .share(
                        whose.whose(this),
                        grantee,
                        shared,
                        purpose,
                        Instant.now().plus(Duration.ofDays(days)),
                        evidence);
        out.println(
                json()
                        ? json(consent)
                        : "Consent " + consent.id() + ": " + grantee + " may read until "
                                + TIME.format(consent.expiresAt()));
        return 0;
    }
}
