package dev.recaller.flow.node;

import dev.recaller.flow.model.ChatModel.Event;
import java.util.Iterator;
import java.util.Locale;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A model's answer as sentences, each given out as soon as it is complete, and of the first one its beginning even before:
 * later ones are written while the caller listens. Of an answer that fails before a first clause was complete nothing is
 * given out, so that another model may be asked.
 */
final class AnswerSentences implements Iterator<String> {

    /** No answer on the phone is longer; a model that goes on is stopped. */
    private static final int MAX_CHARACTERS = 8_000;

    private final AnswerEvents events;
    private final SentenceSplitter splitter;
    private int characters;
    private boolean complete;
    private @Nullable String next;
    private boolean given;

    AnswerSentences(AnswerEvents events, Locale locale) {
        this.events = events;
        this.splitter = new SentenceSplitter(locale);
    }

    @Override
    public boolean hasNext() {
        while (next == null && !complete) {
            next = splitter.next().or(this::beginning).orElse(null);
            if (next == null) {
                read();
            }
        }
        if (next == null && (events.failure().isEmpty() || given)) {
            next = splitter.next().or(splitter::rest).orElse(null);
        }
        return next != null;
    }

    @Override
    public String next() {
        if (!hasNext() || next == null) {
            throw new NoSuchElementException();
        }
        String sentence = next;
        next = null;
        given = true;
        return sentence;
    }

    private Optional<String> beginning() {
        return given ? Optional.empty() : splitter.clause();
    }

    private void read() {
        switch (characters > MAX_CHARACTERS ? null : events.next()) {
            case Event.Text(String delta) -> {
                characters += delta.length();
                splitter.add(delta);
            }
            case null, default -> complete = true;
        }
    }
}
