package dev.recaller.flow.node;

import dev.recaller.flow.model.ChatModel;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A model's answer as sentences, each given out as soon as it is complete. Pulled by one thread of the line; never
 * throws what the model threw: the text ends there and {@link #failure} says why. Closed by the flow's thread, which
 * ends a wait for the model.
 */
final class AnswerSentences implements Iterator<String>, AutoCloseable {

    /** No answer on the phone is longer; a model that goes on is stopped. */
    private static final int MAX_CHARACTERS = 8_000;

    private final Supplier<ChatModel.Answer> model;
    private final BooleanSupplier timeUp;
    private final SentenceSplitter splitter = new SentenceSplitter();
    private final Object opening = new Object();
    private ChatModel.@Nullable Answer answer; // guarded by opening
    private boolean closed; // guarded by opening
    private int characters;
    private boolean complete;
    private @Nullable String next;
    private volatile ChatModel.@Nullable FunctionCall call;
    private volatile @Nullable RuntimeException failure;

    /** @param model asked by the line's thread with the first sentence, as it may take its time */
    AnswerSentences(Supplier<ChatModel.Answer> model, BooleanSupplier timeUp) {
        this.model = model;
        this.timeUp = timeUp;
    }

    @Override
    public boolean hasNext() {
        while (next == null && !complete) {
            next = splitter.next().orElse(null);
            if (next == null) {
                read();
            }
        }
        if (next == null) {
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
        return sentence;
    }

    /** The function the model called, once the sentences are through. */
    Optional<ChatModel.FunctionCall> call() {
        return Optional.ofNullable(call);
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
                case ChatModel.Event.Call(ChatModel.FunctionCall it) -> {
                    call = it;
                    complete = true;
                }
            }
        } catch (RuntimeException e) {
            failure = e;
            complete = true;
        }
    }
}
