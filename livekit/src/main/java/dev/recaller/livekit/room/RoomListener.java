package dev.recaller.livekit.room;

/** Hears what happens in one room. */
@FunctionalInterface
public interface RoomListener {
    /**
     * Called for one event after the other on the room's own virtual thread, the first possibly before
     * {@link Rooms#connect} has returned. It may block a little: the next events wait, audio does not. It may close
     * the room. An exception is logged and the next event comes.
     */
    void on(RoomEvent event);
}
