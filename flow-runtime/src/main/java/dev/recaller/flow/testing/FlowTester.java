package dev.recaller.flow.testing;

import dev.recaller.flow.FlowContext;
import dev.recaller.flow.FlowListener;
import dev.recaller.flow.FlowResult;
import dev.recaller.flow.FlowStore;
import dev.recaller.flow.definition.Flow;
import dev.recaller.flow.definition.FlowTest;
import dev.recaller.flow.engine.FlowRunner;
import dev.recaller.flow.http.HttpAccess;
import dev.recaller.memory.Assurance;
import dev.recaller.memory.Speaker;
import dev.recaller.memory.Turn;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Plays the tests in a flow: in milliseconds, without a telephone, a database or a model. Safe for use by many threads. */
public final class FlowTester {

    static final Instant MONDAY = Instant.parse("2026-01-05T09:00:00Z");
    static final Instant LAST_CALL = MONDAY.minus(Duration.ofDays(1));

    private final FlowStore flows;

    /** @param flows where subflows come from */
    public FlowTester(FlowStore flows) {
        this.flows = flows;
    }

    /**
     * How a test went.
     *
     * @param problems what is not as expected; empty: it passed
     * @param path nodes in order
     * @param transcript {@code agent: Hello.}
     * @param warnings of the flow, a place each
     */
    public record Result(
            FlowTest test, List<String> problems, List<String> path, List<String> transcript, List<String> warnings) {

        public boolean passed() {
            return problems.isEmpty();
        }
    }

    /** Plays every test of the flow, in order. */
    public List<Result> run(Flow flow) throws InterruptedException {
        List<Result> results = new ArrayList<>();
        for (FlowTest test : flow.tests()) {
            results.add(run(flow, test));
        }
        return results;
    }

    public Result run(Flow flow, FlowTest test) throws InterruptedException {
        var clock = new PlayedClock(MONDAY);
        var caller = new PlayedCaller(clock, test.caller(), test.transfer());
        var model = new PlayedModel(test.model());
        var servers = new PlayedServers(test.http());
        var memory = new PlayedMemory(test.remembered(), LAST_CALL);
        List<String> warnings = new ArrayList<>();
        var listener = new FlowListener() {
            @Override
            public void warning(FlowContext context, String nodeId, String message) {
                warnings.add(nodeId + ": " + message);
            }
        };
        FlowContext context = context(test.from(), test.metadata());
        FlowResult result = new FlowRunner(memory, model, listener, flows, clock)
                .http(new HttpAccess(servers, (_, _) -> Optional.of("secret")))
                .run(flow, context, caller);
        List<String> problems = new ArrayList<>(caller.problems());
        problems.addAll(model.problems());
        problems.addAll(servers.problems());
        compare(test.expected(), result, caller.said(), memory.stored(), context, problems);
        if (result.failure() != null) {
            problems.add("the flow broke: " + result.failure());
        }
        return new Result(test, problems, result.path(), transcript(context), warnings);
    }

    static FlowContext context(String from, Map<String, String> given) {
        boolean withheld = from.equals("anonymous");
        Map<String, String> metadata = new HashMap<>(given);
        if (!withheld) {
            metadata.put(FlowContext.PHONE_NUMBER, from);
        }
        return new FlowContext(
                UUID.randomUUID(), "test", null, metadata, withheld ? Assurance.ANONYMOUS : Assurance.PRESENTED);
    }

    private static void compare(
            FlowTest.Expected expected,
            FlowResult result,
            List<String> said,
            int stored,
            FlowContext context,
            List<String> problems) {
        String all = String.join("\n", said);
        int from = 0;
        for (String part : expected.said()) {
            int at = all.indexOf(part, from);
            if (at < 0) {
                problems.add("does not say \"" + part + "\""
                        + (all.contains(part) ? " after what stands before it" : "") + ", but: " + said);
                break;
            }
            from = at + part.length();
        }
        if (expected.path() != null && !expected.path().equals(result.path())) {
            problems.add("goes " + String.join(" > ", result.path()) + ", not " + String.join(" > ", expected.path())
                    + ": they part at step " + (parting(expected.path(), result.path()) + 1));
        }
        if (expected.end() != null && !expected.end().equals(result.reason().label())) {
            problems.add("ends by " + result.reason().label() + ", not " + expected.end());
        }
        if (expected.stored() != null && expected.stored() != stored) {
            problems.add("stores " + stored + " turns, not " + expected.stored());
        }
        expected.variables().forEach((name, value) -> {
            Object found = context.variables().get(name);
            if (!value.equals(found)) {
                problems.add("'" + name + "' is " + (found == null ? "not set" : found) + ", not " + value);
            }
        });
    }

    private static int parting(List<String> one, List<String> other) {
        int same = 0;
        while (same < Math.min(one.size(), other.size()) && one.get(same).equals(other.get(same))) {
            same++;
        }
        return same;
    }

    private static List<String> transcript(FlowContext context) {
        return context.turns().stream().map(FlowTester::line).toList();
    }

    private static String line(Turn turn) {
        return (turn.speaker() == Speaker.AGENT ? "agent: " : "caller: ") + turn.text();
    }
}
