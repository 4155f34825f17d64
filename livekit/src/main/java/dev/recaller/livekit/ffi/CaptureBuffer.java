package dev.recaller.livekit.ffi;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import dev.recaller.livekit.ffi.proto.AudioFrameBufferInfo;
import dev.recaller.livekit.ffi.proto.CaptureAudioFrameRequest;
import dev.recaller.livekit.ffi.proto.FfiEvent;
import dev.recaller.livekit.ffi.proto.FfiRequest;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;

/**
 * One frame of native memory for one audio source, with the encoded request that sends it: a frame costs one copy and
 * one downcall. The core takes one frame at a time, so there is one buffer, which stays untouched until the core has
 * answered. One thread sends.
 */
final class CaptureBuffer implements FrameSink {
    /** Freed by the collector, not by {@link #close}: the core may still read the last frame then. */
    private final Arena arena = Arena.ofAuto();

    private final EventRouter events;
    private final NativeLibrary library;
    private final MemorySegment samples;
    private final MemorySegment request;
    private final MemorySegment response;
    private final MemorySegment responseLength;
    private final long asyncId;
    private final AtomicBoolean pending = new AtomicBoolean();
    private final LongAdder errors = new LongAdder();

    CaptureBuffer(
            NativeLibrary library, EventRouter events, long asyncId, long sourceHandle, int sampleRate, int count) {
        this.library = library;
        this.events = events;
        this.asyncId = asyncId;
        samples = arena.allocate(JAVA_SHORT, count);
        response = arena.allocate(ADDRESS);
        responseLength = arena.allocate(JAVA_LONG);
        request = arena.allocateFrom(
                JAVA_BYTE,
                FfiRequest.newBuilder()
                        .setCaptureAudioFrame(CaptureAudioFrameRequest.newBuilder()
                                .setSourceHandle(sourceHandle)
                                .setRequestAsyncId(asyncId)
                                .setBuffer(AudioFrameBufferInfo.newBuilder()
                                        .setDataPtr(samples.address())
                                        .setNumChannels(1)
                                        .setSampleRate(sampleRate)
                                        .setSamplesPerChannel(count)))
                        .build()
                        .toByteArray());
        events.onAnswer(asyncId, this::captured);
    }

    @Override
    public boolean idle() {
        return !pending.get();
    }

    @Override
    public boolean send(short[] frame) {
        if (!pending.compareAndSet(false, true)) {
            throw new IllegalStateException("the core still reads the last frame");
        }
        MemorySegment.copy(frame, 0, samples, JAVA_SHORT, 0, frame.length);
        boolean sent = library.send(request, request.byteSize(), response, responseLength);
        if (!sent) {
            errors.increment();
        }
        return sent;
    }

    @Override
    public long errors() {
        return errors.sum();
    }

    /** A frame that is still under way is answered to nobody, and holds no handle. */
    @Override
    public void close() {
        events.forgetAnswer(asyncId);
    }

    private void captured(FfiEvent event) {
        if (event.getCaptureAudioFrame().hasError()) {
            errors.increment();
        }
        pending.set(false);
    }
}
