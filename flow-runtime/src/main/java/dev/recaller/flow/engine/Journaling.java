package dev.recaller.flow.engine;

import dev.recaller.flow.FlowContext;
import dev.recaller.flow.FlowJournal;
import dev.recaller.flow.FlowState;
import dev.recaller.flow.definition.Flow;
import dev.recaller.flow.definition.Node;
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
    private final Flow flow;
    private final ReentrantLock saving = new ReentrantLock(true);
    private volatile @Nullable FlowState newest; // not saved yet; written by the flow's thread, taken by the saving one
    private long step;
    private @Nullable Node node;

    /** @param step of the last state that is known of the call; 0: it begins */
    Journaling(FlowJournal journal, FlowContext context, Flow flow, long step) {
        this.journal = journal;
        this.keeps = !journal.equals(FlowJournal.NONE);
        this.context = context;
        this.flow = flow;
        this.step = step;
    }

    /** The call comes to a node. */
    void at(Node next) {
        node = next;
        if (!keeps) {
            return;
        }
        if (next.acts()) {
            newest = null;
            save(state(next, true));
        } else {
            saveBeside(state(next, false));
        }
    }

    /** The caller said something in the node at hand. */
    void turnEnded() {
        Node here = node;
        if (here != null && keeps) {
            saveBeside(state(here, here.acts()));
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

    private FlowState state(Node at, boolean begun) {
        return FlowState.of(context, flow, at.id(), begun, ++step);
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
