package dev.recaller.worker.command;

import static java.util.Objects.requireNonNull;

import dev.recaller.worker.Configuration;
import dev.recaller.worker.Configuration.LogFormat;
import dev.recaller.worker.Configuration.Purpose;
import dev.recaller.worker.Service;
import dev.recaller.worker.telemetry.Logging;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.Level;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

@Command(
        name = "worker",
        description = {
            "Take calls from LiveKit until told to stop (SIGTERM, Ctrl-C), then drain: take no more calls, and end with the"
                    + " last one. Told a second time it ends them with an apology; a third time it ends at once.",
            "",
            "Settings are read again when recaller.properties or the file of RECALLER_SECRETS changes, and on SIGHUP."
                    + " RECALLER_MAX_CALLS, RECALLER_DRAIN_SECONDS and the secrets follow at once; the log says which others"
                    + " wait for a restart. Flows and certificates follow their files, too."
        },
        mixinStandardHelpOptions = true,
        subcommands = {
            WorkerSteeringCommands.Status.class,
            WorkerSteeringCommands.Drain.class,
            WorkerSteeringCommands.Undrain.class,
        },
        footer = {
            "",
            "Example:",
            "  export LIVEKIT_URL=wss://example.livekit.cloud LIVEKIT_API_KEY=... LIVEKIT_API_SECRET=... OPENAI_API_KEY=...",
            "  recaller worker",
            "",
            "Settings (environment, or recaller.properties):",
            "  LIVEKIT_URL, LIVEKIT_API_KEY, LIVEKIT_API_SECRET  the LiveKit server",
            "  OPENAI_API_KEY and/or OPENAI_BASE_URL             speech and models",
            "  RECALLER_DATABASE_URL    PostgreSQL; without it one of our own in RECALLER_HOME",
            "  RECALLER_ORGANIZATION    of calls whose job names none (default)",
            "  RECALLER_FLOW            of calls whose job names none (flows/front-desk.json)",
            "  RECALLER_AGENT_NAME      the name LiveKit dispatches to (recaller)",
            "  RECALLER_MAX_CALLS       calls at once (10 a core)",
            "  RECALLER_DRAIN_SECONDS   how long calls may go on after SIGTERM (1800)",
            "  RECALLER_HTTP            /metrics, /health, /ready (127.0.0.1:8080)",
            "  RECALLER_CONTROL         the control API (127.0.0.1:8081), or off; another address needs TLS:",
            "  RECALLER_CONTROL_CERTIFICATE, RECALLER_CONTROL_KEY  files in PEM, read again when they change",
            "  RECALLER_CONTROL_CLIENT_CA  a file: clients need a certificate signed by one of it",
            "  RECALLER_CONTROL_URL     by which others reach it, told to who asks another worker for a call (its address)",
            "  RECALLER_OUTBOUND_HOSTS  hosts that flows may call, *.example.com for all below (every public one)",
            "  RECALLER_OUTBOUND_PRIVATE true: flows may call addresses that are not on the internet (false)",
            "  RECALLER_SECRET_NAME     what flows of every organization name ${NAME} in their requests",
            "  RECALLER_SECRETS         a file of those of one organization: {\"acme\": {\"NAME\": \"...\"}}",
            "  RECALLER_DESTINATIONS    what numbers we call and transfer to begin with, for example home, +44 (home: those of our",
            "                           own numbers' countries that cost nothing extra); * for all",
            "  RECALLER_LOG             text or json (text on a terminal)",
            "",
            "Dispatch it by name, in the SIP dispatch rule's room_config.agents or a token's roomConfig:",
            "  {\"agentName\": \"recaller\", \"metadata\": \"{\\\"organizationId\\\": \\\"acme\\\", \\\"flow\\\": \\\"receptionist\\\"}\"}"
        })
final class WorkerCommand implements Callable<Integer> {

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        boolean verbose = ((Main) requireNonNull(spec).root().userObject()).verbose();
        Configuration configuration = settings();
        Logging.start(configuration.log() == LogFormat.JSON, verbose ? Level.DEBUG : Level.INFO);
        var stopped = new CountDownLatch(1);
        try (Service service = Service.start(configuration, WorkerCommand::settings)) {
            Termination.handle(stopped::countDown, service::hurry);
            Signals.on("HUP", () -> Thread.startVirtualThread(service::readSettings));
            service.rehearse(() -> stopped.getCount() == 0);
            stopped.await();
        }
        return Termination.EXIT_CODE;
    }

    private static Configuration settings() {
        return Configuration.read(System.getenv(), Path.of(""), Purpose.WORKER);
    }
}
