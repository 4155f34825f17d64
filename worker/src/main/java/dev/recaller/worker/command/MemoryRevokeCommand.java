package dev.recaller.worker.command;

import static java.util.Objects.requireNonNull;

import dev.recaller.memory.privacy.Consent;
import dev.recaller.worker.control.ControlClient;
import java.io.PrintStream;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "revoke",
        description = "End a consent to share at once.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Examples:",
            "  recaller memory revoke 019a0b51-77e3-7d4c-9f3e-0242ac120002",
            "  recaller psql \"SELECT id, grantee, categories, expires_at, revoked_at FROM consents\"",
            "",
            "Exit code 1 when this organization gave no such consent.",
            "Settings: RECALLER_ORGANIZATION, RECALLER_HOME or RECALLER_DATABASE_URL; or RECALLER_SERVER with RECALLER_KEY."
        })
final class MemoryRevokeCommand extends ServedOperation {

    @Parameters(paramLabel = "CONSENT", description = "Its id, as 'memory share' printed it.")
    private @Nullable UUID consent;

    @Override
    int run(ControlClient client, PrintStream out) {
        UUID id = requireNonNull(consent, "picocli demands it");
        Consent revoked = client.memories().revoke(id);
        out.println(
                json()
                        ? json(revoked)
                        : "Revoked: " + revoked.grantee() + " reads nothing by consent " + id + " any more");
        return 0;
    }
}
