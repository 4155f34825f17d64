package dev.recaller.worker.speech;

import dev.recaller.flow.definition.FlowConfiguration;
import dev.recaller.flow.line.Consulted;
import dev.recaller.flow.line.Heard;
import dev.recaller.flow.line.Line;
import dev.recaller.flow.line.LineException;
import dev.recaller.flow.line.LiveSpeech;
import dev.recaller.flow.line.Said;
import dev.recaller.flow.line.Transferred;
import dev.recaller.flow.model.ChatModel;
import java.time.Duration;
import java.util.Iterator;
import java.util.Optional;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The line of one phone call. The flow's thread says and listens; a thread of the call brings the caller's audio to
 * {@link #hear}; the pacer takes ours from the {@link Playout}. The caller's audio is its own clock, so that a test may
 * run it faster than time.
 */
public final class PhoneLine implements Line, AutoCloseable {

    private static final long NO_AUDIO_NANOS = TimeUnit.SECONDS.toNanos(1);
    /** Signalling is faster than audio: what was said before the hang-up may still be on its way for so long. */
    private static final long LAST_AUDIO_NANOS = TimeUnit.MILLISECONDS.toNanos(150);

    private static final long LAST_WORDS_NANOS = TimeUnit.SECONDS.toNanos(3);
    private static final long LOOK_AGAIN_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    private final TextToSpeech textToSpeech;
    private final Playout playout;
    private final Level level = new Level();
    private final Reports reports;
    private final LongSupplier nanoTime;
    private final ThreadFactory threads;
    private final TelephoneActs acts;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Ear ear;
    private final Floor floor;
    private final Announcements announcements;
    private final Holding holding;
    private final HeardQueue pending = new HeardQueue();
    private final Expectation expectation = new Expectation(lock);
    private TurnSettings settings;
    private @Nullable Named speaker;
    private @Nullable AudioFiles files;
    private @Nullable LineException failure;
    private boolean hungUp;
    private long lastWordsUntil;

    /**
     * A line that is not answered yet: see {@link Playout#answered}.
     *
     * @param acts of the telephone; hung up at most once, by the thread that calls {@link #hangUp()}
     * @param nanoTime as {@link System#nanoTime}
     * @param threads makes those that wait for the speech server, a virtual one a request
     */
    public PhoneLine(
            TurnSettings settings,
            VoiceActivity voiceActivity,
            SpeechToText speechToText,
            TextToSpeech textToSpeech,
            Playout playout,
            SpeechListener listener,
            LongSupplier nanoTime,
            ThreadFactory threads,
            TelephoneActs acts) {
        this.settings = settings;
        this.textToSpeech = textToSpeech;
        this.playout = playout;
        this.reports = new Reports(listener, playout);
        this.floor = new Floor(playout, reports);
        this.nanoTime = nanoTime;
        this.threads = threads;
        this.acts = acts;
        this.holding = new Holding(playout, this::gone);
        this.announcements = new Announcements(playout, changed, nanoTime, () -> hungUp);
        this.ear =
                new Ear(settings.endOfTurn(), voiceActivity.stream(), speechToText, nanoTime, threads, new EarOwner());
    }

    /**
     * The caller's audio, in order, by one thread; takes under a millisecond.
     *
     * @param frame 16 kHz mono, any length; not kept
     * @param receivedAt when it came in, by the line's clock
     */
    public void hear(short[] frame, long receivedAt) throws InterruptedException {
        ear.hear(frame, receivedAt);
    }

    /** The caller pressed a key. Any thread. */
    public void keyed(char digit) {
        change(() -> {
            pending.add(new Heard.Digits(String.valueOf(digit)));
            if (settings.interruptible()) {
                floor.interrupt();
            }
        });
    }

    /**
     * The line is gone. Any thread. What the caller was just saying is still transcribed, and comes out of
     * {@link #listen} before {@link Heard.HungUp}; a {@link #say} it was said into counts as interrupted.
     */
    public void hungUp() {
        change(() -> {
            if (!hungUp) {
                end(LAST_WORDS_NANOS);
            }
        });
    }

    @Override
    public void takeTurns(FlowConfiguration.Turns turns) {
        change(() -> {
            settings = TurnSettings.of(turns, settings.locale());
            ear.use(settings.endOfTurn());
        });
    }

    @Override
    public boolean gone() {
        lock.lock();
        try {
            return hungUp;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public boolean sendDigits(String digits) throws InterruptedException {
        return pickedUp() && acts.sendDigits(digits);
    }

    @Override
    public Transferred transfer(String to, Duration ring) throws InterruptedException {
        if (!pickedUp()) {
            return new Transferred.HungUp();
        }
        Transferred how = acts.transfer(to, ring);
        return gone() && !(how instanceof Transferred.Done) ? new Transferred.HungUp() : how;
    }

    @Override
    public Consulted consult(String to, Duration ring) throws InterruptedException {
        if (!pickedUp()) {
            return new Consulted.NotReached(new Transferred.HungUp());
        }
        return switch (acts.consult(to, ring)) {
            case Consulted.Reached(var them) -> new Consulted.Reached(new Holding.Beside(them, this::passOver));
            case Consulted.NotReached(var how) -> {
                passOver();
                yield new Consulted.NotReached(gone() ? new Transferred.HungUp() : how);
            }
        };
    }

    @Override
    public void music(boolean plays) throws InterruptedException {
        holding.music(plays);
    }

    /** What the caller said or pressed while they were on hold was not meant for us. */
    private void passOver() {
        change(pending::clear);
    }

    /** Waits for the answer, before which a telephone can do nothing but ring. */
    private boolean pickedUp() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            announcements.playOpening();
            playout.want();
            while (!hungUp && !playout.isAnswered()) {
                long _ = changed.awaitNanos(LOOK_AGAIN_NANOS);
            }
            return !hungUp;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void hangUp() {
        lock.lock();
        try {
            if (hungUp) {
                return;
            }
            end(0);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        acts.hangUp();
    }

    @Override
    public Said say(Iterator<String> sentences) throws InterruptedException {
        try (var current = new Saying(sentences, textToSpeech, level, nanoTime, threads)) {
            return say(current);
        }
    }

    @Override
    public Said say(LiveSpeech speech) throws InterruptedException {
        var source = new LiveSource(speech, nanoTime);
        try (var current = new Saying(source, level, threads)) {
            try {
                return say(current);
            } finally {
                source.played(current.utterance(), current.heard());
            }
        }
    }

    /**
     * Has this model speak for the agents of flows that name it. Before the flow runs.
     *
     * @param name as flows have it
     */
    public void speaker(String name, VoiceModel model) {
        speaker = new Named(name, model);
    }

    @Override
    public Optional<ChatModel> speaker(String model) {
        return Optional.ofNullable(speaker)
                .filter(it -> it.name().equals(model) && it.model().works())
                .map(it -> it.model().chat());
    }

    /**
     * Has files played from there. Before the flow runs.
     *
     * @param holdMusic a file of it; absent: a tune of ours
     */
    public void files(AudioFiles folder, @Nullable String holdMusic) {
        files = folder;
        if (holdMusic != null) {
            holding.use(() -> folder.read(holdMusic).orElseGet(HoldTune::pcm));
        }
    }

    @Override
    public Optional<Said> play(String audio) throws InterruptedException {
        Optional<short[]> pcm = files == null ? Optional.empty() : files.read(audio);
        if (pcm.isEmpty()) {
            return Optional.empty();
        }
        var source = new RecordedSource(pcm.get(), nanoTime.getAsLong());
        try (var current = new Saying(source, new Level(), threads)) {
            return Optional.of(say(current));
        }
    }

    /**
     * Has this said before anything else, and not to be interrupted. Before the flow runs.
     *
     * @param pcm 24 kHz mono
     * @param played called when it was played to its end, by the flow's thread; must not block
     */
    public void open(short[] pcm, Runnable played) {
        announcements.open(pcm, played);
    }

    private Said say(Saying current) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            if (hungUp) {
                return unheard("");
            }
            current.start();
            announcements.playOpening();
            floor.begin(current);
            floor.hears(ear.spokenMillis(), ear.silentMillis(), settings);
            while (!hungUp && !floor.interrupted() && !current.over()) {
                reports.playing(current);
                long _ = changed.awaitNanos(Announcements.untilPlayed(current.utterance()));
            }
            reports.playing(current);
            playout.clear();
            if (hungUp) {
                return unheard(current.heard());
            }
            if (floor.interrupted()) {
                return new Said.Interrupted(current.heard());
            }
            var broken = current.failure();
            if (broken != null) {
                throw broken;
            }
            return new Said.Whole(current.heard());
        } finally {
            floor.end();
            reports.agentSaid(current, nanoTime.getAsLong());
            heard(current.heard());
            lock.unlock();
        }
    }

    /** What was not heard asked for nothing new. */
    private void heard(String words) {
        if (!words.isEmpty()) {
            ear.asked(settings.english() ? Asked.by(words) : Asked.ANYTHING);
        }
    }

    /** Who speaks over us and hangs up has still said something: the flow is to listen once more. */
    private Said unheard(String heard) {
        return lastWordsComing() ? new Said.Interrupted(heard) : new Said.HungUp(heard);
    }

    private boolean lastWordsComing() {
        return !pending.isEmpty() || (ear.inTurn() && nanoTime.getAsLong() < lastWordsUntil);
    }

    /** Plays ready-made audio (24 kHz mono) to its end, not to be interrupted; gives up when it is not taken in time. */
    public void play(short[] pcm) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            announcements.play(pcm);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public Heard listen(Duration patience) throws InterruptedException {
        return listen(patience, Foresight.NONE);
    }

    @Override
    public Heard listen(Duration patience, Foresight foresight) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            announcements.playOpening();
            playout.want();
            long heardBefore = ear.heardMillis();
            long began = nanoTime.getAsLong();
            while (true) {
                if (!pending.isEmpty()) {
                    return pending.next();
                }
                if (expectation.tell(foresight)) {
                    continue;
                }
                if (failure != null) {
                    throw failure;
                }
                long now = nanoTime.getAsLong();
                if (hungUp && !lastWordsComing()) {
                    return new Heard.HungUp();
                }
                if (ear.inTurn() && now - ear.lastAudioAt() > (hungUp ? LAST_AUDIO_NANOS : NO_AUDIO_NANOS)) {
                    ear.endTurn();
                }
                long silent = Math.max(ear.heardMillis() - heardBefore, TimeUnit.NANOSECONDS.toMillis(now - began));
                if (!ear.inTurn() && silent >= patience.toMillis()) {
                    return new Heard.Silence(patience);
                }
                long _ = changed.awaitNanos(LOOK_AGAIN_NANOS);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Ends every thread and request of the line. */
    @Override
    public void close() {
        change(() -> end(0));
        ear.close();
    }

    private void end(long lastWordsNanos) {
        hungUp = true;
        lastWordsUntil = nanoTime.getAsLong() + lastWordsNanos;
        playout.clear();
    }

    private final class EarOwner implements Ear.Owner {
        @Override
        public void change(Runnable change) {
            PhoneLine.this.change(change);
        }

        @Override
        public void listened() {
            floor.hears(ear.spokenMillis(), ear.silentMillis(), settings);
        }

        @Override
        public void took(Ear.Turn turn) {
            reports.callerSaid(turn);
            if (!floor.yields(turn.text(), settings)) {
                return;
            }
            expectation.settled();
            reports.took(turn);
            pending.add(new Heard.Speech(turn.text()));
        }

        @Override
        public void expecting(String text) {
            if (!floor.isOurs() && pending.isEmpty()) {
                expectation.probably(text);
            }
        }

        @Override
        public void doubted() {
            expectation.doubted();
        }

        @Override
        public void nothing() {
            floor.nothing();
        }

        @Override
        public void lost(LineException why) {
            failure = why;
            floor.interrupt();
        }
    }

    private record Named(String name, VoiceModel model) {}

    private void change(Runnable change) {
        lock.lock();
        try {
            change.run();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
