package dev.recaller.worker.control;

import dev.recaller.worker.control.v1.AwaitAnswerRequest;
import dev.recaller.worker.control.v1.CallsGrpc;
import dev.recaller.worker.control.v1.DialRequest;
import dev.recaller.worker.control.v1.Dialled;
import dev.recaller.worker.control.v1.JoinRequest;
import dev.recaller.worker.control.v1.Started;
import io.grpc.stub.StreamObserver;
import java.util.UUID;

/** The part of {@code calls.proto} that begins telephone calls, which needs no worker of its own. */
class StartingService extends CallsGrpc.CallsImplBase {

    private final CallStarting starting;
    private final Dialling dialling;

    StartingService(CallStarting starting, Dialling dialling) {
        this.starting = starting;
        this.dialling = dialling;
    }

    @Override
    public void dial(DialRequest request, StreamObserver<Started> out) {
        CallsService.answer(out, started(starting.dial(Request.current(), request)));
    }

    @Override
    public void join(JoinRequest request, StreamObserver<Started> out) {
        CallsService.answer(out, started(starting.join(Request.current(), request)));
    }

    private static Started started(UUID call) {
        Request.current().about(call);
        return Started.newBuilder().setCallId(call.toString()).build();
    }

    @Override
    public void awaitAnswer(AwaitAnswerRequest request, StreamObserver<Dialled> out) {
        var mistakes = new Mistakes();
        UUID call = mistakes.id("call_id", request.getCallId());
        mistakes.check();
        String organization = Request.organization();
        Request.current().about(call);
        var stream = new Streamed<>(out);
        stream.start(() -> dialling.await(organization, call, stream));
    }
}
