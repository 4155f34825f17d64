package dev.recaller.worker.console;

import dev.recaller.flow.line.Heard;
import dev.recaller.flow.line.Line;
import dev.recaller.flow.line.Said;
import java.io.BufferedReader;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/**
 * Text instead of speech: what the caller says comes in lines, what the agent says goes out in lines. The end of the
 * input is the caller hanging up, noticed when the agent listens: so a script's lines are all heard. Nobody is asked
 * whether they are still there, a person may take their time to type.
 */
public final class TerminalLine implements Line {

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
    public void hangUp() {
        ended = true;
    }
}
