package dev.recaller.worker.telephony;

import dev.recaller.livekit.LiveKitException;
import dev.recaller.livekit.room.Room;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Presses keys of a telephone. */
public final class Keys {
    private static final Logger log = LoggerFactory.getLogger(Keys.class);

    /** By code, from 0, of RFC 4733. */
    private static final String CODES = "0123456789*#ABCD";

    /** livekit-sip sends a key of 250 ms and a pause of 50 ms; a key that comes earlier waits for that there. */
    private static final Duration KEY = Duration.ofMillis(300);

    private static final Duration PAUSE = Duration.ofMillis(500);

    private Keys() {}

    /**
     * Presses them one after the other, for as long as that takes.
     *
     * @param digits 0 to 9, *, #, A to D, and w for half a second's pause
     * @return false if the room did not take one; it presses no more then
     */
    public static boolean press(Room room, String digits) throws InterruptedException {
        try {
            for (int i = 0; i < digits.length(); i++) {
                char digit = digits.charAt(i);
                if (digit == 'w') {
                    Thread.sleep(PAUSE);
                } else {
                    room.sendDtmf(CODES.indexOf(digit), String.valueOf(digit));
                    Thread.sleep(KEY);
                }
            }
            return true;
        } catch (LiveKitException e) {
            log.warn("keys were not sent: {}", e.getMessage());
            return false;
        }
    }
}
