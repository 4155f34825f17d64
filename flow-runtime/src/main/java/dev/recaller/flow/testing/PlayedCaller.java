package dev.recaller.flow.testing;

import dev.recaller.flow.definition.FlowTest.Act;
import dev.recaller.flow.line.Consulted;
import dev.recaller.flow.line.Heard;
import dev.recaller.flow.line.Line;
import dev.recaller.flow.line.Said;
import dev.recaller.flow.line.Transferred;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/** A caller who does what is written, then hangs up. Time passes as on a telephone, but nobody waits for it. */
final class PlayedCaller implements Line {

    private static final Duration SENTENCE = Duration.ofSeconds(2);

    private final PlayedClock clock;
    private final Deque<Act> acts;
    private final Deque<String> transfers;
    private final List<String> said = new ArrayList<>();
    private final List<String> problems = new ArrayList<>();
    private boolean gone;

    PlayedCaller(PlayedClock clock, Collection<Act> acts, Collection<String> transfers) {
        this.clock = clock;
        this.acts = new ArrayDeque<>(acts);
        this.transfers = new ArrayDeque<>(transfers);
    }

    /** What the agent said, a call of {@link #say} each. */
    List<String> said() {
        return said;
    }

    /** What the script did not foresee. */
    List<String> problems() {
        return problems;
    }

    @Override
    public Said say(Iterator<String> sentences) {
        List<String> heard = new ArrayList<>();
        while (!gone && sentences.hasNext()) {
            heard.add(sentences.next());
            clock.pass(SENTENCE);
        }
        String all = String.join(" ", heard);
        if (!all.isEmpty()) {
            said.add(all);
        }
        return gone ? new Said.HungUp(all) : new Said.Whole(all);
    }

    @Override
    public Heard listen(Duration patience) {
        Act act = gone ? null : acts.poll();
        return switch (act) {
            case Act.Says(String words) -> {
                clock.pass(SENTENCE);
                yield new Heard.Speech(words);
            }
            case Act.Presses(String digits) -> new Heard.Digits(digits);
            case Act.IsSilent _ -> {
                clock.pass(patience);
                yield new Heard.Silence(patience);
            }
            case Act.HangsUp _ -> hungUp();
            case null -> hungUp();
        };
    }

    private Heard hungUp() {
        gone = true;
        return new Heard.HungUp();
    }

    /** Keys that were all pressed at once come at once. */
    @Override
    public Heard keys(Duration patience) {
        while (acts.peek() instanceof Act.Says) {
            acts.remove();
        }
        return listen(patience);
    }

    @Override
    public Optional<Said> play(String audio) {
        return Optional.of(gone ? new Said.HungUp("") : new Said.Whole(""));
    }

    @Override
    public boolean sendDigits(String digits) {
        return !gone;
    }

    @Override
    public Consulted consult(String to, Duration ring) {
        return switch (transfers.peek()) {
            case "done", "declined" -> new Consulted.Reached(new PlayedColleague(transfers.remove()));
            case null, default -> new Consulted.NotReached(transfer(to, ring));
        };
    }

    @Override
    public Transferred transfer(String to, Duration ring) {
        String how = transfers.poll();
        if (how == null) {
            problems.add("the caller is transferred to " + to + ", and no \"transfer\" of a test says how that ends");
        }
        return switch (how) {
            case "done" -> new Transferred.Done();
            case "declined" -> new Transferred.Declined(603);
            case "busy" -> new Transferred.Busy(486);
            case "no_answer" -> {
                clock.pass(ring);
                yield new Transferred.NoAnswer(480);
            }
            case null, default -> new Transferred.Failed("so the test says");
        };
    }

    @Override
    public void hangUp() {
        gone = true;
    }
}
