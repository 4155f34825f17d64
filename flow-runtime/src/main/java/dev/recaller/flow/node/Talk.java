package dev.recaller.flow.node;

import dev.recaller.flow.FlowContext;
import dev.recaller.flow.FlowListener;
import dev.recaller.flow.definition.FlowConfiguration;
import dev.recaller.flow.definition.TurnChanges;
import dev.recaller.flow.line.Consultation;
import dev.recaller.flow.line.Consulted;
import dev.recaller.flow.line.Heard;
import dev.recaller.flow.line.Line;
import dev.recaller.flow.line.LiveSpeech;
import dev.recaller.flow.line.Said;
import dev.recaller.flow.line.Transferred;
import dev.recaller.flow.model.ChatModel;
import dev.recaller.memory.Speaker;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The line as nodes use it: keeps the transcript, asks the silent caller, watches the clock. For the flow's thread. */
public final class Talk {

    private static final int MAX_TURN = 4_000;

    /** A number that is typed is whole after so long without a key, or with #. */
    private static final Duration KEY_PAUSE = Duration.ofSeconds(2);

    private static final int MAX_KEYS = 64;

    private final Line line;
    private final FlowConfiguration configuration;
    private final FlowContext context;
    private final CallMemory memory;
    private final FlowListener listener;
    private final CallClock clock;
    private final Runnable turnKept;
    private FlowConfiguration.Turns turns;
    private int listened;
    private boolean transferred;

    /** @param turnKept run after each turn was kept */
    public Talk(
            Line line,
            FlowConfiguration configuration,
            FlowContext context,
            CallMemory memory,
            FlowListener listener,
            InstantSource clock,
            Runnable turnKept) {
        this.line = line;
        this.configuration = configuration;
        this.context = context;
        this.memory = memory;
        this.listener = listener;
        Instant began = context.turns().isEmpty()
                ? clock.instant()
                : context.turns().getFirst().saidAt();
        this.clock = new CallClock(clock, began, Duration.ofSeconds(configuration.maxCallSeconds()));
        this.turnKept = turnKept;
        this.turns = configuration.turns();
    }

    /** Whether the longest time a call may take is over. */
    public boolean timeUp() {
        return clock.timeUp();
    }

    Instant now() {
        return clock.now();
    }

    /** Whether the line is over, so that nobody waits for an answer any more. */
    boolean gone() {
        return transferred || line.gone();
    }

    /** As the flow has it, with these changes. */
    void takeTurns(TurnChanges changes) {
        FlowConfiguration.Turns next = changes.of(configuration.turns());
        if (!next.equals(turns)) {
            turns = next;
            line.takeTurns(next);
        }
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
        return kept(line.say(sentences));
    }

    /** As {@link #say(Iterator)}. */
    Said say(LiveSpeech speech) throws InterruptedException {
        return transferred ? new Said.HungUp("") : kept(line.say(speech));
    }

    private Said kept(Said said) {
        keep(Speaker.AGENT, said.heard(), !(said instanceof Said.Whole));
        return said;
    }

    /** A model that hears the caller and speaks itself, when the flow wants one and the line has one that works. */
    Optional<ChatModel> speaker(@Nullable String model) {
        return model == null ? Optional.empty() : line.speaker(model);
    }

    /**
     * What the caller says next. Silence is returned after the prompts the flow allows, or when the time is up. Who asks to be
     * waited for is waited for longer, once.
     */
    Heard listen() throws InterruptedException {
        return listen(Line.Foresight.NONE);
    }

    /** As {@link #listen()}, for who can begin before it is certain. */
    Heard listen(Line.Foresight foresight) throws InterruptedException {
        if (transferred) {
            return new Heard.HungUp();
        }
        listened++;
        int prompts = 0;
        boolean holding = false;
        while (true) {
            if (warn() instanceof Said.HungUp) {
                return new Heard.HungUp();
            }
            boolean stillThere = prompts > 0;
            Duration patience = Duration.ofMillis(
                    holding ? turns.silence().holdMs() : turns.silence().promptAfterMs());
            switch (listenOnce(patience, new Foreseen(foresight, configuration.locale(), stillThere))) {
                case Heard.Silence _ when clock.warningDue() -> {}
                case Heard.Silence silence -> {
                    if (timeUp() || prompts == turns.silence().maxPrompts()) {
                        return silence;
                    }
                    prompts++;
                    holding = false;
                    if (say(StockPhrase.STILL_THERE.in(configuration.locale())) instanceof Said.HungUp) {
                        return new Heard.HungUp();
                    }
                }
                case Heard.Speech(String words)
                when Hold.isAll(words, configuration.locale(), stillThere) -> {
                    if (!holding && say(StockPhrase.TAKE_YOUR_TIME.in(configuration.locale())) instanceof Said.HungUp) {
                        return new Heard.HungUp();
                    }
                    holding = true;
                }
                case Heard heard -> {
                    return heard;
                }
            }
        }
    }

    /**
     * As {@link #listen(Line.Foresight)}, for who takes keys for words: a number that is typed comes as one turn, with what is
     * said beside it. Keys that are a command come as they are.
     */
    Heard listenWithKeys(Line.Foresight foresight, Predicate<String> command) throws InterruptedException {
        Heard first = listen(foresight);
        if (!(first instanceof Heard.Digits(String keys)) || command.test(keys)) {
            return first;
        }
        StringBuilder typed = new StringBuilder(keys);
        String beside = "";
        while (typed.indexOf("#") < 0 && typed.length() < MAX_KEYS && beside.isEmpty()) {
            switch (line.listen(KEY_PAUSE)) {
                case Heard.Digits(String more) -> typed.append(more);
                case Heard.Speech(String text) -> beside = words(text);
                case Heard.Silence _ -> beside = " ";
                case Heard.HungUp hungUp -> {
                    keepKeys(typed, beside);
                    return hungUp;
                }
            }
        }
        return new Heard.Speech(keepKeys(typed, beside));
    }

    private String keepKeys(StringBuilder typed, String beside) {
        return keep(Speaker.CALLER, ("(keys: " + typed + ") " + beside).strip(), false);
    }

    /** Tells the caller that the longest time is nearly over, once. */
    private @Nullable Said warn() throws InterruptedException {
        if (!clock.warningDue()) {
            return null;
        }
        clock.warned();
        return clock.timeUp() ? null : say(StockPhrase.ENDING_SOON.in(configuration.locale()));
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
        return line.keys(clock.left(clock.now().plus(patience)));
    }

    /** Is silent for so long; what the caller says meanwhile is kept. False when they hung up. */
    boolean pause(Duration duration) throws InterruptedException {
        Instant until = clock.now().plus(duration);
        listened++;
        while (true) {
            Duration left = clock.left(until);
            if (!left.isPositive()) {
                return true;
            }
            switch (transferred ? new Heard.HungUp() : line.listen(left)) {
                case Heard.Speech(String text) -> keep(Speaker.CALLER, PlainText.of(text), false);
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

    /** Telephones somebody beside the caller. What is said there is nothing of this conversation's. */
    Consulted consult(String to, Duration ring) throws InterruptedException {
        return transferred ? new Consulted.NotReached(new Transferred.HungUp()) : line.consult(to, ring);
    }

    /** Has the caller talk with whoever was telephoned. */
    Transferred join(Consultation consultation) throws InterruptedException {
        Transferred how = consultation.join();
        transferred |= how instanceof Transferred.Done;
        return how;
    }

    /** Has a caller who has to wait hear music, or no more. */
    void music(boolean plays) throws InterruptedException {
        if (!transferred) {
            line.music(plays);
        }
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
    private Heard listenOnce(Duration patience, Line.Foresight foresight) throws InterruptedException {
        Instant begun = clock.now();
        Instant until = clock.until(patience);
        while (true) {
            Duration left = clock.left(until);
            if (!left.isPositive()) {
                return new Heard.Silence(Duration.between(begun, clock.now()));
            }
            Heard heard = line.listen(left, foresight);
            if (!(heard instanceof Heard.Speech(String text))) {
                return heard;
            }
            String words = words(text);
            if (!words.isEmpty()) {
                return new Heard.Speech(keep(Speaker.CALLER, words, false));
            }
        }
    }

    /** A turn of the caller as it is kept. */
    static String words(String text) {
        String words = PlainText.of(text);
        return words.substring(0, Math.min(words.length(), MAX_TURN));
    }

    private String keep(Speaker speaker, String text, boolean cutShort) {
        String words = text.strip();
        words = words.length() > MAX_TURN ? words.substring(0, MAX_TURN) : words;
        if (!words.isEmpty()) {
            listener.turnEnded(context, context.add(speaker, words, clock.now(), cutShort));
            memory.turnEnded();
            turnKept.run();
        }
        return words;
    }
}
