package dev.recaller.worker.control;

import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * A request's answer, which a handler, a stream's thread and the deadline may all want to end: the first does, and what the
 * others send then is dropped. Any thread.
 */
final class GuardedCall<Q, A> extends SimpleForwardingServerCall<Q, A> {

    private final Consumer<Status> ended;
    private final ReentrantLock lock = new ReentrantLock();
    private boolean closed;

    /** @param ended told once how it ended, before who asked is */
    GuardedCall(ServerCall<Q, A> call, Consumer<Status> ended) {
        super(call);
        this.ended = ended;
    }

    @Override
    public void sendHeaders(Metadata headers) {
        unlessClosed(() -> super.sendHeaders(headers));
    }

    @Override
    public void sendMessage(A message) {
        unlessClosed(() -> super.sendMessage(message));
    }

    @Override
    public void close(Status status, Metadata trailers) {
        if (isFirst()) {
            ended.accept(status);
            super.close(status, trailers);
        }
    }

    /** Ends it with an error. */
    void fail(StatusRuntimeException why) {
        close(why.getStatus(), why.getTrailers() == null ? new Metadata() : why.getTrailers());
    }

    /** Who asked is gone. */
    void abandoned() {
        if (isFirst()) {
            ended.accept(Status.CANCELLED);
        }
    }

    /** To end it: whoever is, does so without the lock, for it may take as long as the audit does. */
    private boolean isFirst() {
        lock.lock();
        try {
            boolean first = !closed;
            closed = true;
            return first;
        } finally {
            lock.unlock();
        }
    }

    private void unlessClosed(Runnable send) {
        lock.lock();
        try {
            if (!closed) {
                send.run();
            }
        } finally {
            lock.unlock();
        }
    }
}
