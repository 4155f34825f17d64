package dev.recaller.worker.control;

import com.google.protobuf.Timestamp;
import dev.recaller.memory.Speaker;
import dev.recaller.worker.call.CallEvent.Changed;
import dev.recaller.worker.call.CallEvent.Entered;
import dev.recaller.worker.call.CallEvent.Said;
import dev.recaller.worker.call.LiveCall;
import dev.recaller.worker.control.v1.Call;
import dev.recaller.worker.control.v1.CallEvent;
import dev.recaller.worker.control.v1.Elsewhere;
import dev.recaller.worker.control.v1.Ended;
import dev.recaller.worker.control.v1.Turn;
import dev.recaller.worker.store.CallLeases;
import java.time.Instant;

/** Calls in the API's words. */
final class Words {

    private Words() {}

    static Call call(LiveCall.State state) {
        LiveCall.Facts facts = state.facts();
        var call = Call.newBuilder()
                .setId(facts.id().toString())
                .setFlowId(facts.flowId())
                .setFlowVersion(facts.flowVersion())
                .setTelephone(facts.telephone())
                .setStartedAt(timestamp(facts.startedAt()))
                .setTurns(state.turns());
        if (state.answeredAt() != null) {
            call.setAnsweredAt(timestamp(state.answeredAt()));
        }
        if (state.node() != null) {
            call.setNode(state.node());
        }
        return call.build();
    }

    static Call call(CallLeases.Elsewhere elsewhere) {
        var call = Call.newBuilder()
                .setId(elsewhere.callId().toString())
                .setFlowId(elsewhere.flowId())
                .setFlowVersion(elsewhere.flowVersion())
                .setTelephone(true)
                .setStartedAt(timestamp(elsewhere.startedAt()))
                .setElsewhere(Elsewhere.newBuilder()
                        .setWorker(
                                elsewhere.control() == null
                                        ? ""
                                        : elsewhere.control().toString()));
        if (elsewhere.answeredAt() != null) {
            call.setAnsweredAt(timestamp(elsewhere.answeredAt()));
        }
        return call.build();
    }

    static CallEvent event(dev.recaller.worker.call.CallEvent event) {
        var words = CallEvent.newBuilder().setAt(timestamp(event.at()));
        switch (event.what()) {
            case Changed(var state) -> words.setState(call(state));
            case Entered(var node) -> words.setNode(node);
            case Said(var turn) ->
                words.setTurn(Turn.newBuilder()
                        .setIndex(turn.index())
                        .setText(turn.text())
                        .setSpeaker(turn.speaker() == Speaker.CALLER ? Turn.Speaker.CALLER : Turn.Speaker.AGENT));
            case dev.recaller.worker.call.CallEvent.Ended(var reason) ->
                words.setEnded(Ended.newBuilder().setReason(reason.label()));
        }
        return words.build();
    }

    static Timestamp timestamp(Instant time) {
        return Timestamp.newBuilder()
                .setSeconds(time.getEpochSecond())
                .setNanos(time.getNano())
                .build();
    }
}
