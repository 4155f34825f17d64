package dev.recaller.flow.testing;

import dev.recaller.flow.line.Consultation;
import dev.recaller.flow.line.Heard;
import dev.recaller.flow.line.Line;
import dev.recaller.flow.line.Said;
import dev.recaller.flow.line.Transferred;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/** Somebody who hears what a call is about, then takes it or does not. */
final class PlayedColleague implements Consultation, Line {

    private final boolean takes;

    /** @param how {@code done} or {@code declined} */
    PlayedColleague(String how) {
        takes = how.equals("done");
    }

    @Override
    public Line line() {
        return this;
    }

    @Override
    public Transferred join() {
        return new Transferred.Done();
    }

    @Override
    public Said say(Iterator<String> sentences) {
        List<String> heard = new ArrayList<>();
        sentences.forEachRemaining(heard::add);
        return new Said.Whole(String.join(" ", heard));
    }

    @Override
    public Heard listen(Duration patience) {
        return new Heard.Digits(takes ? "1" : "2");
    }

    @Override
    public void hangUp() {
        // nothing is left of it
    }

    @Override
    public void close() {
        // nothing is left of it
    }
}
