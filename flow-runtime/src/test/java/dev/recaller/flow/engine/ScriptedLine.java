package dev.recaller.flow.engine;

import dev.recaller.flow.definition.FlowConfiguration;
import dev.recaller.flow.line.Consultation;
import dev.recaller.flow.line.Consulted;
import dev.recaller.flow.line.Heard;
import dev.recaller.flow.line.Line;
import dev.recaller.flow.line.LineException;
import dev.recaller.flow.line.LiveSpeech;
import dev.recaller.flow.line.Said;
import dev.recaller.flow.line.Transferred;
import dev.recaller.flow.model.ChatModel;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/**
 * A caller of words: answers what the script says, in order, then hangs up. Saying a sentence takes a second, silence as
 * long as the flow is patient.
 */
final class ScriptedLine implements Line {

    sealed interface Act {
        record Speaks(String words) implements Act {}

        /**
         * Has probably said this; what comes next tells.
         *
         * @param begun when to go on
         */
        record ProbablySpeaks(String words, BooleanSupplier begun) implements Act {}

        /** Goes on after {@link ProbablySpeaks}. */
        record GoesOn() implements Act {}

        record Keys(String digits) implements Act {}

        record IsSilent() implements Act {}

        record Interrupts(int afterWords) implements Act {}

        record HangsUpWhileListening(int afterWords) implements Act {}

        record HangsUpWaiting() implements Act {}

        record Breaks(LineException how) implements Act {}

        /** What becomes of the next transfer. */
        record Transfers(Transferred how) implements Act {}

        /** Who picks up beside the caller, and does this. */
        record PicksUp(List<Act> acts) implements Act {}

        /** Blocks until the thread is interrupted. */
        record Waits() implements Act {}
    }

    private final StepClock clock;
    private final Deque<Act> script = new ArrayDeque<>();
    private final List<String> said = new ArrayList<>();
    private final List<String> acted = new ArrayList<>();
    private final @Nullable ChatModel speaker;
    private boolean gone;
    private boolean music;
    private int hangUps;

    ScriptedLine(StepClock clock, List<Act> script) {
        this(clock, script, null);
    }

    /** @param speaker on this line, called {@code speaks} */
    ScriptedLine(StepClock clock, List<Act> script, @Nullable ChatModel speaker) {
        this.clock = clock;
        this.speaker = speaker;
        this.script.addAll(script);
    }

    /** What the agent said, a sentence each, as far as it was heard. */
    List<String> said() {
        return said;
    }

    /** What the agent did beside talking: {@code plays a.wav}, {@code presses 1}, {@code transfers to +1555}. */
    List<String> acted() {
        return acted;
    }

    boolean hungUpByAgent() {
        return hangUps > 0;
    }

    @Override
    public Said say(Iterator<String> sentences) {
        List<String> heard = new ArrayList<>();
        while (sentences.hasNext()) {
            String sentence = sentences.next();
            if (gone) {
                return new Said.HungUp(String.join(" ", heard));
            }
            switch (script.peek()) {
                case Act.Interrupts(int words) -> {
                    script.remove();
                    return new Said.Interrupted(hear(heard, first(words, sentence)));
                }
                case Act.HangsUpWhileListening(int words) -> {
                    script.remove();
                    gone = true;
                    return new Said.HungUp(hear(heard, first(words, sentence)));
                }
                case Act.Breaks(LineException how) -> throw how;
                case null, default -> hear(heard, sentence);
            }
        }
        return new Said.Whole(String.join(" ", heard));
    }

    @Override
    public Optional<ChatModel> speaker(String model) {
        return model.equals("speaks") ? Optional.ofNullable(speaker) : Optional.empty();
    }

    /** A tenth of a second of sound is a word. */
    @Override
    public Said say(LiveSpeech speech) {
        int samples = 0;
        for (short[] pcm = speech.sound(); pcm != null; pcm = speech.sound()) {
            samples += pcm.length;
        }
        Said said =
                samples == 0 ? new Said.Whole("") : say(List.of(speech.words()).iterator());
        long words = said.heard().isEmpty() ? 0 : said.heard().split(" ").length;
        speech.played(Duration.ofMillis(100 * words), said.heard());
        return said;
    }

    @Override
    public Heard listen(Duration patience, Foresight foresight) throws InterruptedException {
        while (true) {
            switch (script.peek()) {
                case Act.ProbablySpeaks(String words, BooleanSupplier begun) -> {
                    foresight.probably(words);
                    Awaitility.await().until(begun::getAsBoolean);
                }
                case Act.GoesOn _ -> foresight.doubted();
                case null, default -> {
                    return listen(patience);
                }
            }
            script.remove();
        }
    }

    @Override
    public void takeTurns(FlowConfiguration.Turns turns) {
        acted.add("takes turns after " + turns.endpointing().minMs() + " ms"
                + (turns.interruption().enabled() ? "" : ", not to be interrupted"));
    }

    @Override
    public Heard listen(Duration patience) throws InterruptedException {
        Act act = script.poll();
        if (gone || act == null) {
            gone = true;
            return new Heard.HungUp();
        }
        return switch (act) {
            case Act.Speaks(String words) -> {
                clock.pass(Duration.ofSeconds(2));
                yield new Heard.Speech(words);
            }
            case Act.Keys(String digits) -> new Heard.Digits(digits);
            case Act.IsSilent _ -> {
                clock.pass(patience);
                yield new Heard.Silence(patience);
            }
            case Act.Waits _ -> {
                Thread.currentThread().join();
                throw new AssertionError("joined itself");
            }
            case Act.Breaks(LineException how) -> throw how;
            case Act.ProbablySpeaks _,
                    Act.GoesOn _,
                    Act.Interrupts _,
                    Act.HangsUpWhileListening _,
                    Act.HangsUpWaiting _,
                    Act.PicksUp _,
                    Act.Transfers _ ->
                throw new AssertionError("the flow listens, where the script waits for something else");
        };
    }

    @Override
    public Heard keys(Duration patience) throws InterruptedException {
        while (script.peek() instanceof Act.Speaks) {
            script.remove();
        }
        return listen(patience);
    }

    @Override
    public Optional<Said> play(String audio) {
        acted.add("plays " + audio);
        return audio.startsWith("missing") ? Optional.empty() : Optional.of(new Said.Whole(""));
    }

    @Override
    public boolean sendDigits(String digits) {
        acted.add("presses " + digits);
        return true;
    }

    @Override
    public Transferred transfer(String to, Duration ring) throws InterruptedException {
        acted.add("transfers to " + to);
        if (script.peek() instanceof Act.Waits) {
            Thread.currentThread().join();
        }
        if (script.poll() instanceof Act.Transfers(Transferred how)) {
            gone |= how instanceof Transferred.Done;
            return how;
        }
        throw new AssertionError("the script has no transfer here");
    }

    @Override
    public Consulted consult(String to, Duration ring) {
        acted.add("consults " + to);
        return switch (script.poll()) {
            case Act.PicksUp(var acts) -> new Consulted.Reached(new Colleague(acts));
            case Act.Transfers(Transferred how) -> new Consulted.NotReached(how);
            case null, default -> throw new AssertionError("the script has no consultation here");
        };
    }

    @Override
    public void music(boolean plays) {
        if (plays != music) {
            acted.add(plays ? "plays music" : "ends the music");
            music = plays;
        }
    }

    private final class Colleague implements Consultation {
        private final ScriptedLine line;
        private boolean joined;

        Colleague(List<Act> acts) {
            line = new ScriptedLine(clock, acts);
        }

        @Override
        public Line line() {
            return line;
        }

        @Override
        public Transferred join() {
            acted.add("joins them");
            joined = true;
            gone = true;
            return new Transferred.Done();
        }

        @Override
        public void close() {
            line.said.forEach(words -> acted.add("tells them: " + words));
            if (!joined) {
                acted.add("hangs up on them");
            }
        }
    }

    @Override
    public boolean gone() {
        gone |= script.peek() instanceof Act.HangsUpWaiting;
        return gone;
    }

    @Override
    public void hangUp() {
        hangUps++;
        gone = true;
    }

    private String hear(List<String> heard, String words) {
        clock.pass(Duration.ofSeconds(1));
        heard.add(words);
        said.add(words);
        return String.join(" ", heard);
    }

    private static String first(int words, String sentence) {
        return String.join(" ", List.of(sentence.split(" ")).subList(0, words));
    }
}
