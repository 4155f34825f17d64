package dev.recaller.flow.engine;

import dev.recaller.flow.FlowContext;
import dev.recaller.flow.FlowJournal;
import dev.recaller.flow.FlowState;
import dev.recaller.flow.definition.Node;
import dev.recaller.flow.node.Call;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Has a journal keep where one call stands. The talk waits for it only before a node that acts outside the call; else the
 * newest state is saved beside the talk, and what came in between is in it.
 */
final class Journaling {

    private final FlowJournal journal;
    private final boolean keeps;
    private final FlowContext context;
    private final Deque<FlowState.Frame> callers = new ArrayDeque<>(); // the outermost first
    private final ReentrantLock saving = new ReentrantLock(true);
    private volatile @Nullable FlowState newest; // not saved yet; written by the flow's thread, taken by the saving one
    private long step;
    private @Nullable Place place;

    private record Place(Call call, Node node) {
        boolean acts() {
            return node.acts();
        }
    }

    /** @param step of the last state that is known of the call; 0: it begins */
    Journaling(FlowJournal journal, FlowContext context, long step) {
        this.journal = journal;
        this.keeps = !journal.equals(FlowJournal.NONE);
        this.context = context;
        this.step = step;
    }

    /** The call comes to a node. */
    void at(Call call, Node node) {
        if (!keeps) {
            return;
        }
        Place here = new Place(call, node);
        place = here;
        if (here.acts()) {
            newest = null;
            save(state(here));
        } else {
            saveBeside(state(here));
        }
    }

    /** The call comes into the flow that this node calls; what is kept of the flow it is in stays as it is now. */
    void entered(Call call, Node subflow) {
        if (keeps) {
            callers.addLast(FlowState.Frame.of(call.flow(), subflow.id(), call.context()));
        }
    }

    /** The call is back in the flow that called the one it was in. */
    void returned() {
        if (keeps) {
            callers.removeLast();
        }
    }

    /** Something was said in the node at hand. */
    void turnEnded() {
        Place here = place;
        if (here != null) {
            saveBeside(state(here));
        }
    }

    /** The call is over; returns when nothing more of it can be saved. */
    void ended() {
        if (!keeps) {
            return;
        }
        newest = null;
        saving.lock();
        try {
            journal.ended(context.organizationId(), context.callId());
        } finally {
            saving.unlock();
        }
    }

    private FlowState state(Place at) {
        List<FlowState.Frame> frames = new ArrayList<>(callers);
        frames.add(
                FlowState.Frame.of(at.call().flow(), at.node().id(), at.call().context()));
        return FlowState.of(context, frames, at.acts(), ++step);
    }

    private void saveBeside(FlowState state) {
        newest = state;
        Thread.ofVirtual().name("recaller-journal").start(() -> {
            saving.lock();
            try {
                FlowState last = newest;
                newest = null;
                if (last != null) {
                    boolean _ = journal.save(last);
                }
            } finally {
                saving.unlock();
            }
        });
    }

    private void save(FlowState state) {
        saving.lock();
        try {
            boolean _ = journal.save(state);
        } finally {
            saving.unlock();
        }
    }
}
