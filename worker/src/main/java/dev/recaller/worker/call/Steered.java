package dev.recaller.worker.call;

import dev.recaller.flow.EndReason;
import dev.recaller.flow.line.Transferred;
import dev.recaller.worker.speech.TelephoneActs;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A telephone call in the hands of operators; its flow goes on meanwhile. Any thread. */
final class Steered implements LiveCall.Steering {
    private final Consumer<EndReason> end;
    private volatile @Nullable TelephoneActs acts;
    private volatile boolean handingOver;

    /** @param end ends the call */
    Steered(Consumer<EndReason> end) {
        this.end = end;
    }

    /** Somebody is on the line from now on. */
    void by(TelephoneActs telephone) {
        acts = telephone;
    }

    /** While the caller is transferred, who leaves has been, as far as we can tell. */
    boolean isHandingOver() {
        return handingOver;
    }

    @Override
    public void hangUp() {
        end.accept(EndReason.OPERATOR);
    }

    @Override
    public Transferred transfer(String to, Duration ring) throws InterruptedException {
        TelephoneActs telephone = acts;
        if (telephone == null) {
            return new Transferred.Failed("nobody has picked up yet");
        }
        handingOver = true;
        try {
            Transferred how = telephone.transfer(to, ring);
            if (how instanceof Transferred.Done) {
                end.accept(EndReason.TRANSFERRED);
            }
            return how;
        } finally {
            handingOver = false;
        }
    }
}
