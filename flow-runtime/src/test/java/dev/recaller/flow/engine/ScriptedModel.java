package dev.recaller.flow.engine;

import dev.recaller.flow.model.ChatModel;
import dev.recaller.flow.model.ModelException;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** A model whose answers are written down: text in pieces, {@code >name} or {@code >name {"a": 1}} calls a function, {@code !}
 * fails there. */
final class ScriptedModel implements ChatModel {

    private final Deque<List<String>> answers = new ArrayDeque<>();
    private final List<Request> requests = new CopyOnWriteArrayList<>();
    private int read;
    private final AtomicInteger closed = new AtomicInteger();

    ScriptedModel answers(String... pieces) {
        answers.add(Arrays.asList(pieces));
        return this;
    }

    List<Request> requests() {
        return requests;
    }

    /** How many pieces of all answers were pulled so far. */
    int read() {
        return read;
    }

    int closed() {
        return closed.get();
    }

    @Override
    public synchronized Answer answer(Request request) {
        requests.add(request);
        List<String> pieces = answers.remove();
        if (pieces.equals(List.of("!"))) {
            throw new ModelException("refused", new IllegalStateException());
        }
        Iterator<String> iterator = pieces.iterator();
        return new Answer() {
            private int calls;

            @Override
            public boolean hasNext() {
                return iterator.hasNext();
            }

            @Override
            public Event next() {
                read++;
                String piece = iterator.next();
                if (piece.equals("!")) {
                    throw new ModelException("broke", new IllegalStateException());
                }
                if (!piece.startsWith(">")) {
                    return new Event.Text(piece);
                }
                String[] call = piece.substring(1).split(" ", 2);
                return new Event.Call(
                        new FunctionCall(String.valueOf(++calls), call[0], call.length == 1 ? "{}" : call[1]));
            }

            @Override
            public void close() {
                closed.incrementAndGet();
            }
        };
    }
}
