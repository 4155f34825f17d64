package dev.recaller.worker.call;

import dev.recaller.flow.EndReason;
import dev.recaller.flow.FlowContext;
import dev.recaller.flow.FlowListener;
import dev.recaller.memory.Turn;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/** The calls that go on in this worker. Any thread. */
public final class LiveCalls {

    private final Map<UUID, LiveCall> calls = new ConcurrentHashMap<>();
    private final InstantSource clock;

    public LiveCalls(InstantSource clock) {
        this.clock = clock;
    }

    /** A call of the organization; those of others are not there. */
    public Optional<LiveCall> find(String organizationId, UUID id) {
        return Optional.ofNullable(calls.get(id))
                .filter(call -> call.facts().organizationId().equals(organizationId));
    }

    /** The organization's calls, the oldest first. */
    public List<LiveCall> of(String organizationId) {
        return calls.values().stream()
                .filter(call -> call.facts().organizationId().equals(organizationId))
                .sorted(Comparator.comparing(call -> call.facts().startedAt()))
                .toList();
    }

    /** Conversations that have no telephone, of all organizations. */
    public long texts() {
        return calls.values().stream().filter(call -> !call.facts().telephone()).count();
    }

    LiveCall begin(LiveCall.Facts facts, LiveCall.Steering steering) {
        var call = new LiveCall(facts, steering, clock);
        calls.put(facts.id(), call);
        return call;
    }

    void end(LiveCall call, EndReason reason) {
        calls.remove(call.facts().id(), call);
        call.ended(reason);
    }

    /** Hears what flows do, for those who watch. */
    public FlowListener listener() {
        return new FlowListener() {
            @Override
            public void nodeEntered(FlowContext context, String nodeId, String type) {
                call(context).ifPresent(call -> call.entered(nodeId));
            }

            @Override
            public void turnEnded(FlowContext context, Turn turn) {
                call(context).ifPresent(call -> call.said(turn));
            }
        };
    }

    private Optional<LiveCall> call(FlowContext context) {
        return Optional.ofNullable(calls.get(context.callId()));
    }
}
