package dev.recaller.worker.speech;

import dev.recaller.flow.line.Consulted;
import dev.recaller.flow.line.Line;
import dev.recaller.flow.line.Transferred;
import java.time.Duration;

/** What a telephone does beside sound, as {@link Line} has it. By the flow's thread, while the caller is on the line. */
public interface TelephoneActs {

    /** Once; must not block for long. */
    void hangUp();

    default boolean sendDigits(String digits) throws InterruptedException {
        return false;
    }

    default Transferred transfer(String to, Duration ring) throws InterruptedException {
        return new Transferred.Failed("this line cannot transfer");
    }

    default Consulted consult(String to, Duration ring) throws InterruptedException {
        return new Consulted.NotReached(new Transferred.Failed("this line cannot telephone anybody else"));
    }
}
