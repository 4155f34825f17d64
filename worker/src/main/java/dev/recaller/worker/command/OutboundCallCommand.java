package dev.recaller.worker.command;

import dev.recaller.livekit.server.ApiKey;
import dev.recaller.livekit.server.LiveKitServer;
import dev.recaller.livekit.server.LiveKitSip;
import dev.recaller.sql.Database;
import dev.recaller.worker.Configuration;
import dev.recaller.worker.LiveKitAccess;
import dev.recaller.worker.Postgres;
import dev.recaller.worker.console.Terminal;
import dev.recaller.worker.control.ControlClient;
import dev.recaller.worker.control.ControlClient.Dialled;
import dev.recaller.worker.control.LocalControl;
import dev.recaller.worker.store.CallOutcomes;
import dev.recaller.worker.telephony.DialOrder;
import java.io.IOException;
import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "call",
        description = "Have a worker telephone somebody, and wait for whether they pick up.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Makes a room and sends our agent there, which dials and begins its flow when the call is answered; the call goes on",
            "whatever becomes of this command. Says what happens: rings, answered, busy, no_answer, declined, or failed, with",
            "SIP's status where the telephone network gave one.",
            "",
            "Examples:",
            "  recaller call --to +15105550100",
            "  recaller call --to +15105550100 --flow reminder --metadata appointment='tomorrow at ten'",
            "  recaller call --to +15105550100 --no-wait --json",
            "",
            "What --metadata gives is in the job's metadata, from which a flow takes it by its configuration's \"metadata\".",
            "--json: a line each with \"call\" and \"state\", the first one \"taken\".",
            "",
            "Exit codes: 0 somebody picked up (with --no-wait: a worker has the job), 1 nobody did, 2 wrong arguments or settings.",
            "Settings: RECALLER_SERVER and RECALLER_KEY, or LIVEKIT_URL, LIVEKIT_API_KEY, LIVEKIT_API_SECRET, RECALLER_AGENT_NAME,",
            "RECALLER_ORGANIZATION and, but for --no-wait, RECALLER_HOME or RECALLER_DATABASE_URL. An outbound trunk is made by",
            "'recaller telephony setup --outbound'."
        })
final class OutboundCallCommand extends OrganizationCommand {

    @Mixin
    private final ServerOptions server = new ServerOptions();

    @Option(names = "--to", paramLabel = "NUMBER", required = true, description = "Whom, with the country.")
    private String to = "";

    @Option(
            names = "--from",
            paramLabel = "NUMBER",
            defaultValue = "",
            description = "The number to call from (default: one of the trunk's).")
    private String from = "";

    @Option(
            names = "--from-trunk",
            paramLabel = "ID",
            defaultValue = "",
            description = "The outbound trunk (default: the one that is there, or that has the number of --from).")
    private String trunkId = "";

    @Option(
            names = "--flow",
            paramLabel = "FLOW",
            defaultValue = "",
            description = "The flow to run (default: the worker's).")
    private String flow = "";

    @Option(
            names = "--metadata",
            paramLabel = "NAME=VALUE",
            description = "Something the flow shall know; may be repeated.")
    private Map<String, String> metadata = new LinkedHashMap<>();

    @Option(names = "--no-wait", description = "Return as soon as a worker has the job.")
    private boolean noWait;

    @Override
    int run(Configuration configuration) throws Exception {
        String number = TelephonyOperation.number(this, "--to", to);
        String own = from.isEmpty() ? "" : TelephonyOperation.number(this, "--from", from);
        metadata.keySet().stream()
                .filter(DialOrder.RESERVED::contains)
                .findFirst()
                .ifPresent(reserved -> {
                    throw misused("--metadata " + reserved + "=... is not yours to give: there is an option for it.");
                });
        PrintStream out = Terminal.output();
        if (server.isNamed()) {
            if (isOrganizationGiven()) {
                throw misused("--org is for the database: a worker knows the organization by the key.");
            }
            try (ControlClient client = server.open(this)) {
                return call(client, number, own, out);
            }
        }
        return locally(configuration, number, own, out);
    }

    private int locally(Configuration configuration, String number, String own, PrintStream out) throws Exception {
        LiveKitAccess access = TelephonyOperation.access(configuration);
        var key = new ApiKey(access.key(), access.secret());
        try (var liveKit = new LiveKitServer(access.url(), key, TelephonyOperation.LIMIT);
                var sip = new LiveKitSip(access.url(), key, TelephonyOperation.LIMIT)) {
            if (noWait) {
                return call(configuration, liveKit, sip, (_, _) -> Optional.empty(), number, own, out);
            }
            try (Postgres postgres = Postgres.open(configuration, RecallerCommand::status);
                    Database database = postgres.forWork()) {
                return call(configuration, liveKit, sip, CallOutcomes.in(database), number, own, out);
            }
        }
    }

    private int call(
            Configuration configuration,
            LiveKitServer liveKit,
            LiveKitSip sip,
            CallOutcomes outcomes,
            String number,
            String own,
            PrintStream out)
            throws IOException {
        try (var control = LocalControl.ofTelephone(
                organizationId(configuration),
                ServedOperation.operator(),
                liveKit,
                sip,
                configuration.agentName(),
                configuration.destinations(),
                outcomes)) {
            return call(control.client(), number, own, out);
        }
    }

    private int call(ControlClient client, String number, String own, PrintStream out) {
        String id = client.dial(number, own, trunkId, flow, metadata, Map.of());
        tell(out, id, new Dialled("taken", 0, ""), "A worker telephones " + number + ", call " + id + ".");
        if (noWait) {
            return 0;
        }
        try {
            Dialled last = client.awaitAnswer(id, state -> tell(out, id, state, words(state)));
            return last.answered() ? 0 : Main.FAILED;
        } catch (RuntimeException e) {
            status("The call goes on, whatever becomes of it: 'recaller calls watch " + id
                    + "' tells, and 'recaller calls" + " hangup " + id + "' ends it.");
            throw e;
        }
    }

    private void tell(PrintStream out, String id, Dialled state, String forPeople) {
        if (!json()) {
            out.println(forPeople);
        } else {
            var line = new LinkedHashMap<String, Object>();
            line.put("call", id);
            line.put("state", state.state());
            if (state.sipStatus() != 0) {
                line.put("sipStatus", state.sipStatus());
            }
            if (!state.reason().isEmpty()) {
                line.put("reason", state.reason());
            }
            out.println(json(line));
        }
        out.flush();
    }

    private static String words(Dialled state) {
        String network = state.sipStatus() == 0 ? "" : " (SIP status " + state.sipStatus() + ")";
        return switch (state.state()) {
            case "ringing" -> "It rings.";
            case "answered" -> "Answered.";
            case "busy" -> "Busy" + network + ".";
            case "no_answer" -> "No answer" + network + ".";
            case "declined" -> "Declined" + network + ".";
            default -> "Failed: " + state.reason() + network + ".";
        };
    }
}
