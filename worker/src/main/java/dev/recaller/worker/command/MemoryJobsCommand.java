package dev.recaller.worker.command;

import dev.recaller.memory.jobs.JobCounts;
import dev.recaller.memory.jobs.JobDesk;
import dev.recaller.memory.jobs.ParkedJob;
import java.io.PrintStream;
import java.util.List;
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
            "Settings: RECALLER_HOME or RECALLER_DATABASE_URL."
        })
final class MemoryJobsCommand extends MemoryOperation {

    @Option(names = "--retry", description = "Have the parked jobs tried again, by a worker that runs.")
    private boolean retry;

    /** What {@code --json} prints. */
    record Answer(List<JobCounts> jobs, List<ParkedJob> parked) {}

    @Override
    int run(Tools tools) {
        var desk = new JobDesk(tools.database(), tools.clock());
        if (retry) {
            desk.parked().forEach(desk::retry);
        }
        var answer = new Answer(desk.counts(), desk.parked());
        if (json()) {
            tools.out().println(json(answer));
        } else {
            print(answer, tools.out());
        }
        return 0;
    }

    private static void print(Answer answer, PrintStream out) {
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
