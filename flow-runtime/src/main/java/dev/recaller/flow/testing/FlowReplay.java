package dev.recaller.flow.testing;

import dev.recaller.flow.FlowContext;
import dev.recaller.flow.FlowListener;
import dev.recaller.flow.FlowResult;
import dev.recaller.flow.FlowStore;
import dev.recaller.flow.definition.Flow;
import dev.recaller.flow.definition.FlowTest;
import dev.recaller.flow.engine.FlowRunner;
import dev.recaller.flow.http.HttpAccess;
import dev.recaller.flow.model.ChatModel;
import dev.recaller.memory.Speaker;
import dev.recaller.memory.Turn;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Plays what a caller once said against a flow, for somebody who wants to know what another version of it makes of that.
 * Nothing is stored, nobody is asked but the model.
 */
public final class FlowReplay {

    private final FlowStore flows;

    /** @param flows where subflows come from */
    public FlowReplay(FlowStore flows) {
        this.flows = flows;
    }

    /**
     * Who called.
     *
     * @param from the number it was from; {@code anonymous}: a withheld one
     * @param remembered the name the caller is remembered by; null: a stranger
     * @param said in order
     */
    public record Caller(String from, @Nullable String remembered, List<String> said) {
        public Caller {
            said = List.copyOf(said);
        }
    }

    /**
     * What is not known of a stored call: what the others answered in it.
     *
     * @param http an answer is for the request it names, or for any when it names none
     * @param transfers the port each transfer takes
     * @param model as in a call; null: nobody answers
     */
    public record Answers(
            List<FlowTest.Reply> http,
            List<String> transfers,
            @Nullable ChatModel model) {
        public Answers {
            http = List.copyOf(http);
            transfers = List.copyOf(transfers);
        }

        /** What a test of the flow says; what it does not say of the model, this one does. */
        public static Answers of(FlowTest test, @Nullable ChatModel model) {
            return new Answers(
                    test.http(), test.transfer(), test.model().isEmpty() ? model : new PlayedModel(test.model()));
        }

        /** What all tests of the flow say of the requests they name. */
        public static Answers of(Flow flow, @Nullable ChatModel model) {
            return new Answers(
                    flow.tests().stream()
                            .flatMap(test -> test.http().stream())
                            .filter(reply -> reply.request() != null)
                            .toList(),
                    List.of(),
                    model);
        }
    }

    /**
     * How it went.
     *
     * @param answered requests that were answered, and how
     * @param missing what nobody had an answer for, with its node: from there on the replay says little
     */
    public record Replayed(List<Exchange> exchanges, FlowResult result, List<String> answered, List<String> missing) {}

    public Replayed replay(Flow flow, Caller caller, Answers answers) throws InterruptedException {
        var clock = new PlayedClock(FlowTester.MONDAY);
        List<FlowTest.Act> acts =
                caller.said().stream().<FlowTest.Act>map(FlowTest.Act.Says::new).toList();
        var line = new PlayedCaller(clock, acts, answers.transfers());
        var memory = new PlayedMemory(caller.remembered(), FlowTester.LAST_CALL);
        var watching = new Watching();
        var servers = new MatchedServers(answers.http(), watching.place::get);
        FlowContext context = FlowTester.context(caller.from(), Map.of());
        FlowResult result = new FlowRunner(memory, answers.model(), watching, flows, clock)
                .http(new HttpAccess(servers, (_, _) -> Optional.of("secret")))
                .run(flow, context, line);
        List<String> missing = new ArrayList<>(watching.warnings);
        missing.addAll(line.problems());
        if (result.failure() != null) {
            missing.add("the flow broke: " + result.failure());
        }
        return new Replayed(watching.exchanges.all(), result, servers.answered(), missing);
    }

    private static final class Watching implements FlowListener {
        private final Exchange.Exchanges exchanges = new Exchange.Exchanges();
        private final AtomicReference<String> place = new AtomicReference<>("");
        private final List<String> warnings = new CopyOnWriteArrayList<>(); // tools warn from threads of their own

        @Override
        public void nodeEntered(FlowContext context, String nodeId, String type) {
            place.set(nodeId);
            exchanges.at(nodeId);
            if (type.equals("collect_digits")) {
                warnings.add(nodeId + ": keys are not stored with a call, so the caller presses none");
            }
        }

        @Override
        public void turnEnded(FlowContext context, Turn turn) {
            boolean byCaller = turn.speaker() == Speaker.CALLER;
            exchanges.add(byCaller, turn.text());
            if (byCaller) {
                exchanges.at(place.get());
            }
        }

        @Override
        public void warning(FlowContext context, String nodeId, String message) {
            warnings.add(nodeId + ": " + message);
        }
    }
}
