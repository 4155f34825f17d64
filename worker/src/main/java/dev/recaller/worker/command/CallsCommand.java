package dev.recaller.worker.command;

import dev.recaller.worker.control.ControlClient;
import java.io.PrintStream;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "calls",
        description = "Look into the calls that go on, and steer them.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            CallsCommand.ListCalls.class,
            CallsCommand.Watch.class,
            CallsCommand.Say.class,
            CallsCommand.Transfer.class,
            CallsCommand.HangUp.class,
        },
        footer = {
            "",
            "It asks the worker's control API (RECALLER_SERVER) with an organization's key (RECALLER_KEY), and sees that",
            "organization's calls. Of a call that goes on in another worker it asks that one, which must be reachable from here."
        })
final class CallsCommand {

    private CallsCommand() {}

    @Command(
            name = "list",
            description = "List the calls that go on.",
            mixinStandardHelpOptions = true,
            footer = {
                "",
                "A header and a line for each, the oldest first, with tabs between the values: id, flow, version, telephone or text,",
                "since, whether it was answered, the flow's node, turns so far, and of a call of another worker that one's control API",
                "(\"-\": it tells none), which alone knows node and turns."
            })
    static final class ListCalls extends ControlOperation {
        @Override
        int run(ControlClient client, PrintStream out) {
            List<ControlClient.Call> calls = client.calls();
            if (!json()) {
                out.println(String.join(
                        "\t", "id", "flow", "version", "line", "since", "answered", "node", "turns", "worker"));
            }
            calls.forEach(call -> print(
                    out,
                    call,
                    String.join(
                            "\t",
                            call.id(),
                            call.flowId(),
                            Integer.toString(call.flowVersion()),
                            call.telephone() ? "telephone" : "text",
                            OrganizationCommand.TIME.format(call.startedAt()),
                            call.answered() ? "yes" : "no",
                            call.node().isEmpty() ? OrganizationCommand.UNKNOWN : call.node(),
                            call.worker() == null ? Integer.toString(call.turns()) : OrganizationCommand.UNKNOWN,
                            worker(call))));
            return 0;
        }

        private static String worker(ControlClient.Call call) {
            if (call.worker() == null) {
                return "this";
            }
            return call.worker().isEmpty() ? OrganizationCommand.UNKNOWN : call.worker();
        }
    }

    @Command(
            name = "watch",
            description = "Tell what is said in a call, and where its flow is, until it ends.",
            mixinStandardHelpOptions = true,
            footer = {"", "Tabs between time, kind (state, caller, agent, node, ended) and words."})
    static final class Watch extends ControlOperation {

        @Parameters(paramLabel = "CALL", description = "The call's id.")
        private String id = "";

        @Override
        int run(ControlClient client, PrintStream out) {
            client.watch(
                    id,
                    event -> print(
                            out,
                            event,
                            String.join(
                                    "\t",
                                    OrganizationCommand.TIME.format(event.at()),
                                    event.kind(),
                                    event.text().replaceAll("[\\t\\r\\n]", " "))));
            return 0;
        }
    }

    @Command(
            name = "say",
            description = "Have the agent say something to the caller at its next pause.",
            mixinStandardHelpOptions = true,
            footer = {"", "Exit code 1 when the caller spoke into it, or the call ended before."})
    static final class Say extends ControlOperation {

        @Parameters(index = "0", paramLabel = "CALL", description = "The call's id.")
        private String id = "";

        @Parameters(index = "1", paramLabel = "TEXT", description = "What to say.")
        private String text = "";

        @Override
        int run(ControlClient client, PrintStream out) {
            boolean whole = client.say(id, text);
            print(out, Map.of("heard", whole), whole ? "The caller heard it." : "The caller spoke into it.");
            return whole ? 0 : Main.FAILED;
        }
    }

    @Command(
            name = "transfer",
            description = "Hand the caller to somebody else, and wait for how that ends.",
            mixinStandardHelpOptions = true,
            footer = {"", "Exit code 1 when it did not work; the call then goes on."})
    static final class Transfer extends ControlOperation {

        @Parameters(index = "0", paramLabel = "CALL", description = "The call's id.")
        private String id = "";

        @Parameters(index = "1", paramLabel = "TO", description = "A telephone number, or a SIP URI.")
        private String to = "";

        @Override
        int run(ControlClient client, PrintStream out) {
            ControlClient.Transfer how = client.transfer(id, to);
            print(out, how, how.outcome() + (how.message().isEmpty() ? "" : ": " + how.message()));
            return how.outcome().equals("done") ? 0 : Main.FAILED;
        }
    }

    @Command(name = "hangup", description = "End a call.", mixinStandardHelpOptions = true)
    static final class HangUp extends ControlOperation {

        @Parameters(paramLabel = "CALL", description = "The call's id.")
        private String id = "";

        @Override
        int run(ControlClient client, PrintStream out) {
            client.hangUp(id);
            print(out, Map.of("id", id, "ended", true), "Call " + id + " ends.");
            return 0;
        }
    }
}
