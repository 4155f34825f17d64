package dev.recaller.livekit.room;

import java.util.Map;
import java.util.Optional;

/** What happens in a room, in the order in which it happened. */
public sealed interface RoomEvent {
    /**
     * Somebody is in the room: one event for each who was there before us, and for each who comes later. The server
     * shows a newcomer who publishes nothing only after some 3 s; a telephone publishes at once.
     */
    record ParticipantJoined(Participant participant) implements RoomEvent {}

    record ParticipantLeft(Participant participant, DisconnectReason reason) implements RoomEvent {}

    /**
     * Somebody's attributes, ours included, are new.
     *
     * @param changed the changed ones only; an empty value is a removed attribute
     */
    record AttributesChanged(Participant participant, Map<String, String> changed) implements RoomEvent {
        public AttributesChanged {
            changed = Map.copyOf(changed);
        }
    }

    /** Somebody's audio can be heard from now on: see {@link Room#listen}. */
    record AudioSubscribed(Participant participant, String trackSid) implements RoomEvent {}

    /** Somebody's audio is no more; its {@link AudioIn} has ended. */
    record AudioUnsubscribed(Participant participant, String trackSid) implements RoomEvent {}

    /**
     * The audio we publish has its first subscriber; what was played before, nobody heard. LiveKit does not say who it
     * is: with several others in the room it need not be the telephone.
     */
    record LocalTrackSubscribed(String trackSid) implements RoomEvent {}

    /** A key was pressed on a telephone: {@code code} 0 to 9 for digits, 10 for *, 11 for #, 12 to 15 for A to D. */
    record DtmfReceived(Participant participant, int code, String digit) implements RoomEvent {}

    /** A data packet; from nobody when the server's HTTP API sent it. */
    @SuppressWarnings("ArrayRecordComponent") // handed over, not copied, and never compared
    record DataReceived(Optional<Participant> participant, String topic, byte[] data) implements RoomEvent {}

    /** The connection is lost and being made again; audio stands still. */
    record Reconnecting() implements RoomEvent {}

    record Reconnected() implements RoomEvent {}

    /** We are out of the room, by {@link Room#close} or by others. Always comes, once, and nothing after it. */
    record Disconnected(DisconnectReason reason) implements RoomEvent {}
}
