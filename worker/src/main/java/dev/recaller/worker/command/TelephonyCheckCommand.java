package dev.recaller.worker.command;

import dev.recaller.livekit.LiveKitException;
import dev.recaller.worker.telephony.Finding;
import dev.recaller.worker.telephony.TrunkCheck;
import dev.recaller.worker.telephony.WorkerProbe;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "check",
        description = "Find what keeps calls from arriving as they should.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Looks at the LiveKit server's trunks and dispatch rules, and offers the workers a job in a room of its own, which",
            "one of them takes and ends at once: no caller is disturbed, and nothing is left behind. A line for each mistake,",
            "with what to do.",
            "",
            "Examples:",
            "  recaller telephony check",
            "  recaller telephony check --number +15105550100 --json",
            "",
            "Exit codes: 0 all is well, 1 something is wrong, 2 wrong arguments or settings.",
            "Settings: LIVEKIT_URL, LIVEKIT_API_KEY, LIVEKIT_API_SECRET, RECALLER_AGENT_NAME (as the workers have it)."
        })
final class TelephonyCheckCommand extends TelephonyOperation {
    /** LiveKit's server asks workers for up to 3 s, and remembers for a moment who is there. */
    private static final Duration PROBE_LIMIT = Duration.ofSeconds(5);

    @Option(
            names = "--number",
            paramLabel = "NUMBER",
            split = ",",
            description = "Only what concerns this number, with its country; may be repeated.")
    private List<String> numbers = List.of();

    @Override
    int run(Tools tools) throws InterruptedException {
        List<String> called =
                numbers.stream().map(number -> number(this, "--number", number)).toList();
        String agent = tools.configuration().agentName();
        URI url = tools.access().url();
        var findings = new ArrayList<Finding>();
        boolean answers = true;
        try {
            findings.addAll(
                    TrunkCheck.of(tools.sip().inboundTrunks(), tools.sip().dispatchRules(), agent, called));
        } catch (LiveKitException e) {
            findings.add(finding(e, url));
            answers = e.code() == LiveKitException.Code.SIP_UNAVAILABLE;
        }
        String taken = "";
        if (answers) {
            try {
                Optional<Duration> within = WorkerProbe.ask(tools.server(), agent, PROBE_LIMIT);
                if (within.isEmpty()) {
                    findings.add(new Finding(
                            "no worker took a job for agent " + agent + " within " + PROBE_LIMIT.toSeconds() + " s",
                            "start one with 'recaller worker' and RECALLER_AGENT_NAME=" + agent
                                    + ", or more if all are full or draining"));
                } else {
                    taken = String.format(Locale.ROOT, "%.1f", within.get().toMillis() / 1000.0);
                }
            } catch (LiveKitException e) {
                findings.add(finding(e, url));
            }
        }
        report(tools, findings, agent, taken);
        return findings.isEmpty() ? 0 : Main.FAILED;
    }

    private void report(Tools tools, List<Finding> findings, String agent, String taken) {
        if (json()) {
            tools.out().println(json(Map.of("findings", findings)));
        } else if (findings.isEmpty()) {
            tools.out().println("All is well: a worker took a job for agent " + agent + " within " + taken + " s.");
        } else {
            findings.forEach(tools.out()::println);
        }
    }

    private static Finding finding(LiveKitException failure, URI url) {
        return switch (failure.code()) {
            case SERVER_UNREACHABLE ->
                new Finding(
                        "the LiveKit server does not answer at " + url, "start it, or set LIVEKIT_URL to where it is");
            case SERVER_UNAUTHORIZED ->
                new Finding(
                        "the LiveKit server at " + url + " refuses the key",
                        "set LIVEKIT_API_KEY and LIVEKIT_API_SECRET to a pair it knows");
            case SIP_UNAVAILABLE ->
                new Finding(
                        "the LiveKit server at " + url + " has no SIP",
                        "set redis in its configuration and start livekit-sip with the same redis and keys");
            default -> new Finding("the LiveKit server at " + url + " refuses", String.valueOf(failure.getMessage()));
        };
    }
}
