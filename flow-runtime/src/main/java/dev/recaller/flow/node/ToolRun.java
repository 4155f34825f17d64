package dev.recaller.flow.node;

import dev.recaller.flow.EndReason;
import dev.recaller.flow.line.Said;
import dev.recaller.flow.model.ChatModel.FunctionCall;
import dev.recaller.flow.tool.Arguments;
import dev.recaller.flow.tool.ToolException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/**
 * Runs tools beside each other while the caller waits, and tells the caller once when it takes a moment. Nothing a tool
 * does ends the call; the call's end ends the tools. For the flow's thread.
 */
final class ToolRun {

    /** A pause on the telephone so long makes people ask whether anybody is there. */
    private static final Duration SLOW = Duration.ofMillis(1_500);

    private static final Duration LONGEST = Duration.ofSeconds(45);
    private static final long LOOK_AGAIN_MILLIS = 50;

    /** About two thousand tokens: more than anybody is told on the telephone. */
    private static final int MAX_RESULT = 6_000;

    record Task(FunctionCall call, Offer.Tool offer) {}

    sealed interface Ran {}

    /** The call is over. */
    record Ended(EndReason reason) implements Ran {}

    /** What the model is told, a text for each task. */
    record Results(List<String> texts, boolean allOk) implements Ran {}

    private record Result(boolean ok, String text) {
        static Result failed(String why) {
            return new Result(false, "It failed: " + why);
        }
    }

    private final Talk talk;
    private final Locale locale;
    private final Consumer<String> warn;
    private boolean fillerSaid;
    private boolean interrupted;

    ToolRun(Talk talk, Locale locale, Consumer<String> warn) {
        this.talk = talk;
        this.locale = locale;
        this.warn = warn;
    }

    /** Whether the caller began to speak instead of waiting. */
    boolean interrupted() {
        return interrupted;
    }

    Ran run(List<Task> tasks) throws InterruptedException {
        Instant begun = talk.now();
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        try {
            List<Future<Result>> running = new ArrayList<>();
            tasks.forEach(task -> running.add(threads.submit(() -> result(task))));
            List<String> texts = new ArrayList<>();
            boolean allOk = true;
            for (int i = 0; i < tasks.size(); i++) {
                Optional<EndReason> ended = await(running.get(i), begun);
                if (ended.isPresent()) {
                    return new Ended(ended.get());
                }
                Result result = outcome(tasks.get(i), running.get(i));
                texts.add(result.text());
                allOk &= result.ok();
            }
            return new Results(texts, allOk);
        } finally {
            threads.shutdownNow();
        }
    }

    private Optional<EndReason> await(Future<Result> running, Instant begun) throws InterruptedException {
        while (!isDone(running)) {
            if (talk.gone()) {
                return Optional.of(EndReason.CALLER_HANGUP);
            }
            if (talk.timeUp()) {
                return Optional.of(EndReason.MAX_DURATION);
            }
            Duration waited = Duration.between(begun, talk.now());
            if (waited.compareTo(LONGEST) > 0) {
                running.cancel(true);
            } else if (waited.compareTo(SLOW) >= 0 && !fillerSaid) {
                fillerSaid = true;
                Said said = talk.say(StockPhrase.ONE_MOMENT.in(locale));
                if (said instanceof Said.HungUp) {
                    return Optional.of(EndReason.CALLER_HANGUP);
                }
                interrupted = said instanceof Said.Interrupted;
            }
        }
        return Optional.empty();
    }

    private static boolean isDone(Future<Result> running) throws InterruptedException {
        if (running.isDone()) {
            return true;
        }
        try {
            running.get(LOOK_AGAIN_MILLIS, TimeUnit.MILLISECONDS);
            return true;
        } catch (ExecutionException e) {
            return true;
        } catch (TimeoutException e) {
            return false;
        }
    }

    private Result outcome(Task task, Future<Result> running) {
        Result result =
                switch (running.state()) {
                    case SUCCESS -> running.resultNow();
                    case FAILED -> Result.failed(words(running.exceptionNow()));
                    case CANCELLED, RUNNING -> Result.failed("it took too long");
                };
        if (!result.ok()) {
            warn.accept("tool '" + task.call().name() + "': "
                    + (running.state() == Future.State.FAILED ? running.exceptionNow() : result.text()));
        }
        return result;
    }

    /** An exception nobody meant for a model may hold anything. */
    private static String words(Throwable failure) {
        return failure instanceof ToolException ? String.valueOf(failure.getMessage()) : "it does not work now";
    }

    private static Result result(Task task) throws InterruptedException {
        String arguments = task.call().arguments();
        Optional<String> mistakes = Arguments.mistakes(task.offer().function().parameters(), arguments);
        if (mistakes.isPresent()) {
            return Result.failed("the arguments do not fit: " + mistakes.get());
        }
        String text = task.offer().tool().call(arguments);
        return new Result(true, bounded(text));
    }

    /** As much of it as a model is given, told that it is cut where it is. */
    static String bounded(String text) {
        if (text.length() <= MAX_RESULT) {
            return text;
        }
        int end = Character.isHighSurrogate(text.charAt(MAX_RESULT - 1)) ? MAX_RESULT - 1 : MAX_RESULT;
        return text.substring(0, end) + "\n(cut here: the answer is longer)";
    }
}
