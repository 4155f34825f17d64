package dev.recaller.worker.call;

import dev.recaller.flow.EndReason;
import dev.recaller.flow.line.Transferred;
import dev.recaller.memory.Turn;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A call that goes on, for those who watch it and steer it from outside. What the call tells it takes microseconds, whoever
 * watches. Any thread.
 */
public final class LiveCall {

    /** So much of what was said is told to who begins to watch. */
    private static final int REMEMBERED = 100;

    /** What can be done to a call from outside. */
    public interface Steering {

        /** Ends it; returns at once. */
        void hangUp();

        /**
         * Hands the caller to somebody else, and waits for how that ends.
         *
         * @param ring how long the other side may ring
         */
        Transferred transfer(String to, Duration ring) throws InterruptedException;
    }

    /** What does not change while the call goes on. */
    public record Facts(
            UUID id, String organizationId, String flowId, int flowVersion, boolean telephone, Instant startedAt) {}

    /**
     * Where the call stands.
     *
     * @param answeredAt absent while it rings
     * @param node of the flow; absent before the first
     * @param turns of both sides so far
     */
    public record State(
            Facts facts,
            @Nullable Instant answeredAt,
            @Nullable String node,
            int turns) {}

    private final Facts facts;
    private final Steering steering;
    private final InstantSource clock;
    private final OperatorsWords words = new OperatorsWords();

    private final Deque<CallEvent> turns = new ArrayDeque<>();
    private final List<Watching> watching = new ArrayList<>();
    private State state;
    private @Nullable CallEvent ended;

    LiveCall(Facts facts, Steering steering, InstantSource clock) {
        this.facts = facts;
        this.steering = steering;
        this.clock = clock;
        state = new State(facts, facts.telephone() ? null : facts.startedAt(), null, 0);
    }

    public Facts facts() {
        return facts;
    }

    public synchronized State state() {
        return state;
    }

    public Steering steering() {
        return steering;
    }

    /** What operators have said to the caller. */
    public OperatorsWords words() {
        return words;
    }

    /** Told what happens from now on, after the state and the last turns. Close it. */
    public synchronized Watching watch() {
        var begun = new Watching(this);
        begun.tell(event(new CallEvent.Changed(state)));
        turns.forEach(begun::tell);
        if (ended == null) {
            watching.add(begun);
        } else {
            begun.tell(ended);
        }
        return begun;
    }

    synchronized void stop(Watching one) {
        watching.remove(one);
    }

    synchronized void answered() {
        if (state.answeredAt() == null) {
            state = new State(facts, clock.instant(), state.node(), state.turns());
            tell(event(new CallEvent.Changed(state)));
        }
    }

    synchronized void entered(String node) {
        state = new State(facts, state.answeredAt(), node, state.turns());
        tell(event(new CallEvent.Entered(node)));
    }

    synchronized void said(Turn turn) {
        state = new State(facts, state.answeredAt(), state.node(), turn.index() + 1);
        CallEvent said = new CallEvent(turn.saidAt(), new CallEvent.Said(turn));
        turns.add(said);
        if (turns.size() > REMEMBERED) {
            turns.remove();
        }
        tell(said);
    }

    void ended(EndReason reason) {
        words.end();
        synchronized (this) {
            ended = event(new CallEvent.Ended(reason));
            tell(ended);
            watching.clear();
        }
    }

    private CallEvent event(CallEvent.What what) {
        return new CallEvent(clock.instant(), what);
    }

    private void tell(CallEvent event) {
        watching.removeIf(one -> !one.tell(event));
    }
}
