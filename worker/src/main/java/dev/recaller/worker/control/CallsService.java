package dev.recaller.worker.control;

import com.google.protobuf.util.Durations;
import dev.recaller.flow.line.Said;
import dev.recaller.flow.line.Transferred;
import dev.recaller.worker.call.LiveCall;
import dev.recaller.worker.call.LiveCalls;
import dev.recaller.worker.call.Watching;
import dev.recaller.worker.control.v1.CallEvent;
import dev.recaller.worker.control.v1.ConverseRequest;
import dev.recaller.worker.control.v1.ConverseResponse;
import dev.recaller.worker.control.v1.HangUpRequest;
import dev.recaller.worker.control.v1.HangUpResponse;
import dev.recaller.worker.control.v1.ListCallsRequest;
import dev.recaller.worker.control.v1.ListCallsResponse;
import dev.recaller.worker.control.v1.SayRequest;
import dev.recaller.worker.control.v1.SayResponse;
import dev.recaller.worker.control.v1.TransferRequest;
import dev.recaller.worker.control.v1.TransferResponse;
import dev.recaller.worker.control.v1.TransferResponse.Outcome;
import dev.recaller.worker.control.v1.WatchRequest;
import dev.recaller.worker.store.CallLeases;
import io.grpc.Context;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/** Calls, as {@code calls.proto} describes them. */
final class CallsService extends StartingService {

    private static final Duration LOOK_AGAIN = Duration.ofMillis(200);

    private final LiveCalls live;
    private final CallLeases leases;
    private final TextSessions texts;

    CallsService(LiveCalls live, CallLeases leases, CallStarting starting, Dialling dialling, TextSessions texts) {
        super(starting, dialling);
        this.live = live;
        this.leases = leases;
        this.texts = texts;
    }

    @Override
    public StreamObserver<ConverseRequest> converse(StreamObserver<ConverseResponse> out) {
        return texts.begin(Request.current(), new Streamed<>(out));
    }

    @Override
    public void list(ListCallsRequest request, StreamObserver<ListCallsResponse> out) {
        var calls = ListCallsResponse.newBuilder();
        String organizationId = Request.current().organizationId();
        live.of(organizationId).forEach(call -> calls.addCalls(Words.call(call.state())));
        leases.elsewhere(organizationId).forEach(call -> calls.addCalls(Words.call(call)));
        answer(out, calls.build());
    }

    @Override
    public void watch(WatchRequest request, StreamObserver<CallEvent> out) {
        LiveCall call = call(request.getCallId());
        var stream = new Streamed<>(out);
        stream.start(() -> {
            try (Watching watching = call.watch()) {
                watch(watching, stream);
            }
        });
    }

    private static void watch(Watching watching, Streamed<CallEvent> stream) throws InterruptedException {
        while (!stream.isCancelled()) {
            requireInTime(watching);
            if (!stream.awaitReady(LOOK_AGAIN)) {
                continue;
            }
            Optional<dev.recaller.worker.call.CallEvent> next = watching.next(LOOK_AGAIN);
            if (next.isPresent()) {
                CallEvent event = Words.event(next.get());
                stream.sendNow(event);
                if (event.hasEnded()) {
                    return;
                }
            }
        }
    }

    private static void requireInTime(Watching watching) {
        if (watching.isTooSlow()) {
            throw Failures.of(
                    Status.Code.RESOURCE_EXHAUSTED,
                    "TOO_SLOW",
                    "events were read slower than they came, and some are lost: watch again");
        }
    }

    @Override
    public void say(SayRequest request, StreamObserver<SayResponse> out) {
        var mistakes = new Mistakes();
        String text = mistakes.text("text", request.getText(), 1_000);
        mistakes.check();
        LiveCall call = call(request.getCallId());
        Said said = await(call, text);
        if (said instanceof Said.HungUp) {
            throw Failures.of(
                    Status.Code.FAILED_PRECONDITION, "CALL_ENDED", "the call ended before the caller had heard it");
        }
        answer(
                out,
                SayResponse.newBuilder()
                        .setInterrupted(said instanceof Said.Interrupted)
                        .build());
    }

    /** Who asked and waits no longer does not have it said either. */
    private static Said await(LiveCall call, String text) {
        CompletableFuture<Said> said = call.words().say(text);
        Context.current().addListener(_ -> said.cancel(false), Runnable::run);
        try {
            return said.get();
        } catch (InterruptedException | CancellationException e) {
            said.cancel(false);
            throw Failures.of(Status.Code.CANCELLED, "CANCELLED", "nothing was said: the request ended before a pause");
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void transfer(TransferRequest request, StreamObserver<TransferResponse> out) {
        var mistakes = new Mistakes();
        String to = mistakes.name("to", request.getTo(), 200);
        Duration ring = Duration.ofSeconds(20);
        if (request.hasRing()) {
            if (Durations.isValid(request.getRing())) {
                ring = Duration.ofSeconds(request.getRing().getSeconds());
            }
            if (!Durations.isValid(request.getRing()) || ring.toSeconds() < 5 || ring.toSeconds() > 25) {
                mistakes.add("ring", "is not 5 s to 25 s");
            }
        }
        mistakes.check();
        LiveCall call = call(request.getCallId());
        if (!call.facts().telephone()) {
            throw Failures.of(
                    Status.Code.FAILED_PRECONDITION, "NO_TELEPHONE", "a conversation in text cannot be transferred");
        }
        try {
            answer(out, outcome(call.steering().transfer(to, ring)));
        } catch (InterruptedException e) {
            throw Failures.of(e);
        }
    }

    private static TransferResponse outcome(Transferred how) {
        return switch (how) {
            case Transferred.Done _ -> outcome(Outcome.DONE, "");
            case Transferred.Busy _ -> outcome(Outcome.BUSY, "the other side talks with somebody else");
            case Transferred.NoAnswer _ -> outcome(Outcome.NO_ANSWER, "nobody picked up");
            case Transferred.Declined _ -> outcome(Outcome.DECLINED, "the other side does not want to talk");
            case Transferred.HungUp _ -> outcome(Outcome.CALLER_GONE, "the caller hung up");
            case Transferred.Failed failed -> outcome(Outcome.FAILED, failed.why());
        };
    }

    private static TransferResponse outcome(Outcome outcome, String message) {
        return TransferResponse.newBuilder()
                .setOutcome(outcome)
                .setMessage(message)
                .build();
    }

    @Override
    public void hangUp(HangUpRequest request, StreamObserver<HangUpResponse> out) {
        call(request.getCallId()).steering().hangUp();
        answer(out, HangUpResponse.getDefaultInstance());
    }

    private LiveCall call(String text) {
        var mistakes = new Mistakes();
        UUID id = mistakes.id("call_id", text);
        mistakes.check();
        Request request = Request.current();
        request.about(id);
        return live.find(request.organizationId(), id).orElseThrow(() -> elsewhere(request.organizationId(), id));
    }

    private StatusRuntimeException elsewhere(String organizationId, UUID id) {
        return leases.elsewhere(organizationId, id)
                .map(call -> Failures.elsewhere(call.control()))
                .orElseGet(CallsService::unknown);
    }

    static StatusRuntimeException unknown() {
        return Failures.notFound("CALL_UNKNOWN", "no such call goes on");
    }

    static <A> void answer(StreamObserver<A> out, A answer) {
        out.onNext(answer);
        out.onCompleted();
    }
}
