package dev.recaller.livekit.agent;

/** What to say to an offer. */
public enum JobAnswer {
    /** We take it. */
    ACCEPT,
    /** Not now: the server asks another worker, if there is one. */
    BUSY,
    /** Nobody shall take it: the server closes the job. */
    DECLINE
}
