package dev.recaller.livekit.agent;

/** Decides on offers and does the jobs. */
public interface JobListener {
    /**
     * Answers an offer, which the server waits 3 s for and gives to nobody else meanwhile. Called on the connection's
     * only thread: answer within 20 ms, from memory, without blocking. An accepted offer becomes {@link #assigned} or
     * {@link #released}, and nothing else.
     */
    JobAnswer offered(JobOffer offer);

    /**
     * A job is ours. Called on a virtual thread of its own, which may do the job. An exception fails the job if it has
     * not ended.
     */
    void assigned(Job job) throws Exception;

    /** An accepted offer came to nothing: no assignment came in time. Same thread and rules as {@link #offered}. */
    void released(JobOffer offer);

    /**
     * The server wants a job to end, or our participant was put out of its room. Called on a virtual thread of its own;
     * not for jobs that have ended. Not to be relied on: in the first seconds after a registration the server does not
     * know yet whose participant left, and tells nothing. The room's own end is always told by the room.
     */
    void terminated(Job job);
}
