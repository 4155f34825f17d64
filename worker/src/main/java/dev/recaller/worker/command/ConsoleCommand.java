package dev.recaller.worker.command;

import dev.recaller.flow.EndReason;
import dev.recaller.flow.FlowContext;
import dev.recaller.flow.FlowListener;
import dev.recaller.flow.FlowResult;
import dev.recaller.flow.definition.AgentNode;
import dev.recaller.flow.definition.Flow;
import dev.recaller.flow.definition.FlowConfiguration;
import dev.recaller.flow.definition.MetadataSource;
import dev.recaller.flow.definition.Node;
import dev.recaller.flow.engine.FlowRunner;
import dev.recaller.flow.node.FlowMemory;
import dev.recaller.memory.Assurance;
import dev.recaller.memory.IdentityHash;
import dev.recaller.memory.MemoryException;
import dev.recaller.memory.UnifiedMemoryService;
import dev.recaller.memory.extract.ExtractorException;
import dev.recaller.memory.jobs.MemoryJobs;
import dev.recaller.memory.privacy.Erasure;
import dev.recaller.sql.Database;
import dev.recaller.sql.TimeOrderedIds;
import dev.recaller.worker.Configuration;
import dev.recaller.worker.ConfigurationException;
import dev.recaller.worker.DataFolder;
import dev.recaller.worker.FlowFolder;
import dev.recaller.worker.Flows;
import dev.recaller.worker.MemoryModel;
import dev.recaller.worker.Outbound;
import dev.recaller.worker.Postgres;
import dev.recaller.worker.Providers;
import dev.recaller.worker.caller.Caller;
import dev.recaller.worker.caller.CallerId;
import dev.recaller.worker.console.Terminal;
import dev.recaller.worker.console.TerminalLine;
import dev.recaller.worker.speech.Phrases;
import dev.recaller.worker.store.CallFlows;
import dev.recaller.worker.store.CallStore;
import dev.recaller.worker.store.RecallListener;
import dev.recaller.worker.telemetry.Meters;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "console",
        description = "Be a caller in this terminal: the same flow and the same memory as on the telephone, in text.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Examples:",
            "  recaller console --from +1234567890",
            "  printf 'My name is John.\\n' | recaller console --from +1234567890",
            "  recaller console --from +1234567890 --flow flows/reminder.json --metadata when='on Friday at 3'",
            "  recaller console --from anonymous --flow flows/receptionist.json --org acme",
            "",
            "Each line you type is what the caller says; the end of the input (Ctrl-D) is the caller hanging up. Standard",
            "output has what the agent says and nothing else.",
            "",
            "Settings: RECALLER_FLOW, RECALLER_ORGANIZATION, RECALLER_HOME or RECALLER_DATABASE_URL; for flows in which",
            "a model talks OPENAI_API_KEY or OPENAI_BASE_URL."
        })
final class ConsoleCommand extends RecallerCommand {

    /** For classes to load, too. */
    private static final Duration FLOW_LIMIT = Duration.ofSeconds(20);

    @Option(
            names = "--from",
            required = true,
            paramLabel = "NUMBER",
            description = "The number the caller presents, or 'anonymous'.")
    private String from = "";

    @Option(
            names = "--flow",
            paramLabel = "FILE",
            description = "Try out this flow, as the file is now, instead of what a telephone call would run.")
    private @Nullable Path file;

    @Option(names = "--org", paramLabel = "ID", description = "The organization instead of RECALLER_ORGANIZATION.")
    private @Nullable String organization;

    @Option(names = "--user", paramLabel = "ID", description = "The organization's own id of the caller.")
    private @Nullable String user;

    @Option(
            names = "--metadata",
            paramLabel = "NAME=VALUE",
            description = "What the flow is told of the call as metadata.NAME, a name of its configuration.metadata;"
                    + " as often as needed.")
    private Map<String, String> metadata = Map.of();

    @Override
    int run(Configuration configuration) throws Exception {
        FlowFolder files = FlowFolder.open(file == null ? configuration.flow() : file, RecallerCommand::status);
        Flow inFile = files.standard().flow();
        Caller caller = caller(inFile);
        requireModel(inFile, configuration);
        if (file != null) {
            requireChosen(inFile);
        }
        InstantSource clock = InstantSource.system();
        try (MemoryModel model = MemoryModel.load(RecallerCommand::status);
                Postgres postgres = Postgres.open(configuration, RecallerCommand::status);
                Database database = postgres.forWork();
                Providers providers = providers(configuration);
                Outbound outbound = Outbound.open(configuration);
                RecallListener recalls = RecallListener.in(database, clock);
                UnifiedMemoryService memory =
                        new UnifiedMemoryService(database, clock, DataFolder.hashKey(configuration), model.get())) {
            CallStore calls = CallStore.in(database, () -> {});
            Flows flows = new Flows(files, CallFlows.in(database, FLOW_LIMIT, RecallerCommand::status));
            String organizationId = organization == null ? configuration.organizationId() : organization;
            Flow flow = file == null ? flows.forCall(organizationId, null).orElse(inFile) : inFile;
            requireModel(flow, configuration);
            requireChosen(flow);
            tellWhoTalks(flow);
            FlowContext context = context(caller, organizationId, clock.instant());
            var erasure = new Erasure(database, clock, memory, new IdentityHash(DataFolder.hashKey(configuration)));
            FlowRunner runner = outbound.given(new FlowRunner(
                    FlowMemory.of(memory, identity -> erasure.erase(identity, "caller")),
                    providers == null ? null : providers.chat(),
                    new Warnings().then(recalls),
                    flows));
            CallStore.Call call = CallStore.Call.ofText(
                    context.callId(),
                    context.organizationId(),
                    flow.id(),
                    flow.version(),
                    memory.configuration(
                                    context.organizationId(),
                                    flow.configuration().memory())
                            .retentionDays(),
                    clock.instant());
            boolean saved = calls.save(call);
            EndReason reason = EndReason.OPERATOR; // Ctrl-C
            try {
                FlowResult result = runner.run(flow, context, line());
                reason = result.reason();
                status("(the call ended: " + reason.label() + ")");
                if (result.failure() != null) {
                    throw result.failure();
                }
            } finally {
                calls.end(call.ended(clock.instant(), reason), saved);
                if (providers != null) {
                    extract(database, memory, providers, flow, call.id());
                }
            }
        }
        return 0;
    }

    /** Whoever types a call looks at what came of it next; what fails here a worker does later. */
    private static void extract(
            Database database, UnifiedMemoryService memory, Providers providers, Flow flow, UUID callId) {
        String standard = flow.configuration().models().chat();
        try (var jobs = new MemoryJobs(
                database,
                memory,
                model -> providers.extractor(model.orElse(standard)),
                List.of(),
                InstantSource.system(),
                (_, _, _) -> {})) {
            jobs.extractNow(callId);
        } catch (ExtractorException | MemoryException e) {
            status("(what the call says is not extracted, a worker will try again: " + e.getMessage() + ")");
        }
    }

    private static TerminalLine line() {
        return new TerminalLine(Terminal.input(), Terminal.output(), Terminal.isInteractive() ? System.err : null);
    }

    private Caller caller(Flow flow) {
        Caller caller = CallerId.of(from, flow.configuration().defaultRegion());
        if (caller.kind() == Caller.Kind.INVALID) {
            throw misused("--from " + from + " is not a telephone number: give one like +1234567890, or 'anonymous'.");
        }
        return caller;
    }

    private FlowContext context(Caller caller, String organizationId, Instant now) {
        Map<String, String> told = new HashMap<>(metadata);
        if (caller.phoneNumber() != null) {
            told.put(FlowContext.PHONE_NUMBER, caller.phoneNumber());
        }
        return new FlowContext(
                new TimeOrderedIds(() -> now).next(),
                organizationId,
                user,
                told,
                user == null ? caller.assurance() : Assurance.PRESENTED);
    }

    /** A call tells a flow only what it chose. */
    private void requireChosen(Flow flow) {
        Set<String> names = flow.configuration().metadata().keySet();
        metadata.forEach((name, value) -> {
            if (!names.contains(name)) {
                throw misused(
                        "--metadata " + name + ": the flow " + flow.id() + " takes no metadata of this name, only "
                                + (names.isEmpty() ? "the number" : String.join(", ", names)) + ".");
            }
            if (value.length() > MetadataSource.MAX_LENGTH) {
                throw misused("--metadata " + name + " has more than " + MetadataSource.MAX_LENGTH
                        + " characters: a call's would be left out.");
            }
        });
    }

    private static void tellWhoTalks(Flow flow) {
        FlowConfiguration.Models models = flow.configuration().models();
        if (models.realtime() != null) {
            status("(on the telephone " + models.realtime() + " hears and speaks itself; here, in text, "
                    + models.chat() + " answers)");
        }
    }

    private static void requireModel(Flow flow, Configuration configuration) {
        String agents = flow.nodes().values().stream()
                .filter(AgentNode.class::isInstance)
                .map(Node::id)
                .sorted()
                .collect(Collectors.joining(", "));
        if (!agents.isEmpty() && configuration.providers().isEmpty()) {
            throw new ConfigurationException(
                    List.of("OPENAI_API_KEY is not set, and in the flow " + flow.id() + " a model talks (" + agents
                            + "): set it, or OPENAI_BASE_URL to a server that speaks the OpenAI API."));
        }
    }

    /** Null without settings for one. */
    static @Nullable Providers providers(Configuration configuration) {
        return configuration.providers().isEmpty()
                ? null
                : new Providers(
                        configuration.providers(),
                        new Meters(),
                        new Phrases(configuration.folders().home().resolve("phrases")));
    }

    /** What a person at the console should know; the rest is in the answer itself. */
    private static final class Warnings implements FlowListener {
        @Override
        public void recalled(FlowContext context, RecallOutcome outcome, Duration took) {
            if (outcome == RecallOutcome.ERROR || outcome == RecallOutcome.TIMEOUT) {
                status("(memory did not answer: " + outcome + ")");
            }
        }

        @Override
        public void storeFailed(FlowContext context, int turns, boolean last, RuntimeException cause) {
            if (last) {
                status("(" + turns + " turns are not in memory: " + cause.getMessage() + ")");
            }
        }

        @Override
        public void warning(FlowContext context, String nodeId, String message) {
            status("(" + nodeId + ": " + message + ")");
        }
    }
}
