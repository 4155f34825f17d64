package dev.recaller.livekit.room;

import dev.recaller.livekit.ffi.proto.ParticipantInfo;
import java.util.Map;

/** Somebody in a room. Name and attributes are live; the other parts never change. Any thread. */
public final class Participant {
    /** What a participant is; LiveKit's own list, in its order. */
    public enum Kind {
        STANDARD,
        INGRESS,
        EGRESS,
        /** A telephone. */
        SIP,
        AGENT,
        CONNECTOR,
        BRIDGE,
        UNKNOWN;

        private static final Kind[] BY_NUMBER = values();

        static Kind of(int number) {
            return number >= 0 && number < BY_NUMBER.length ? BY_NUMBER[number] : UNKNOWN;
        }
    }

    private final String sid;
    private final String identity;
    private final Kind kind;
    private volatile String name;
    private volatile Map<String, String> attributes;

    Participant(ParticipantInfo info) {
        sid = info.getSid();
        identity = info.getIdentity();
        kind = Kind.of(info.getKind());
        name = info.getName();
        attributes = Map.copyOf(info.getAttributesMap());
    }

    /** LiveKit's id of this presence in the room; says nothing about who it is, so logs may hold it. */
    public String sid() {
        return sid;
    }

    /** Unique in the room. A telephone's identity contains its number: not for logs. */
    public String identity() {
        return identity;
    }

    public Kind kind() {
        return kind;
    }

    /** A telephone's name contains its number: not for logs. */
    public String name() {
        return name;
    }

    /** All attributes as they are now; immutable. */
    public Map<String, String> attributes() {
        return attributes;
    }

    /** Whether a change of attributes shows, of which an empty value removes one. */
    boolean has(Map<String, String> changes) {
        Map<String, String> now = attributes;
        return changes.entrySet().stream()
                .allMatch(change -> now.getOrDefault(change.getKey(), "").equals(change.getValue()));
    }

    void rename(String newName) {
        name = newName;
    }

    void replaceAttributes(Map<String, String> newAttributes) {
        attributes = Map.copyOf(newAttributes);
    }

    @Override
    public String toString() {
        return kind + " " + sid;
    }
}
