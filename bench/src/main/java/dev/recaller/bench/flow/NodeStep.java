package dev.recaller.bench.flow;

import dev.recaller.flow.EndReason;
import dev.recaller.flow.FlowResult;
import dev.recaller.flow.definition.Flow;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** One step of a flow: a node without I/O, its edges, the way to the next. Starting and ending a call is shared out over them. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(3)
public class NodeStep {

    static final int STEPS = 80;

    private final Flow flow = Flows.steps(STEPS);

    @Benchmark
    @OperationsPerInvocation(STEPS)
    public FlowResult step() throws InterruptedException {
        FlowResult result = TextCall.run(flow, new TextCall.Deaf());
        if (result.reason() != EndReason.AGENT_HANGUP || result.path().size() != STEPS + 1) {
            throw new IllegalStateException("the flow went another way: " + result);
        }
        return result;
    }
}
