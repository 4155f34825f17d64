package dev.recaller.worker.command;

import dev.recaller.flow.FlowStore;
import dev.recaller.flow.definition.Flow;
import dev.recaller.flow.model.ChatModel;
import dev.recaller.flow.testing.Exchange;
import dev.recaller.flow.testing.FlowReplay;
import dev.recaller.flow.testing.FlowReplay.Answers;
import dev.recaller.flow.testing.FlowReplay.Caller;
import dev.recaller.memory.MemoryId;
import dev.recaller.memory.UnifiedMemoryService;
import dev.recaller.memory.extract.Utterance;
import dev.recaller.sql.Database;
import dev.recaller.worker.Configuration;
import dev.recaller.worker.DataFolder;
import dev.recaller.worker.FlowFolder;
import dev.recaller.worker.Postgres;
import dev.recaller.worker.Providers;
import dev.recaller.worker.console.Terminal;
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
            "Takes the caller's turns from memory, so only calls that were stored can be replayed. Nothing is stored and no",
            "request is sent. What servers, models and transfers answered is not kept with a call, so:",
            "  http, tools  answer as the flow's tests say of the same request; with --test as that test says",
            "  transfer     ends as --test says, else it fails",
            "  agent        asks the model of --test, else the one of OPENAI_API_KEY or OPENAI_BASE_URL, which answers",
            "               differently each time, else takes error",
            "",
            "Examples:",
            "  recaller flow replay 0199c1d2-7a3b-7000-8000-3f1e9a5b6c7d --flow flows/front-desk.json",
            "  recaller flow replay 0199c1d2-7a3b-7000-8000-3f1e9a5b6c7d --flow flows/booking.json --test \"a free table\"",
            "  recaller psql \"SELECT id, flow_id, started_at FROM calls ORDER BY started_at DESC LIMIT 10\"",
            "",
            "Lines: '  ' is said in both, '- ' in the stored call only, '+ ' in the replay only, and where they differ 'by'",
            "names the nodes of the replay. After a difference the caller's next words are played all the same.",
            "'! ': something had no answer or no value; what follows it says little.",
            "What was said after the flow last stored is not kept, and stands in the replay only.",
            "Exit code 0: the agent says the same, 1: it does not, or there is no such call."
        })
final class FlowReplayCommand extends OrganizationCommand {

    @Parameters(paramLabel = "CALL_ID", description = "The call's id, as in the table calls.")
    private UUID callId = new UUID(0, 0);

    @Option(names = "--flow", paramLabel = "FILE", required = true, description = "The flow to replay it on.")
    private Path file = Path.of("");

    @Option(
            names = "--from",
            paramLabel = "NUMBER",
            defaultValue = "+15105550100",
            description = "The number to play it from, or 'anonymous' (default: ${DEFAULT-VALUE}).")
    private String from = "";

    @Option(names = "--remembered", paramLabel = "NAME", description = "Play a caller who is remembered by this name.")
    private @Nullable String remembered;

    @Option(names = "--test", paramLabel = "NAME", description = "Have others answer as in this test of the flow.")
    private @Nullable String test;

    @Override
    int run(Configuration configuration) throws Exception {
        Flow flow = FlowFolder.read(file);
        String organizationId = organizationId(configuration);
        try (Postgres postgres = Postgres.open(configuration, RecallerCommand::status);
                Database database = postgres.forWork();
                UnifiedMemoryService memory = new UnifiedMemoryService(
                        database, InstantSource.system(), DataFolder.hashKey(configuration), null);
                Providers providers = ConsoleCommand.providers(configuration)) {
            Answers answers = answers(flow, providers == null ? null : providers.chat());
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
            FlowStore beside = FlowStore.of(FlowFiles.readable(file.resolveSibling("")));
            return tell(new ReplayReport(
                    Exchange.of(stored),
                    new FlowReplay(beside).replay(flow, new Caller(from, remembered, said), answers)));
        }
    }

    private Answers answers(Flow flow, @Nullable ChatModel model) {
        String name = test;
        return name == null ? Answers.of(flow, model) : Answers.of(FlowFiles.test(flow, name, this), model);
    }

    private int tell(ReplayReport report) {
        PrintStream out = Terminal.output();
        if (json()) {
            out.println(json(report.json()));
        } else {
            report.print(out);
        }
        out.flush();
        return report.same() ? 0 : Main.FAILED;
    }
}
