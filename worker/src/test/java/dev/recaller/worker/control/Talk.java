package dev.recaller.worker.control;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recaller.worker.control.v1.Beginning;
import dev.recaller.worker.control.v1.CallsGrpc;
import dev.recaller.worker.control.v1.ConverseRequest;
import dev.recaller.worker.control.v1.ConverseResponse;
import io.grpc.stub.StreamObserver;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A caller in text. */
final class Talk {

    private final BlockingQueue<Optional<ConverseResponse>> heard = new LinkedBlockingQueue<>();
    private final StreamObserver<ConverseRequest> out;
    private volatile Throwable error = new IllegalStateException("no error");

    Talk(RunningControl control, String key) {
        out = CallsGrpc.newStub(control.channel(key)).converse(new StreamObserver<>() {
            @Override
            public void onNext(ConverseResponse message) {
                heard.add(Optional.of(message));
            }

            @Override
            public void onError(Throwable failure) {
                error = failure;
                heard.add(Optional.empty());
            }

            @Override
            public void onCompleted() {
                heard.add(Optional.empty());
            }
        });
    }

    /** Begins with the default flow; the call's id. */
    static Talk from(RunningControl control, String key, String number) throws InterruptedException {
        var talk = new Talk(control, key);
        talk.send(ConverseRequest.newBuilder()
                .setStart(Beginning.newBuilder().putMetadata("phoneNumber", number))
                .build());
        return talk;
    }

    void send(ConverseRequest message) {
        out.onNext(message);
    }

    void say(String text) {
        send(ConverseRequest.newBuilder().setSpeech(text).build());
    }

    void hangUp() {
        out.onCompleted();
    }

    /** The next message; empty at the end. */
    Optional<ConverseResponse> next() throws InterruptedException {
        Optional<ConverseResponse> next = heard.poll(30, TimeUnit.SECONDS);
        assertThat(next).as("a message in time").isNotNull();
        return next;
    }

    /** The id the server's first message tells. */
    String callId() throws InterruptedException {
        ConverseResponse first = next().orElseThrow(() -> new AssertionError(error));
        assertThat(first.hasCall()).isTrue();
        return first.getCall().getCallId();
    }

    /** What is said until the agent listens. */
    String untilListening() throws InterruptedException {
        var said = new StringBuilder();
        while (true) {
            ConverseResponse message = next().orElseThrow(() -> new AssertionError(error));
            switch (message.getOutputCase()) {
                case LISTENING -> {
                    return said.toString();
                }
                case SPEECH -> said.append(said.isEmpty() ? "" : " ").append(message.getSpeech());
                default -> throw new AssertionError(message);
            }
        }
    }

    /** Why the call ended; what was said before is passed over. */
    String ended() throws InterruptedException {
        while (true) {
            ConverseResponse message = next().orElseThrow(() -> new AssertionError(error));
            if (message.hasEnded()) {
                assertThat(next()).isEmpty();
                return message.getEnded().getReason();
            }
        }
    }

    /** How the stream failed. */
    Throwable failure() throws InterruptedException {
        while (next().isPresent()) {
            // not yet
        }
        return error;
    }
}
