package dev.recaller.flow.node;

import dev.recaller.flow.FlowContext;
import dev.recaller.flow.FlowListener;
import dev.recaller.flow.definition.FlowConfiguration;
import dev.recaller.flow.line.Heard;
import dev.recaller.flow.line.Line;
import dev.recaller.flow.line.Said;
import dev.recaller.flow.line.Transferred;
import dev.recaller.memory.Speaker;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/** The line as nodes use it: keeps the transcript, asks the silent caller, watches the clock. For the flow's thread. */
public final class Talk {

    private static final int MAX_TURN = 4_000;

    private final Line line;
    private final FlowConfiguration configuration;
    private final FlowContext context;
    private final CallMemory memory;
    private final FlowListener listener;
    private final InstantSource clock;
    private final Runnable callerSpoke;
    private final Instant deadline;
    private int listened;
    private boolean transferred;

    /** @param callerSpoke run after each turn of the caller was kept */
    public Talk(
            Line line,
            FlowConfiguration configuration,
            FlowContext context,
            CallMemory memory,
            FlowListener listener,
            InstantSource clock,
            Runnable callerSpoke) {
        this.line = line;
        this.configuration = configuration;
        this.context = context;
        this.memory = memory;
        this.listener = listener;
        this.clock = clock;
        this.callerSpoke = callerSpoke;
        this.deadline = clock.instant().plusSeconds(configuration.maxCallSeconds());
    }

    /** Whether the longest time a call may take is over. */
    public boolean timeUp() {
        return !clock.instant().isBefore(deadline);
    }

    Instant now() {
        return clock.instant();
    }

    /** Whether the line is over, so that nobody waits for an answer any more. */
    boolean gone() {
        return transferred || line.gone();
    }

    /** How often the flow has listened; a flow that does not is running in circles. */
    public int listened() {
        return listened;
    }

    Said say(String text) throws InterruptedException {
        List<String> sentences = SentenceSplitter.split(text, configuration.locale());
        return sentences.isEmpty() ? new Said.Whole("") : say(sentences.iterator());
    }

    /** Says the sentences and keeps what was heard of them. */
    Said say(Iterator<String> sentences) throws InterruptedException {
        if (transferred) {
            return new Said.HungUp("");
        }
        Said said = line.say(sentences);
        keep(Speaker.AGENT, said.heard(), !(said instanceof Said.Whole));
        return said;
    }

    /** What the caller says next. Silence is returned after the prompts the flow allows, or when the time is up. */
    Heard listen() throws InterruptedException {
        if (transferred) {
            return new Heard.HungUp();
        }
        listened++;
        for (int prompts = 0; ; prompts++) {
            switch (listenOnce()) {
                case Heard.Silence silence -> {
                    if (timeUp() || prompts == configuration.turns().silence().maxPrompts()) {
                        return silence;
                    }
                    if (say(SilencePrompt.in(configuration.locale())) instanceof Said.HungUp) {
                        return new Heard.HungUp();
                    }
                }
                case Heard heard -> {
                    return heard;
                }
            }
        }
    }

    /** Plays a file; empty when the line cannot. */
    Optional<Said> play(String audio) throws InterruptedException {
        return transferred ? Optional.of(new Said.HungUp("")) : line.play(audio);
    }

    /** The caller's next keys; nobody is asked whether they are still there. */
    Heard keys(Duration patience) throws InterruptedException {
        if (transferred) {
            return new Heard.HungUp();
        }
        listened++;
        return line.keys(Duration.between(clock.instant(), min(clock.instant().plus(patience), deadline)));
    }

    /** Is silent for so long; what the caller says meanwhile is kept. False when they hung up. */
    boolean pause(Duration duration) throws InterruptedException {
        Instant until = clock.instant().plus(duration);
        listened++;
        while (true) {
            Duration left = Duration.between(clock.instant(), min(until, deadline));
            if (!left.isPositive()) {
                return true;
            }
            switch (transferred ? new Heard.HungUp() : line.listen(left)) {
                case Heard.Speech(String text) -> keep(Speaker.CALLER, SpokenText.plain(text), false);
                case Heard.HungUp _ -> {
                    return false;
                }
                case Heard.Silence _, Heard.Digits _ -> {}
            }
        }
    }

    boolean sendDigits(String digits) throws InterruptedException {
        return !transferred && line.sendDigits(digits);
    }

    Transferred transfer(String to, Duration ring) throws InterruptedException {
        Transferred how = transferred ? new Transferred.HungUp() : line.transfer(to, ring);
        transferred |= how instanceof Transferred.Done;
        return how;
    }

    /** Whether the caller talks with somebody else by now. */
    public boolean transferred() {
        return transferred;
    }

    void hangUp() {
        if (!transferred) {
            line.hangUp();
        }
    }

    /** Noise that is no words does not count as an answer: the silence goes on. */
    private Heard listenOnce() throws InterruptedException {
        Duration promptAfter = Duration.ofMillis(configuration.turns().silence().promptAfterMs());
        Instant begun = clock.instant();
        Instant until = min(begun.plus(promptAfter), deadline);
        while (true) {
            Duration patience = Duration.between(clock.instant(), until);
            if (!patience.isPositive()) {
                return new Heard.Silence(Duration.between(begun, clock.instant()));
            }
            Heard heard = line.listen(patience);
            if (!(heard instanceof Heard.Speech(String text))) {
                return heard;
            }
            String words = SpokenText.plain(text);
            if (!words.isEmpty()) {
                return new Heard.Speech(keep(Speaker.CALLER, words, false));
            }
        }
    }

    private static Instant min(Instant a, Instant b) {
        return a.isBefore(b) ? a : b;
    }

    private String keep(Speaker speaker, String text, boolean cutShort) {
        String words = text.strip();
        words = words.length() > MAX_TURN ? words.substring(0, MAX_TURN) : words;
        if (!words.isEmpty()) {
            listener.turnEnded(context, context.add(speaker, words, clock.instant(), cutShort));
            memory.turnEnded();
            if (speaker == Speaker.CALLER) {
                callerSpoke.run();
            }
        }
        return words;
    }
}
