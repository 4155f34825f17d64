package dev.recaller.worker.command;

import dev.recaller.memory.MemoryId;
import dev.recaller.memory.privacy.Consent;
import dev.recaller.memory.privacy.Sharing;
import java.time.Duration;
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
            "Settings: RECALLER_ORGANIZATION, RECALLER_HASH_KEY, RECALLER_HOME or RECALLER_DATABASE_URL."
        })
final class MemoryShareCommand extends MemoryOperation {

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
    int run(Tools tools) {
        List<MemoryId> memories = whose.memories(this, tools);
        if (memories.size() != 1) {
            status(
                    memories.isEmpty()
                            ? "recaller: nothing is remembered of this caller"
                            : "recaller: this caller has " + memories.size()
                                    + " memories: name one with --memory ID, or" + " merge them first");
            return Main.FAILED;
        }
        if (days < 1) {
            throw misused("--days " + days + " is less than 1.");
        }
        if (grantee.equals(tools.organizationId())) {
            throw misused("--with " + grantee + " is the organization itself.");
        }
        Set<Consent.Category> shared = EnumSet.copyOf(categories);
        Consent consent = new Sharing(tools.database(), tools.clock(), tools.hash())
                .share(
                        memories.getFirst(),
                        grantee,
                        shared,
                        purpose,
                        tools.clock().instant().plus(Duration.ofDays(days)),
                        evidence,
                        tools.actor());
        tools.out()
                .println(
                        json()
                                ? json(consent)
                                : "Consent " + consent.id() + ": " + grantee + " may read until "
                                        + TIME.format(consent.expiresAt()));
        return 0;
    }
}
