package dev.recaller.flow.node;

import dev.recaller.flow.model.ChatModel;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A model's answer as sentences, each given out as soon as it is complete, and of the first one its beginning even before:
 * later ones are written while the caller listens. Pulled by one thread of the line; never throws what the model threw: the
 * text ends there and {@link #failure} says why. Of an answer that fails before a first clause was complete nothing is given
 * out, so that another model may be asked. Closed by the flow's thread, which
 * ends a wait for the model.
 */
final class AnswerSentences implements Iterator<String>, AutoCloseable {

    /** No answer on the phone is longer; a model that goes on is stopped. */
    private static final int MAX_CHARACTERS = 8_000;

    /** No answer needs more functions at once; those beyond are not called. */
    private static final int MAX_CALLS = 16;

    private final Supplier<ChatModel.Answer> model;
    private final BooleanSupplier timeUp;
    private final SentenceSplitter splitter;
    private final Object opening = new Object();
    private ChatModel.@Nullable Answer answer; // guarded by opening
    private boolean closed; // guarded by opening
    private int characters;
    private boolean complete;
    private @Nullable String next;
    private boolean given;
    private final List<ChatModel.FunctionCall> calls = new CopyOnWriteArrayList<>();
    private volatile @Nullable RuntimeException failure;

    /** @param model asked by the line's thread with the first sentence, as it may take its time */
    AnswerSentences(Supplier<ChatModel.Answer> model, Locale locale, BooleanSupplier timeUp) {
        this.splitter = new SentenceSplitter(locale);
        this.model = model;
        this.timeUp = timeUp;
    }

    @Override
    public boolean hasNext() {
        while (next == null && !complete) {
            next = splitter.next().or(this::beginning).orElse(null);
            if (next == null) {
                read();
            }
        }
        if (next == null && (failure == null || given)) {
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

    /** The functions the model called, in its order, once the sentences are through. */
    List<ChatModel.FunctionCall> calls() {
        return List.copyOf(calls);
    }

    /** Whether a model began to answer, so that a failure is that model's and others were not asked. */
    boolean begun() {
        synchronized (opening) {
            return answer != null;
        }
    }

    /** What the model broke with, once the sentences are through. */
    Optional<RuntimeException> failure() {
        return Optional.ofNullable(failure);
    }

    @Override
    public void close() {
        synchronized (opening) {
            closed = true;
            if (answer != null) {
                answer.close();
            }
        }
    }

    private Optional<String> beginning() {
        return given ? Optional.empty() : splitter.clause();
    }

    private ChatModel.Answer open() {
        synchronized (opening) {
            if (answer != null) {
                return answer;
            }
        }
        ChatModel.Answer opened = model.get();
        synchronized (opening) {
            answer = opened;
            if (closed) {
                opened.close();
            }
        }
        return opened;
    }

    private void read() {
        try {
            if (timeUp.getAsBoolean() || characters > MAX_CHARACTERS || !open().hasNext()) {
                complete = true;
                return;
            }
            switch (open().next()) {
                case ChatModel.Event.Text(String delta) -> {
                    characters += delta.length();
                    splitter.add(delta);
                }
                case ChatModel.Event.Call(ChatModel.FunctionCall call) -> {
                    calls.add(call);
                    complete = calls.size() == MAX_CALLS;
                }
            }
        } catch (RuntimeException e) {
            failure = e;
            complete = true;
        }
    }
}
