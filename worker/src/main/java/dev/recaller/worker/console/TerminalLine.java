package dev.recaller.worker.console;

import dev.recaller.flow.line.Heard;
import dev.recaller.flow.line.Line;
import dev.recaller.flow.line.Said;
import dev.recaller.flow.line.Transferred;
import java.io.BufferedReader;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Iterator;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Text instead of speech: what the caller says comes in lines, what the agent says goes out in lines. The end of the
 * input is the caller hanging up, noticed when the agent listens: so a script's lines are all heard. Nobody is asked
 * whether they are still there, a person may take their time to type.
 */
public final class TerminalLine implements Line {

    private static final Pattern KEYS = Pattern.compile("[0-9*#]+");

    private final PrintStream out;
    private final @Nullable PrintStream prompts;
    private final Lines lines;
    private boolean ended;

    /**
     * Starts to read.
     *
     * @param prompts where to ask for a line, when a person types
     */
    public TerminalLine(BufferedReader in, PrintStream out, @Nullable PrintStream prompts) {
        this.out = out;
        this.prompts = prompts;
        lines = new Lines(in);
    }

    @Override
    public Said say(Iterator<String> sentences) {
        StringBuilder said = new StringBuilder();
        if (ended) {
            return new Said.HungUp("");
        }
        while (sentences.hasNext()) {
            String sentence = sentences.next();
            out.print(said.isEmpty() ? sentence : " " + sentence);
            out.flush();
            said.append(said.isEmpty() ? "" : " ").append(sentence);
        }
        out.println();
        out.flush();
        return new Said.Whole(said.toString());
    }

    @Override
    public Heard listen(Duration patience) throws InterruptedException {
        while (!ended) {
            if (prompts != null) {
                prompts.print("> ");
                prompts.flush();
            }
            String line = lines.next();
            if (line == null) {
                ended = true;
            } else if (!line.isBlank()) {
                return new Heard.Speech(line.strip());
            }
        }
        return new Heard.HungUp();
    }

    @Override
    public Optional<Said> play(String audio) {
        note("plays " + audio);
        return Optional.of(ended ? new Said.HungUp("") : new Said.Whole(""));
    }

    /** A line of keys is typed as they are: {@code 1234#}. */
    @Override
    public Heard keys(Duration patience) throws InterruptedException {
        while (true) {
            Heard heard = listen(patience);
            if (!(heard instanceof Heard.Speech(String text))) {
                return heard;
            }
            if (KEYS.matcher(text).matches()) {
                return new Heard.Digits(text);
            }
            note("waits for keys: 0 to 9, * and #");
        }
    }

    @Override
    public boolean sendDigits(String digits) {
        note("presses " + digits);
        return !ended;
    }

    @Override
    public Transferred transfer(String to, Duration ring) {
        note("transfers the caller to " + to);
        return ended ? new Transferred.HungUp() : new Transferred.Done();
    }

    private void note(String what) {
        out.println("(" + what + ")");
        out.flush();
    }

    @Override
    public void hangUp() {
        ended = true;
    }
}
