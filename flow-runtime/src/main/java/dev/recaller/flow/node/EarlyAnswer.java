package dev.recaller.flow.node;

import dev.recaller.flow.model.ChatModel;
import dev.recaller.flow.model.ModelException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;

/**
 * A model's answer to what the caller has probably said, begun before that is certain. Closed without having been taken it
 * leaves nothing behind.
 */
final class EarlyAnswer implements AutoCloseable {

    private final String words;
    private final ChatModel model;
    private final FutureTask<ChatModel.Answer> opening;
    private final Thread thread;
    private boolean closed; // guarded by this
    private ChatModel.@Nullable Answer opened; // guarded by this

    EarlyAnswer(String words, ChatModel model, ChatModel.Request request) {
        this.words = words;
        this.model = model;
        this.opening = new FutureTask<>(() -> open(model, request));
        this.thread = Thread.ofVirtual().name("early-answer").start(opening);
    }

    /** Whether it answers these words. */
    boolean answers(String words) {
        return this.words.equals(words);
    }

    /** Whether this model was asked. */
    boolean isOf(ChatModel model) {
        return this.model.equals(model);
    }

    /**
     * The answer, for the taker to close. As {@link ChatModel#answer}: blocks until it began, and an interrupt ends it.
     */
    ChatModel.Answer take() {
        try {
            return opening.get();
        } catch (InterruptedException e) {
            close();
            Thread.currentThread().interrupt();
            throw new ModelException("interrupted", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            throw new IllegalStateException(e.getCause());
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        thread.interrupt();
        if (opened != null) {
            opened.close();
        }
    }

    private ChatModel.Answer open(ChatModel model, ChatModel.Request request) {
        ChatModel.Answer answer = model.answer(request);
        synchronized (this) {
            opened = answer;
            if (closed) {
                answer.close();
            }
        }
        return answer;
    }
}
