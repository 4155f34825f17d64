package dev.recaller.worker.speech;

import dev.recaller.flow.line.Heard;
import java.util.ArrayDeque;
import java.util.Deque;

/** What came from the caller and was not listened to yet. Not thread safe. */
final class HeardQueue {

    private final Deque<Heard> waiting = new ArrayDeque<>();

    void add(Heard heard) {
        waiting.add(heard);
    }

    /** Nobody will listen to it. */
    void clear() {
        waiting.clear();
    }

    boolean isEmpty() {
        return waiting.isEmpty();
    }

    /** What came first, and all of its kind that came right after it. */
    Heard next() {
        Heard first = waiting.removeFirst();
        while (!waiting.isEmpty()) {
            if (first instanceof Heard.Speech(var text) && waiting.getFirst() instanceof Heard.Speech(var more)) {
                first = new Heard.Speech(text + " " + more);
            } else if (first instanceof Heard.Digits(var keys)
                    && waiting.getFirst() instanceof Heard.Digits(var more)) {
                first = new Heard.Digits(keys + more);
            } else {
                break;
            }
            waiting.removeFirst();
        }
        return first;
    }
}
