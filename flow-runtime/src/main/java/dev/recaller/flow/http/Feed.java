package dev.recaller.flow.http;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.Flow;
import okhttp3.Call;
import okhttp3.Response;

/** Gives a body to a subscriber as it comes and as fast as it is asked for. */
final class Feed implements Flow.Subscription {

    private static final int CHUNK = 16 * 1024;

    private final Call call;
    private long demand; // guarded by this
    private boolean cancelled; // guarded by this

    Feed(Call call) {
        this.call = call;
    }

    /** Returns when the body has ended or nobody wants more of it. */
    void run(Response response, Flow.Subscriber<List<ByteBuffer>> subscriber) {
        subscriber.onSubscribe(this);
        try {
            InputStream body = response.body().byteStream();
            while (isWanted()) {
                byte[] chunk = new byte[CHUNK];
                int length = body.read(chunk);
                if (length < 0) {
                    subscriber.onComplete();
                    return;
                }
                subscriber.onNext(List.of(ByteBuffer.wrap(chunk, 0, length).asReadOnlyBuffer()));
            }
        } catch (IOException e) {
            if (!isCancelled()) {
                subscriber.onError(e);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            subscriber.onError(e);
        }
    }

    @Override
    public synchronized void request(long more) {
        demand = demand + more < 0 ? Long.MAX_VALUE : demand + more;
        notifyAll();
    }

    @Override
    public synchronized void cancel() {
        cancelled = true;
        notifyAll();
        call.cancel();
    }

    private synchronized boolean isCancelled() {
        return cancelled;
    }

    private synchronized boolean isWanted() throws InterruptedException {
        while (demand == 0 && !cancelled) {
            wait();
        }
        demand--;
        return !cancelled;
    }
}
