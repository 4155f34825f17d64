package dev.recaller.worker.call;

import dev.recaller.livekit.LiveKitException;
import dev.recaller.livekit.agent.Job;
import dev.recaller.livekit.room.Room;
import dev.recaller.livekit.server.LiveKitServer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hangs up the telephone by leaving the call's room and removing it: begun by the flow, which then may still have something
 * to store and must not keep the caller on the line for it, or by the end of the call. Once; any thread.
 *
 * <p>We leave first. Whoever is still in a room that is removed has its connections cut, which the native core takes for a
 * failure when it notices that before the server's word.
 */
final class HangUp {
    private static final Logger log = LoggerFactory.getLogger(HangUp.class);
    /** What was played last is still on its way through the bridge and the caller's jitter buffer. */
    static final Duration LAST_AUDIO = Duration.ofMillis(400);

    private final Job job;
    private final CallRoom callRoom;
    private final LiveKitServer server;
    private final HeldCalls held;
    private volatile @Nullable Room room;
    private volatile @Nullable CompletableFuture<Void> begun;
    private volatile boolean abandoned;

    HangUp(Job job, CallRoom callRoom, LiveKitServer server, HeldCalls held) {
        this.job = job;
        this.callRoom = callRoom;
        this.server = server;
        this.held = held;
    }

    /** We are in this room now. */
    void joined(Room joined) {
        room = joined;
    }

    /** Returns at once. */
    void begin() {
        begun = CompletableFuture.runAsync(
                () -> {
                    callRoom.awaitLeft(LAST_AUDIO);
                    job.succeeded();
                    leave();
                    removeRoom();
                },
                Thread::startVirtualThread);
    }

    /** The telephone is another worker's: it is not hung up, unless it is already. */
    void abandon() {
        abandoned = true;
    }

    boolean isAbandoned() {
        return abandoned;
    }

    /** To be called when the room was left. Returns when the telephone is hung up. */
    void finish() {
        var already = begun;
        if (already == null) {
            removeRoom();
        } else {
            already.join();
        }
    }

    private void leave() {
        Room in = room;
        if (in != null) {
            in.close();
        }
    }

    /** Unless the room is another worker's by now. */
    private void removeRoom() {
        held.makeSure();
        if (abandoned) {
            return;
        }
        try {
            server.deleteRoom(job.roomName(), job.roomSid());
        } catch (LiveKitException e) {
            log.warn("the room {} stays until it times out: {}", job.roomSid(), e.getMessage());
        }
    }
}
