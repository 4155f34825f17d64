package dev.recaller.worker.control;

import dev.recaller.flow.EndReason;
import dev.recaller.worker.call.TextCall;
import dev.recaller.worker.call.TextServices;
import dev.recaller.worker.control.v1.ConverseRequest;
import dev.recaller.worker.control.v1.ConverseResponse;
import dev.recaller.worker.control.v1.Ended;
import dev.recaller.worker.control.v1.Started;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Conversations in text: a stream each, and a thread each that runs the flow. */
final class TextSessions implements AutoCloseable {

    private static final int MOST = 100;
    private static final Duration CLOSING = Duration.ofSeconds(5);

    private final TextServices services;
    private final BooleanSupplier draining;
    private final Semaphore places = new Semaphore(MOST);
    private final Set<TextCall> calls = ConcurrentHashMap.newKeySet();

    TextSessions(TextServices services, BooleanSupplier draining) {
        this.services = services;
        this.draining = draining;
    }

    /** Hears what the caller's side sends. */
    StreamObserver<ConverseRequest> begin(Request request, Streamed<ConverseResponse> out) {
        return new Session(request, out);
    }

    /** Ends all that go on, and waits for a moment until what they store is stored. */
    @Override
    public void close() {
        calls.forEach(call -> call.end(EndReason.WORKER_DRAINING));
        try {
            boolean _ = places.tryAcquire(MOST, CLOSING.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private final class Session implements StreamObserver<ConverseRequest> {
        private final Request request;
        private final Streamed<ConverseResponse> out;
        private final TextLine line;
        private @Nullable TextCall call;

        Session(Request request, Streamed<ConverseResponse> out) {
            this.request = request;
            this.out = out;
            line = new TextLine(out);
        }

        @Override
        public void onNext(ConverseRequest message) {
            var mistakes = new Mistakes();
            switch (message.getInputCase()) {
                case START -> {
                    if (call != null) {
                        mistakes.add("start", "was sent before");
                    } else {
                        start(new Beginnings(mistakes).read("start", message.getStart()));
                    }
                }
                case SPEECH -> line.speech(mistakes.text("speech", message.getSpeech(), 4_000));
                case DIGITS -> {
                    if (!message.getDigits().matches("[0-9*#]{1,32}")) {
                        mistakes.add("digits", "is not 1 to 32 of 0 to 9, * and #");
                    }
                    line.digits(message.getDigits());
                }
                case INPUT_NOT_SET -> mistakes.add("input", "is missing");
            }
            if (call == null) {
                mistakes.add("start", "must be the first message");
            }
            mistakes.check();
        }

        @Override
        public void onError(Throwable lost) {
            line.hungUp();
        }

        @Override
        public void onCompleted() {
            if (call == null) {
                var mistakes = new Mistakes();
                mistakes.add("start", "is missing");
                mistakes.check();
            }
            line.hungUp();
        }

        private void start(Beginnings.Beginning given) {
            if (draining.getAsBoolean()) {
                throw Failures.of(Status.Code.UNAVAILABLE, "DRAINING", "this worker takes no more calls");
            }
            if (!places.tryAcquire()) {
                throw Failures.tooMany("SESSIONS", MOST + " conversations go on", Duration.ofSeconds(10));
            }
            boolean begun = false;
            try {
                TextCall ready = prepared(given);
                call = ready;
                request.about(ready.id());
                calls.add(ready);
                out.start(() -> run(ready));
                begun = true;
            } finally {
                if (!begun) {
                    places.release();
                }
            }
        }

        private TextCall prepared(Beginnings.Beginning given) {
            var beginning = new TextCall.Beginning(
                    request.organizationId(), given.flow(), given.userId(), given.metadata(), given.variables());
            return switch (TextCall.prepare(beginning, services)) {
                case TextCall.Prepared.Ready(var ready) -> ready;
                case TextCall.Prepared.NoFlow _ -> throw CallStarting.unknownFlow();
                case TextCall.Prepared.Wrong(var wrong) -> {
                    var mistakes = new Mistakes();
                    wrong.forEach((field, what) -> mistakes.add("start." + field, what));
                    mistakes.check();
                    throw new AssertionError("something is wrong");
                }
            };
        }

        private void run(TextCall ready) throws InterruptedException {
            try {
                boolean _ = out.send(ConverseResponse.newBuilder()
                        .setCall(Started.newBuilder().setCallId(ready.id().toString()))
                        .build());
                EndReason reason = ready.run(line);
                boolean _ = out.send(ConverseResponse.newBuilder()
                        .setEnded(Ended.newBuilder().setReason(reason.label()))
                        .build());
            } finally {
                calls.remove(ready);
                places.release();
            }
        }
    }
}
