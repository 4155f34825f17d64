package dev.recaller.worker.call;

import dev.recaller.livekit.LiveKitException;
import dev.recaller.livekit.agent.Job;
import dev.recaller.livekit.server.LiveKitServer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hangs up the telephone by removing the call's room: begun by the flow, which then may still have something to store and
 * must not keep the caller on the line for it, or by the end of the call. Once; any thread.
 */
final class HangUp {
    private static final Logger log = LoggerFactory.getLogger(HangUp.class);
    /** What was played last is still on its way through the bridge and the caller's jitter buffer. */
    static final Duration LAST_AUDIO = Duration.ofMillis(400);

    private final Job job;
    private final CallRoom callRoom;
    private final LiveKitServer server;
    private volatile @Nullable CompletableFuture<Void> begun;

    HangUp(Job job, CallRoom callRoom, LiveKitServer server) {
        this.job = job;
        this.callRoom = callRoom;
        this.server = server;
    }

    /** Returns at once. */
    void begin() {
        begun = CompletableFuture.runAsync(
                () -> {
                    callRoom.awaitLeft(LAST_AUDIO);
                    job.succeeded();
                    removeRoom();
                },
                Thread::startVirtualThread);
    }

    /** Returns when the telephone is hung up. */
    void finish() {
        var already = begun;
        if (already == null) {
            removeRoom();
        } else {
            already.join();
        }
    }

    private void removeRoom() {
        try {
            server.deleteRoom(job.roomName(), job.roomSid());
        } catch (LiveKitException e) {
            log.warn("the room {} stays until it times out: {}", job.roomSid(), e.getMessage());
        }
    }
}
