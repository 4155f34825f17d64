package dev.recaller.worker;

import dev.recaller.flow.FlowStore;
import dev.recaller.flow.definition.Flow;
import dev.recaller.flow.testing.FlowTester;
import dev.recaller.flow.testing.FlowTester.Replayed;
import dev.recaller.memory.MemoryId;
import dev.recaller.memory.Speaker;
import dev.recaller.memory.Turn;
import dev.recaller.memory.UnifiedMemoryService;
import dev.recaller.memory.extract.Utterance;
import dev.recaller.sql.Database;
import dev.recaller.worker.openai.OpenAi;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "replay",
        description = "Play what a caller said in a stored call against a flow, and show where the two part.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Takes the caller's turns from memory, so only calls that were stored can be replayed. Nothing is stored.",
            "An agent node asks its model when OPENAI_API_KEY or OPENAI_BASE_URL is set; a model answers differently each time.",
            "",
            "Examples:",
            "  recaller flow replay 0199c1d2-7a3b-7000-8000-3f1e9a5b6c7d --flow flows/front-desk.json",
            "  recaller psql \"SELECT id, flow_id, started_at FROM calls ORDER BY started_at DESC LIMIT 10\"",
            "",
            "Lines: '  ' is said in both, '- ' in the stored call only, '+ ' in the replay only.",
            "Exit code 0: the agent says the same, 1: it does not, or there is no such call."
        })
final class FlowReplayCommand extends RecallerCommand {

    @Parameters(paramLabel = "CALL_ID", description = "The call's id, as in the table calls.")
    private UUID callId = new UUID(0, 0);

    @Option(names = "--flow", paramLabel = "FILE", required = true, description = "The flow to replay it on.")
    private Path file = Path.of("");

    @Option(names = "--org", paramLabel = "ID", description = "The organization instead of RECALLER_ORGANIZATION.")
    private @Nullable String organization;

    @Option(
            names = "--from",
            paramLabel = "NUMBER",
            defaultValue = "+15105550100",
            description = "The number to play it from, or 'anonymous' (default: ${DEFAULT-VALUE}).")
    private String from = "";

    @Option(names = "--remembered", paramLabel = "NAME", description = "Play a caller who is remembered by this name.")
    private @Nullable String remembered;

    @Override
    int run(Configuration configuration) throws Exception {
        Flow flow = FlowFolder.read(file);
        String organizationId = organization == null ? configuration.organizationId() : organization;
        try (Postgres postgres = Postgres.open(configuration, RecallerCommand::status);
                Database database = postgres.forWork();
                UnifiedMemoryService memory = new UnifiedMemoryService(
                        database, InstantSource.system(), DataFolder.hashKey(configuration), null);
                OpenAi openAi = ConsoleCommand.openAi(configuration)) {
            Optional<MemoryId> id = memory.memoryOf(organizationId, callId);
            if (id.isEmpty()) {
                status("no turn of call " + callId + " is stored in organization " + organizationId);
                return Main.FAILED;
            }
            List<Utterance> stored = memory.utterances(id.get(), callId);
            List<String> said = stored.stream()
                    .filter(Utterance::byCaller)
                    .map(Utterance::text)
                    .toList();
            Replayed replayed = new FlowTester(FlowStore.of(FlowFiles.readable(file.resolveSibling(""))))
                    .replay(flow, from, remembered, said, openAi == null ? null : openAi.chat());
            return print(stored.stream().map(FlowReplayCommand::line).toList(), replayed);
        }
    }

    private static int print(List<String> before, Replayed replayed) {
        List<String> now =
                replayed.turns().stream().map(FlowReplayCommand::line).toList();
        int same = 0;
        while (same < Math.min(before.size(), now.size()) && before.get(same).equals(now.get(same))) {
            same++;
        }
        PrintStream out = Terminal.output();
        before.subList(0, same).forEach(line -> out.println("  " + line));
        before.subList(same, before.size()).forEach(line -> out.println("- " + line));
        now.subList(same, now.size()).forEach(line -> out.println("+ " + line));
        boolean alike = same == before.size() && same == now.size();
        out.println(
                alike
                        ? "The same, all " + same + " turns; the way: "
                                + String.join(" > ", replayed.result().path())
                        : "They part after " + same + " turns, on the way "
                                + String.join(" > ", replayed.result().path()));
        out.flush();
        return alike ? 0 : Main.FAILED;
    }

    private static String line(Utterance turn) {
        return (turn.byCaller() ? "caller: " : "agent: ") + turn.text();
    }

    private static String line(Turn turn) {
        return (turn.speaker() == Speaker.CALLER ? "caller: " : "agent: ") + turn.text();
    }
}
