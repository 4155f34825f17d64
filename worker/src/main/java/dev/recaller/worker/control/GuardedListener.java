package dev.recaller.worker.control;

import io.grpc.Context;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.ServerCall;
import io.grpc.StatusRuntimeException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Runs a method's handlers: what they throw is the answer, and the deadline interrupts them. */
final class GuardedListener<Q, A> extends SimpleForwardingServerCallListener<Q> implements Deadlines.Running {

    private final GuardedCall<Q, A> call;
    private final Context context;
    private final List<Runnable> whenOver = new ArrayList<>(); // guarded by this
    private @Nullable Thread handling; // guarded by this
    private boolean over; // guarded by this

    GuardedListener(ServerCall.Listener<Q> handlers, GuardedCall<Q, A> call, Context context) {
        super(handlers);
        this.call = call;
        this.context = context;
    }

    @Override
    public void onMessage(Q message) {
        guarded(() -> super.onMessage(message));
    }

    @Override
    public void onHalfClose() {
        guarded(super::onHalfClose);
    }

    @Override
    public void onReady() {
        guarded(super::onReady);
    }

    @Override
    public void onCancel() {
        call.abandoned();
        over();
        guarded(super::onCancel);
    }

    @Override
    public void onComplete() {
        over();
        guarded(super::onComplete);
    }

    /** Run when the request is over, whyever; at once when it is. */
    @Override
    public synchronized void whenOver(Runnable action) {
        if (over) {
            action.run();
        } else {
            whenOver.add(action);
        }
    }

    /** The time is over. */
    @Override
    public void expire(StatusRuntimeException why) {
        call.fail(why);
        synchronized (this) {
            if (handling != null) {
                handling.interrupt();
            }
        }
    }

    private synchronized void over() {
        over = true;
        whenOver.forEach(Runnable::run);
        whenOver.clear();
    }

    private void guarded(Runnable handler) {
        Context before = context.attach();
        handling(Thread.currentThread());
        try {
            handler.run();
        } catch (RuntimeException e) {
            call.fail(Failures.of(e));
        } finally {
            handling(null);
            context.detach(before);
        }
    }

    private synchronized void handling(@Nullable Thread thread) {
        handling = thread;
        if (thread == null) {
            boolean _ = Thread.interrupted();
        }
    }
}
