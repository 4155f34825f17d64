package dev.recaller.worker.control;

import dev.recaller.flow.line.Heard;
import dev.recaller.flow.line.Line;
import dev.recaller.flow.line.Said;
import dev.recaller.flow.line.Transferred;
import dev.recaller.worker.control.v1.ConverseResponse;
import dev.recaller.worker.control.v1.Listening;
import java.time.Duration;
import java.util.Iterator;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;

/** A line of text over a stream. What the caller sends waits until the flow listens. */
final class TextLine implements Line {

    /** Who sends no more for so long has gone. */
    private static final Duration IDLE = Duration.ofMinutes(10);

    private static final int MOST_WAITING = 100;

    private final Streamed<ConverseResponse> out;
    private final BlockingQueue<Heard> heard = new ArrayBlockingQueue<>(MOST_WAITING);
    private volatile boolean hungUp;
    private boolean ended;
    private boolean told;
    private long silentSince = System.nanoTime();

    TextLine(Streamed<ConverseResponse> out) {
        this.out = out;
    }

    void speech(String text) {
        hear(new Heard.Speech(text));
    }

    void digits(String keys) {
        hear(new Heard.Digits(keys));
    }

    /** What was sent before is still heard. */
    void hungUp() {
        hungUp = true;
    }

    private void hear(Heard what) {
        if (!heard.offer(what)) {
            throw Failures.tooMany(
                    "TOO_FAST", MOST_WAITING + " messages wait for the agent to listen", Duration.ofSeconds(1));
        }
    }

    @Override
    public Said say(Iterator<String> sentences) throws InterruptedException {
        var said = new StringBuilder();
        if (ended) {
            return new Said.HungUp("");
        }
        while (sentences.hasNext()) {
            String sentence = sentences.next();
            send(ConverseResponse.newBuilder().setSpeech(sentence));
            if (ended) {
                return new Said.HungUp(said.toString());
            }
            said.append(said.isEmpty() ? "" : " ").append(sentence);
        }
        return new Said.Whole(said.toString());
    }

    @Override
    public Heard listen(Duration patience) throws InterruptedException {
        if (!told && heard.isEmpty() && !hungUp) {
            told = true;
            silentSince = System.nanoTime();
            send(ConverseResponse.newBuilder().setListening(Listening.getDefaultInstance()));
        }
        Heard next = ended ? null : heard.poll(hungUp ? 0 : patience.toNanos(), TimeUnit.NANOSECONDS);
        if (next != null) {
            told = false;
            return next;
        }
        if (ended || hungUp || out.isCancelled() || System.nanoTime() - silentSince > IDLE.toNanos()) {
            ended = true;
            return new Heard.HungUp();
        }
        return new Heard.Silence(patience);
    }

    @Override
    public Optional<Said> play(String audio) throws InterruptedException {
        note("plays " + audio);
        return Optional.of(ended ? new Said.HungUp("") : new Said.Whole(""));
    }

    @Override
    public boolean sendDigits(String digits) throws InterruptedException {
        note("presses " + digits);
        return !ended;
    }

    @Override
    public Transferred transfer(String to, Duration ring) throws InterruptedException {
        note("transfers the caller to " + to);
        return ended ? new Transferred.HungUp() : new Transferred.Done();
    }

    @Override
    public boolean gone() {
        return ended || out.isCancelled() || (hungUp && heard.isEmpty());
    }

    @Override
    public void hangUp() {
        ended = true;
    }

    private void note(String what) throws InterruptedException {
        send(ConverseResponse.newBuilder().setNote(what));
    }

    private void send(ConverseResponse.Builder message) throws InterruptedException {
        ended |= !out.send(message.build());
    }
}
