package dev.recaller.livekit.room;

import dev.recaller.livekit.ffi.FrameSink;
import java.util.Arrays;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Audio we publish in a room: 24 kHz mono in frames of 10 ms, sent without pause, silence included, as livekit-sip's
 * RTP stream needs. The {@link Pacer} says when; nothing is queued ahead but the beginning of a sound, see {@link #hurry}.
 */
public final class AudioOut implements AutoCloseable {
    public static final int SAMPLE_RATE = 24_000;
    public static final int FRAME_SAMPLES = SAMPLE_RATE / 100;

    /** Frames sent later than this are worse than frames left out. */
    private static final int MOST_OWED = 10;

    /** Frames that fill a packet of 20 ms, wherever in one the next frame falls. */
    private static final int PACKET = 2;

    private static final Logger log = LoggerFactory.getLogger(AudioOut.class);

    private final FrameSink sink;
    private final FrameSource source;
    private final RoomCounters counters;
    private final Runnable wakePacer;
    private final short[] frame = new short[FRAME_SAMPLES];
    private int owed;
    private int hurried;
    private int ahead;
    private boolean silent = true;
    private boolean ended;
    private boolean sourceFailed;

    AudioOut(FrameSink sink, FrameSource source, RoomCounters counters, Runnable wakePacer) {
        this.sink = sink;
        this.source = source;
        this.counters = counters;
        this.wakePacer = wakePacer;
    }

    /**
     * What the source has next is urgent, a sound after a silence or the end of one: a packet of it is sent now, not when the
     * clock comes to it and has filled it, which is 10 ms sooner on average. The audio is 20 ms ahead of the clock from then
     * on, until the next silence, which is shorter by that. Behind an end that is hurried comes a frame of the silence as well:
     * Opus carries the last 6.5 ms (its look-ahead) into the packet behind it. Does nothing while it is ahead by twice as
     * much. Returns at once; any thread.
     */
    public void hurry() {
        synchronized (this) {
            if (ended || ahead >= 2 * PACKET || hurried > 0) {
                return;
            }
            hurried = PACKET;
        }
        wakePacer.run();
    }

    /** Another 10 ms are due. */
    synchronized void due() {
        if (ahead > 0 && silent && hurried == 0) {
            ahead--;
        } else if (owed < MOST_OWED) {
            owed++;
        } else {
            counters.framesSkipped.increment();
        }
    }

    /** Sends one of the frames that are due, if the core is ready for it; returns whether more are due. */
    synchronized boolean send() {
        if (ended) {
            return false;
        }
        if (owed + hurried > 0 && sink.idle()) {
            boolean sounded = !silent;
            fill();
            if (hurried > 0 && sounded && silent) {
                hurried++;
            }
            if (owed > 1) {
                counters.framesLate.increment();
            }
            if (owed > 0) {
                owed--;
            } else {
                hurried--;
                ahead++;
            }
            counters.framesSent.increment();
            if (!sink.send(frame)) {
                log.warn("The native core knows a published audio source no more; it is silent from now on");
                ended = true;
            }
        }
        return !ended && owed + hurried > 0;
    }

    private void fill() {
        Arrays.fill(frame, (short) 0);
        try {
            silent = !source.next(frame);
            if (!silent) {
                return;
            }
        } catch (RuntimeException e) {
            silent = true;
            if (!sourceFailed) {
                sourceFailed = true;
                log.error("A source of audio failed; silence is sent whenever it does", e);
            }
        }
        Arrays.fill(frame, (short) 0);
    }

    /** Sends nothing more; returns when the source will not be asked again. The track stays until the room is left. */
    @Override
    public synchronized void close() {
        if (!ended) {
            ended = true;
            sink.close();
            counters.captureErrors.add(sink.errors());
        }
    }
}
