package dev.recaller.worker.control;

import dev.recaller.flow.EndReason;
import dev.recaller.livekit.LiveKitException;
import dev.recaller.livekit.server.LiveKitServer;
import dev.recaller.livekit.server.LiveKitServer.Present;
import dev.recaller.worker.control.v1.Dialled;
import dev.recaller.worker.store.CallOutcomes;
import dev.recaller.worker.store.CallOutcomes.CallOutcome;
import io.grpc.Status;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;

/** Waits for how a call that was begun by us is taken up, whichever worker has it: by its row, and who is in its room. */
final class Dialling {

    private static final String ROOM = "out-";
    /** Neither a row nor a room of another worker's call can be waited for: both are asked again and again. */
    private static final Duration LOOK_AGAIN = Duration.ofMillis(250);
    /** From when the worker has the job until its row is there. */
    private static final Duration BEGINNING = Duration.ofSeconds(10);
    /** From when its room is gone, or never was, until its row must be there. */
    private static final Duration GONE = Duration.ofSeconds(2);
    /** It rings for 45 s at most, and who picks up is listened to for a moment. */
    private static final Duration LIMIT = Duration.ofMinutes(3);

    private final LiveKitServer server;
    private final CallOutcomes outcomes;

    Dialling(LiveKitServer server, CallOutcomes outcomes) {
        this.server = server;
        this.outcomes = outcomes;
    }

    /** Of a call that we begin. */
    static String room(UUID callId) {
        return ROOM + callId;
    }

    /** Sends what happens, until it is known how it ended. */
    void await(String organizationId, UUID callId, Streamed<Dialled> out) throws InterruptedException {
        long began = System.nanoTime();
        boolean ringing = false;
        while (!out.isCancelled()) {
            Optional<CallOutcome> outcome = outcomes.find(organizationId, callId);
            Optional<Dialled> last = outcome.flatMap(Dialling::last);
            if (last.isPresent()) {
                out.sendNow(last.get());
                return;
            }
            long waitedNs = System.nanoTime() - began;
            boolean roomThere = server.metadata(room(callId)).isPresent();
            if (outcome.isEmpty() && waitedNs > (roomThere ? BEGINNING : GONE).toNanos()) {
                throw CallsService.unknown();
            }
            if (waitedNs > LIMIT.toNanos()) {
                throw Failures.of(
                        Status.Code.UNAVAILABLE,
                        "NO_OUTCOME",
                        "its worker has not told for " + LIMIT.toMinutes() + " min whether anybody picked up");
            }
            if (!ringing && outcome.isPresent() && rings(callId)) {
                ringing = true;
                out.sendNow(Dialled.newBuilder().setState(Dialled.State.RINGING).build());
            }
            Thread.sleep(LOOK_AGAIN);
        }
    }

    private boolean rings(UUID callId) {
        try {
            return server.present(room(callId)).stream().anyMatch(Present::isTelephone);
        } catch (LiveKitException e) {
            return false; // of a room that is just closed the server does not answer
        }
    }

    /** Empty: it is not decided. */
    private static Optional<Dialled> last(CallOutcome outcome) {
        String reason = outcome.endReason() == null ? "" : outcome.endReason();
        if (outcome.answeredAt() == null && reason.isEmpty()) {
            return Optional.empty();
        }
        var last = Dialled.newBuilder()
                .setState(outcome.answeredAt() != null ? Dialled.State.ANSWERED : state(reason))
                .setReason(reason);
        if (outcome.sipStatus() != null) {
            last.setSipStatus(outcome.sipStatus());
        }
        return Optional.of(last.build());
    }

    private static Dialled.State state(String endReason) {
        if (endReason.equals(EndReason.BUSY.label())) {
            return Dialled.State.BUSY;
        }
        if (endReason.equals(EndReason.NO_ANSWER.label())) {
            return Dialled.State.NO_ANSWER;
        }
        return endReason.equals(EndReason.DECLINED.label()) ? Dialled.State.DECLINED : Dialled.State.FAILED;
    }
}
