package dev.recaller.flow.model;

import java.time.Duration;
import java.util.Iterator;
import java.util.List;

/** A chat model, streamed. Safe for use by many calls at once. */
public interface ChatModel {

    /**
     * Starts one answer and blocks until it has begun. Reading the stream blocks; interrupting the reader or closing the stream ends the request.
     *
     * @throws ModelException when no model of the request answers
     */
    Answer answer(Request request);

    /** Events in order; {@code next} may throw {@link ModelException}. */
    interface Answer extends Iterator<Event>, AutoCloseable {
        /**
         * Of an answer that is sound: how far the caller heard it, when no more of it will be played. Before {@link #close}.
         *
         * @param sound how much of its sound was played
         * @param words those that were heard with it
         */
        default void heard(Duration sound, String words) {}

        @Override
        void close();
    }

    /**
     * What to answer.
     *
     * @param models names to try in order, never empty
     * @param system instructions; everything else is conversation
     */
    record Request(List<String> models, String system, List<Message> messages, List<Function> functions) {
        public Request {
            models = List.copyOf(models);
            messages = List.copyOf(messages);
            functions = List.copyOf(functions);
        }
    }

    /** A function the model may call; {@code parameters} is a JSON Schema as text. */
    record Function(String name, String description, String parameters) {}

    sealed interface Message {
        record Caller(String text) implements Message {}

        record Agent(String text) implements Message {}

        /**
         * One answer of the model that calls functions; a {@link Returned} for each follows right after it.
         *
         * @param said the words before the calls, may be empty
         * @param calls never empty
         */
        record Called(String said, List<FunctionCall> calls) implements Message {
            public Called {
                calls = List.copyOf(calls);
            }
        }

        record Returned(String callId, String result) implements Message {}
    }

    sealed interface Event {
        record Text(String delta) implements Event {}

        /**
         * Some of the answer's sound; its words come as {@link Text}.
         *
         * @param pcm mono, 24,000 samples a second
         */
        @SuppressWarnings("ArrayRecordComponent") // compared by nobody
        record Sound(short[] pcm) implements Event {}

        /** One of the functions the answer calls; they are called together. */
        record Call(FunctionCall call) implements Event {}
    }

    /** {@code arguments} is a JSON object as text, as the model wrote it: not to be trusted. */
    record FunctionCall(String id, String name, String arguments) {}
}
