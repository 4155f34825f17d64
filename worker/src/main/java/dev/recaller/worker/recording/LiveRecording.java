package dev.recaller.worker.recording;

import dev.recaller.worker.recording.RecordingListener.Outcome;
import dev.recaller.worker.recording.Transcript.Speaker;
import dev.recaller.worker.speech.Word;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A recording that goes on. Its own thread encodes and writes, ten times a second; it is a platform thread, as encoding and
 * slow disks would hold a carrier that calls run on. It may be behind by {@value #SECONDS} s: then the recording ends and
 * the call goes on.
 */
final class LiveRecording implements Recording {

    private static final Logger log = LoggerFactory.getLogger(LiveRecording.class);

    static final int SECONDS = 8;
    private static final long CALLER_FRAME_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final About about;
    private final Unfinished.Source source;
    private final RecordingListener listener;
    private final LongSupplier nanoTime;
    private final InstantSource clock;
    private final Consumer<LiveRecording> finished;

    private final AtomicBoolean cutShort = new AtomicBoolean();
    private final List<Transcript.Turn> turns = new ArrayList<>();
    private volatile @Nullable Running running;
    private volatile boolean ended;

    /** What there is from the start on. */
    private final class Running {
        private final long startNanos;
        private final Instant startedAt = clock.instant();
        private final FrameRing callers = new FrameRing(SECONDS * 50, OpusFile.CALLER_FRAME);
        private final FrameRing agents = new FrameRing(SECONDS * 100, OpusFile.AGENT_FRAME / 2);
        private final Thread thread;

        Running(long startNanos) {
            this.startNanos = startNanos;
            this.thread = Thread.ofPlatform()
                    .daemon()
                    .name("recording-" + about.callId())
                    .unstarted(() -> record(this));
        }

        /** Since the start; what was before it began with it. */
        long millis(long nanos) {
            return Math.max(0, TimeUnit.NANOSECONDS.toMillis(nanos - startNanos));
        }
    }

    /**
     * Records nothing yet.
     *
     * @param finished run by the recording's thread when its files are closed; must not throw; or by whoever ends
     *     a recording that did not start
     */
    LiveRecording(
            About about,
            Unfinished.Source source,
            RecordingListener listener,
            LongSupplier nanoTime,
            InstantSource clock,
            Consumer<LiveRecording> finished) {
        this.about = about;
        this.source = source;
        this.listener = listener;
        this.nanoTime = nanoTime;
        this.clock = clock;
        this.finished = finished;
    }

    @Override
    public void start(long at) {
        if (running == null && !ended) {
            var starting = new Running(at);
            running = starting;
            starting.thread.start();
        }
    }

    @Override
    public void caller(short[] frame, long receivedAt) {
        Running now = running;
        if (now != null && !ended && !now.callers.offer(frame, true, receivedAt - CALLER_FRAME_NANOS)) {
            cutShort.set(true);
        }
        if (cutShort.get() && !ended) {
            ended = true;
            log.error(
                    "the recording of call {} ends before the call: the disk was {} s behind", about.callId(), SECONDS);
        }
    }

    @Override
    public void agent(short[] frame, boolean sound, long at) {
        Running now = running;
        if (now != null && !ended && !now.agents.offer(frame, sound, at)) {
            cutShort.set(true); // told by another thread than the pacer
        }
    }

    @Override
    public void callerSaid(String text, long from, long to, List<Word> words) {
        said(Speaker.CALLER, text, from, to, false, words);
    }

    @Override
    public void agentSaid(String text, long from, long to, boolean cut) {
        said(Speaker.AGENT, text, from, to, cut, List.of());
    }

    @Override
    public void end() {
        ended = true;
        Running now = running;
        if (now == null) {
            finished.accept(this);
        } else {
            LockSupport.unpark(now.thread);
        }
    }

    /** Waits for the files to be closed; for so long at most. */
    boolean awaitFinished(Duration limit) throws InterruptedException {
        Running now = running;
        return now == null || now.thread.join(limit);
    }

    private void said(Speaker speaker, String text, long from, long to, boolean cut, List<Word> words) {
        Running now = running;
        if (now == null || ended || to <= now.startNanos || text.isBlank()) {
            return;
        }
        var turn = new Transcript.Turn(
                speaker,
                now.millis(from),
                now.millis(to),
                text,
                cut,
                words.stream()
                        .map(word -> new Transcript.Word(word.text(), now.millis(word.from()), now.millis(word.to())))
                        .toList());
        synchronized (turns) {
            turns.add(turn);
        }
    }

    private void record(Running now) {
        try (Unfinished files = source.create(about.organizationId(), about.callId())) {
            var audio = new OpusFile(files.out());
            write(now, audio);
            files.transcript(transcript(now, audio.millis()).json());
        } catch (IOException | RuntimeException e) {
            ended = true;
            cutShort.set(true);
            log.error("the recording of call {} ends before the call: {}", about.callId(), e.toString());
        }
        if (cutShort.get()) {
            listener.ended(Outcome.CUT_SHORT);
        }
        finished.accept(this);
    }

    private void write(Running now, OpusFile audio) throws IOException {
        var caller = new Track(OpusFile.CALLER_FRAME * 50, now.startNanos);
        var agent = new Track(OpusFile.AGENT_FRAME * 50, now.startNanos);
        var callers = new short[OpusFile.CALLER_FRAME];
        var agents = new short[OpusFile.AGENT_FRAME];
        boolean last = false;
        while (!last) {
            last = ended;
            long time = nanoTime.getAsLong(); // before the frames: those of before that are there
            now.callers.drain(caller::add);
            now.agents.drain(agent::add);
            if (last) {
                finish(caller, agent);
            } else {
                caller.passed(time);
                agent.passed(time);
            }
            while (caller.has(callers.length) && agent.has(agents.length)) {
                caller.take(callers);
                agent.take(agents);
                audio.write(callers, agents);
            }
            if (!last) {
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        }
        audio.finish();
    }

    /** Both end where the longer one does, at a whole frame. */
    private static void finish(Track caller, Track agent) {
        caller.finish(0);
        agent.finish(0);
        long frames =
                Math.max(Math.ceilDiv(caller.end(), (long) OpusFile.CALLER_FRAME), Math.ceilDiv(agent.end(), (long)
                        OpusFile.AGENT_FRAME));
        caller.finish(frames * OpusFile.CALLER_FRAME);
        agent.finish(frames * OpusFile.AGENT_FRAME);
    }

    private Transcript transcript(Running now, long millis) {
        List<Transcript.Turn> inOrder;
        synchronized (turns) {
            inOrder = turns.stream()
                    .sorted(Comparator.comparingLong(Transcript.Turn::fromMs))
                    .toList();
        }
        return new Transcript(
                Transcript.SCHEMA_VERSION,
                about.callId(),
                about.organizationId(),
                new Transcript.Flow(about.flowId(), about.flowVersion()),
                now.startedAt,
                millis,
                !cutShort.get(),
                about.consent(),
                inOrder);
    }
}
