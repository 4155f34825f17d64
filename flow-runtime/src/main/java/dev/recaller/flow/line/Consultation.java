package dev.recaller.flow.line;

/** A talk with somebody who was telephoned beside the caller. Neither of the two hears the other. By the flow's thread. */
public interface Consultation extends AutoCloseable {

    /** To them, from after their first words on. It ends when they hang up, and when the caller does. */
    Line line();

    /**
     * Has the caller and them talk with each other without us.
     *
     * @return {@link Transferred.Done}: both lines are over; else one of the two has hung up
     */
    Transferred join() throws InterruptedException;

    /** Hangs up on them, unless they were joined with the caller. */
    @Override
    void close();
}
