package dev.recaller.worker.call;

import dev.recaller.flow.line.Said;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;

/** What operators want said to the caller of a call, until its line has a pause for it. Any thread. */
public final class OperatorsWords {

    private record Wanted(String text, CompletableFuture<Said> said) {}

    private final Queue<Wanted> wanted = new ConcurrentLinkedQueue<>();
    private volatile boolean ended;

    /** How it was said, when it was; {@link Said.HungUp} where the call ended before. Cancelled before a pause, it is not. */
    public CompletableFuture<Said> say(String text) {
        var one = new Wanted(text, new CompletableFuture<>());
        wanted.add(one);
        if (ended) {
            end();
        }
        return one.said();
    }

    /** How a line says something. */
    interface Voice {
        Said say(String text) throws InterruptedException;
    }

    /** Says all that waits. */
    void sayAll(Voice voice) throws InterruptedException {
        for (Wanted one = wanted.poll(); one != null; one = wanted.poll()) {
            if (one.said().isCancelled()) {
                continue;
            }
            try {
                one.said().complete(voice.say(one.text()));
            } finally {
                one.said().complete(new Said.HungUp("")); // unless it is complete: the line broke
            }
        }
    }

    /** Nothing more is said. */
    void end() {
        ended = true;
        for (Wanted one = wanted.poll(); one != null; one = wanted.poll()) {
            one.said().complete(new Said.HungUp(""));
        }
    }
}
