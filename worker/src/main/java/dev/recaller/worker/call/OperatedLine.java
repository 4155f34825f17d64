package dev.recaller.worker.call;

import dev.recaller.flow.definition.FlowConfiguration;
import dev.recaller.flow.line.Consulted;
import dev.recaller.flow.line.Heard;
import dev.recaller.flow.line.Line;
import dev.recaller.flow.line.LiveSpeech;
import dev.recaller.flow.line.Said;
import dev.recaller.flow.line.Transferred;
import dev.recaller.flow.model.ChatModel;
import java.time.Duration;
import java.util.Iterator;
import java.util.Optional;

/**
 * The line of a call into which operators speak: while the agent listens and the caller is silent, what they want said is
 * said by the flow's own thread, as if the agent did. The flow does not learn of it.
 */
final class OperatedLine implements Line {

    /** How long words wait in a pause that has begun. */
    private static final Duration LOOK_AGAIN = Duration.ofMillis(250);

    private final Line line;
    private final OperatorsWords words;
    private final boolean patient;

    /** @param patient nobody is asked whether they are still there */
    OperatedLine(Line line, OperatorsWords words, boolean patient) {
        this.line = line;
        this.words = words;
        this.patient = patient;
    }

    @Override
    public Heard listen(Duration patience) throws InterruptedException {
        return listen(patience, Foresight.NONE);
    }

    @Override
    public Heard listen(Duration patience, Foresight foresight) throws InterruptedException {
        Duration left = patience;
        while (true) {
            words.sayAll(line::say);
            Duration step = left.compareTo(LOOK_AGAIN) < 0 ? left : LOOK_AGAIN;
            Heard heard = line.listen(step, foresight);
            if (!(heard instanceof Heard.Silence)) {
                return heard;
            }
            left = patient ? patience : left.minus(step);
            if (!left.isPositive()) {
                return new Heard.Silence(patience);
            }
        }
    }

    @Override
    public Said say(Iterator<String> sentences) throws InterruptedException {
        return line.say(sentences);
    }

    @Override
    public Said say(LiveSpeech speech) throws InterruptedException {
        return line.say(speech);
    }

    @Override
    public Optional<ChatModel> speaker(String model) {
        return line.speaker(model);
    }

    @Override
    public void takeTurns(FlowConfiguration.Turns turns) {
        line.takeTurns(turns);
    }

    @Override
    public Optional<Said> play(String audio) throws InterruptedException {
        return line.play(audio);
    }

    @Override
    public boolean sendDigits(String digits) throws InterruptedException {
        return line.sendDigits(digits);
    }

    @Override
    public Transferred transfer(String to, Duration ring) throws InterruptedException {
        return line.transfer(to, ring);
    }

    @Override
    public Consulted consult(String to, Duration ring) throws InterruptedException {
        return line.consult(to, ring);
    }

    @Override
    public void music(boolean plays) throws InterruptedException {
        line.music(plays);
    }

    @Override
    public boolean gone() {
        return line.gone();
    }

    @Override
    public void hangUp() {
        line.hangUp();
    }
}
