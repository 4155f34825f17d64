package dev.recaller.worker.command;

import dev.recaller.worker.control.ControlClient;
import dev.recaller.worker.control.JobsClient;
import java.io.PrintStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "jobs",
        description = "Show memory's jobs of all organizations, and those that failed too often.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Examples:",
            "  recaller memory jobs",
            "  recaller memory jobs --retry",
            "",
            "Settings: RECALLER_HOME or RECALLER_DATABASE_URL; or RECALLER_SERVER with RECALLER_KEY, a key of",
            "'recaller key create --installation'."
        })
final class MemoryJobsCommand extends ServedOperation {

    @Option(names = "--retry", description = "Have the parked jobs tried again, by a worker that runs.")
    private boolean retry;

    @Override
    int run(ControlClient client, PrintStream out) {
        JobsClient.Jobs answer = retry ? client.jobs().retry() : client.jobs().list();
        if (json()) {
            out.println(json(answer));
        } else {
            print(answer, out);
        }
        return 0;
    }

    private static void print(JobsClient.Jobs answer, PrintStream out) {
        if (answer.jobs().isEmpty()) {
            out.println("There are no jobs.");
        }
        answer.jobs()
                .forEach(job -> out.println(job.kind() + ": " + job.pending() + " pending, " + job.running()
                        + " running, " + job.parked() + " parked; the oldest due waits for "
                        + job.lag().toSeconds() + " s"));
        answer.parked()
                .forEach(job -> out.println("Parked: " + job.kind() + " " + job.instance() + ", " + job.failures()
                        + " failures, " + job.reason() + ", since " + TIME.format(job.parkedAt())));
    }
}
