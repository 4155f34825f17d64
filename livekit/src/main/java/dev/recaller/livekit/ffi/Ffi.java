package dev.recaller.livekit.ffi;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.recaller.livekit.LiveKitException;
import dev.recaller.livekit.ffi.proto.FfiEvent;
import dev.recaller.livekit.ffi.proto.FfiOwnedHandle;
import dev.recaller.livekit.ffi.proto.FfiRequest;
import dev.recaller.livekit.ffi.proto.FfiResponse;
import dev.recaller.livekit.ffi.proto.RoomEvent;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.function.LongFunction;

/**
 * LiveKit's native core: requests, and its events routed by async id, room handle and stream handle. Whoever an event
 * goes to owns the handles in it; those of an event that goes to nobody are dropped here. One at a time in a process.
 * Any thread.
 */
public final class Ffi implements AutoCloseable {
    /** What a room hears. Called on native threads: hand over and return. */
    public interface RoomSink {
        /** The event's handles are owned already; {@code data} is a user packet's payload, else empty. */
        void event(RoomEvent event, byte[] data);
    }

    /** What an audio stream brings. Called on a native thread: hand over and return. */
    public interface AudioSink {
        /** The array is the receiver's to keep. */
        void frame(short[] samples);

        void end();
    }

    private static final AtomicBoolean OPEN = new AtomicBoolean();

    private final NativeLibrary library;
    private final EventRouter events;
    private final AtomicBoolean closed = new AtomicBoolean();

    /** Far above the core's own counter, which numbers handles and async ids from 1. */
    private final AtomicLong asyncIds = new AtomicLong(1L << 32);

    private final LongAdder handlesOwned = new LongAdder();
    private final LongAdder handlesDropped = new LongAdder();
    private final LongAdder handlesUnknown = new LongAdder();

    private Ffi(NativeLibrary library, Consumer<String> onPanic) {
        this.library = library;
        events = new EventRouter(this::dropUnwanted, onPanic);
    }

    /**
     * Loads and starts the core.
     *
     * @param onPanic told, on a thread of its own, that the core has panicked; it may go on for a while but is not to
     *     be trusted with new calls
     * @throws LiveKitException LIBRARY_UNUSABLE
     */
    public static Ffi open(Path file, Consumer<String> onPanic) {
        NativeLibrary library = NativeLibrary.load(file);
        if (!OPEN.compareAndSet(false, true)) {
            throw new IllegalStateException("LiveKit's native core is open already; a process has one");
        }
        Ffi ffi = new Ffi(library, onPanic);
        library.initialize(ffi.events::accept, "recaller", "1");
        return ffi;
    }

    /** Closes every room that is still open, and the core. */
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            library.dispose();
            OPEN.set(false);
        }
    }

    /** A set of handles that begins empty. */
    public Handles newHandles() {
        return new Handles(this);
    }

    /**
     * Sends a request and returns its response, whose handles are the caller's to own.
     *
     * @throws LiveKitException REQUEST_REFUSED
     */
    public FfiResponse request(FfiRequest.Builder request) {
        FfiRequest message = request.build();
        try {
            return FfiResponse.parseFrom(library.request(
                    message.toByteArray(), message.getMessageCase().name()));
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("the native core's response to " + message.getMessageCase(), e);
        }
    }

    /** Like the longer form; the handles of a late answer are dropped. */
    public FfiEvent call(LongFunction<FfiRequest.Builder> request, Duration limit) throws InterruptedException {
        return call(request, limit, event -> Handles.forEach(event, this::dropUnwanted));
    }

    /**
     * Sends a request that is answered by an event, and waits for it.
     *
     * @param request makes the request with the given async id
     * @param late gets, on a thread of its own, an answer that comes after this method has given up
     * @throws LiveKitException REQUEST_REFUSED or TIMED_OUT
     */
    public FfiEvent call(LongFunction<FfiRequest.Builder> request, Duration limit, Consumer<FfiEvent> late)
            throws InterruptedException {
        long asyncId = newAsyncId();
        var answer = new CompletableFuture<FfiEvent>();
        events.onAnswer(asyncId, event -> {
            events.forgetAnswer(asyncId);
            if (!answer.complete(event)) {
                Thread.ofVirtual().name("livekit-late-answer").start(() -> late.accept(event));
            }
        });
        FfiRequest.Builder message = request.apply(asyncId);
        try {
            request(message);
        } catch (RuntimeException e) {
            events.forgetAnswer(asyncId);
            throw e;
        }
        try {
            return answer.get(limit.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException | InterruptedException e) {
            if (!answer.cancel(false)) {
                if (e instanceof InterruptedException) {
                    Thread.currentThread().interrupt();
                }
                return answer.resultNow();
            }
            if (e instanceof InterruptedException interrupted) {
                throw interrupted;
            }
            throw LiveKitException.timedOut(message.getMessageCase().name(), limit);
        } catch (ExecutionException e) {
            throw new AssertionError("nothing completes an answer exceptionally", e);
        }
    }

    private long newAsyncId() {
        return asyncIds.getAndIncrement();
    }

    /** Sends a room's events to {@code sink} and the handles in them to {@code handles}. */
    public void onRoom(long roomHandle, Handles handles, RoomSink sink) {
        events.onRoom(roomHandle, handles, sink);
    }

    public void forgetRoom(long roomHandle) {
        events.forgetRoom(roomHandle);
    }

    public void onStream(long streamHandle, AudioSink sink) {
        events.onStream(streamHandle, sink);
    }

    public void forgetStream(long streamHandle) {
        events.forgetStream(streamHandle);
    }

    public FfiStats stats() {
        return new FfiStats(
                handlesOwned.sum(),
                handlesDropped.sum(),
                handlesUnknown.sum(),
                events.unknownEvents(),
                events.strayFrames());
    }

    /** The way into one mono audio source whose frames have {@code samples} samples. */
    public FrameSink newFrameSink(long sourceHandle, int sampleRate, int samples) {
        return new CaptureBuffer(library, events, newAsyncId(), sourceHandle, sampleRate, samples);
    }

    void countOwned() {
        handlesOwned.increment();
    }

    void drop(long handle) {
        handlesDropped.increment();
        if (!library.drop(handle)) {
            handlesUnknown.increment();
        }
    }

    private void dropUnwanted(FfiOwnedHandle handle) {
        countOwned();
        drop(handle.getId());
    }
}
