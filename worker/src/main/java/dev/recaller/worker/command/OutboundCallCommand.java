package dev.recaller.worker.command;

import dev.recaller.livekit.server.OutboundTrunk;
import dev.recaller.worker.telephony.DialOrder;
import dev.recaller.worker.telephony.WorkerProbe;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "call",
        description = "Have a worker telephone somebody.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Makes a room and sends our agent there, which dials and begins its flow when the call is answered. Returns as soon",
            "as a worker has taken the job; how the call ends is in the worker's log, metrics and rows of calls.",
            "",
            "Examples:",
            "  recaller call --to +15105550100",
            "  recaller call --to +15105550100 --flow reminder --metadata appointment='tomorrow at ten'",
            "",
            "What --metadata gives is in the job's metadata, from which a flow takes it by its configuration's \"metadata\".",
            "",
            "Exit codes: 0 a worker has the job, 1 none took it or there is no trunk, 2 wrong arguments or settings.",
            "Settings: LIVEKIT_URL, LIVEKIT_API_KEY, LIVEKIT_API_SECRET, RECALLER_AGENT_NAME; an outbound trunk is made by",
            "'recaller telephony setup --outbound'."
        })
final class OutboundCallCommand extends TelephonyOperation {
    private static final Duration TAKING_LIMIT = Duration.ofSeconds(5);

    @Option(names = "--to", paramLabel = "NUMBER", required = true, description = "Whom, with the country.")
    private String to = "";

    @Option(
            names = "--from",
            paramLabel = "NUMBER",
            description = "The number to call from (default: one of the trunk's).")
    private @Nullable String from;

    @Option(
            names = "--from-trunk",
            paramLabel = "ID",
            description = "The outbound trunk (default: the one that is there, or that has the number of --from).")
    private @Nullable String trunkId;

    @Option(names = "--flow", paramLabel = "FLOW", description = "The flow to run (default: the worker's).")
    private @Nullable String flow;

    @Option(names = "--org", paramLabel = "ID", description = "Whose call it is (default: the worker's).")
    private @Nullable String organization;

    @Option(
            names = "--metadata",
            paramLabel = "NAME=VALUE",
            description = "Something the flow shall know; may be repeated.")
    private Map<String, String> metadata = new LinkedHashMap<>();

    @Override
    int run(Tools tools) throws InterruptedException {
        String number = number("--to", to);
        String own = from == null ? "" : number("--from", from);
        metadata.keySet().stream()
                .filter(DialOrder.RESERVED::contains)
                .findFirst()
                .ifPresent(reserved -> {
                    throw misused("--metadata " + reserved + "=... is not yours to give: there is an option for it.");
                });
        String trunk = trunk(tools.sip().outboundTrunks(), own);
        var told = new LinkedHashMap<String, String>(metadata);
        if (organization != null) {
            told.put("organizationId", organization);
        }
        if (flow != null) {
            told.put("flow", flow);
        }
        String agent = tools.configuration().agentName();
        String room = "out-" + UUID.randomUUID();
        String dispatch = tools.server().createDispatch(room, agent, new DialOrder(number, trunk, own).metadata(told));
        if (WorkerProbe.awaitTaken(tools.server(), room, TAKING_LIMIT).isEmpty()) {
            tools.server().deleteRoom(room);
            status("recaller: no worker took the job within " + TAKING_LIMIT.toSeconds()
                    + " s, so nobody is called: start one with 'recaller worker' and RECALLER_AGENT_NAME=" + agent
                    + ", or more if all are full or draining");
            return Main.FAILED;
        }
        tools.out()
                .println(
                        json()
                                ? json(Map.of("room", room, "dispatch", dispatch, "trunk", trunk))
                                : "A worker telephones " + number + " by trunk " + trunk + ", in room " + room + ".");
        return 0;
    }

    private String trunk(List<OutboundTrunk> trunks, String own) {
        List<OutboundTrunk> usable = trunks.stream()
                .filter(trunk -> trunkId == null || trunk.id().equals(trunkId))
                .filter(trunk -> own.isEmpty() || trunk.numbers().contains(own))
                .toList();
        if (usable.size() == 1) {
            return usable.getFirst().id();
        }
        String known = trunks.isEmpty()
                ? "make one by 'recaller telephony setup --outbound'"
                : "there are "
                        + String.join(
                                ", ", trunks.stream().map(OutboundTrunk::id).toList());
        throw misused(
                usable.isEmpty()
                        ? "There is no such outbound trunk: " + known + "."
                        : "There is more than one outbound trunk: choose with --from-trunk; " + known + ".");
    }
}
