package dev.recaller.worker;

import dev.recaller.livekit.testing.SipStandIn.Answer;
import dev.recaller.worker.phone.Ringing;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A telephone that a worker dials, as a participant of its room. */
final class SimulatedRinging implements Ringing {
    private static final long LIMIT_SECONDS = 60;

    private final String number;
    private final SimulatedPhone phone;
    private final CompletableFuture<Answer> answer = new CompletableFuture<>();

    SimulatedRinging(String number, SimulatedPhone phone) {
        this.number = number;
        this.phone = phone;
    }

    /** What comes back of SIP: as the test decides, or nothing once the caller has given up. */
    Answer answer() throws InterruptedException {
        try {
            while (!answer.isDone()) {
                if (phone.awaitHungUp(Duration.ofMillis(20))) {
                    return answer.getNow(Answer.of(487, "Request Terminated"));
                }
            }
            return answer.get(LIMIT_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public String number() {
        return number;
    }

    @Override
    public SimulatedPhone pickUp() throws InterruptedException {
        phone.pickUp();
        answer.complete(Answer.PICKED_UP);
        return phone;
    }

    @Override
    public void refuse(int status, String reason) {
        answer.complete(Answer.of(status, reason));
        phone.close();
    }

    @Override
    public boolean awaitGivenUp(Duration limit) throws InterruptedException {
        return phone.awaitHungUp(limit);
    }
}
