package dev.recaller.worker.call;

import java.util.UUID;

/** Chooses what calls are to do. Safe for use by many calls at once. */
public interface Planning {

    /**
     * The plan of a call whose telephone is in the room.
     *
     * <p>Blocks while the phone rings: for milliseconds, and for seconds at most. Never fails: a call that cannot have what
     * was asked for has a plan that says so.
     *
     * @param callId decides whether it runs a canary of its flow
     */
    Plan plan(UUID callId, CallMetadata told);

    /** As {@link #plan} of a call that has begun elsewhere: by its organization's flow, in the version it is in. */
    Plan resumed(Resumed call, CallMetadata told);
}
