package dev.recaller.livekit.room;

import static java.util.stream.Collectors.toMap;

import dev.recaller.livekit.ffi.Ffi;
import dev.recaller.livekit.ffi.Handles;
import dev.recaller.livekit.ffi.proto.AttributesEntry;
import dev.recaller.livekit.ffi.proto.ConnectCallback;
import dev.recaller.livekit.ffi.proto.DataPacketReceived;
import dev.recaller.livekit.ffi.proto.OwnedParticipant;
import dev.recaller.livekit.ffi.proto.OwnedTrack;
import dev.recaller.livekit.room.RoomEvent.AttributesChanged;
import dev.recaller.livekit.room.RoomEvent.AudioSubscribed;
import dev.recaller.livekit.room.RoomEvent.AudioUnsubscribed;
import dev.recaller.livekit.room.RoomEvent.DataReceived;
import dev.recaller.livekit.room.RoomEvent.Disconnected;
import dev.recaller.livekit.room.RoomEvent.DtmfReceived;
import dev.recaller.livekit.room.RoomEvent.LocalTrackSubscribed;
import dev.recaller.livekit.room.RoomEvent.ParticipantJoined;
import dev.recaller.livekit.room.RoomEvent.ParticipantLeft;
import dev.recaller.livekit.room.RoomEvent.Reconnected;
import dev.recaller.livekit.room.RoomEvent.Reconnecting;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One room's events: from the native core's threads, in order, to the listener on one virtual thread, with the
 * participants and tracks kept up to date in between. The state belongs to that thread, except for what is concurrent.
 */
final class RoomEvents implements Ffi.RoomSink {
    private record Present(Participant participant, long handle) {}

    private static final Logger log = LoggerFactory.getLogger(RoomEvents.class);
    private static final int AUDIO = 1;

    /** More data packets than this wait for no listener; other events always do. */
    private static final int MOST_WAITING = 1000;

    private final RoomListener listener;
    private final Handles handles;
    private final RoomCounters counters;
    private final Map<String, Present> participants = new HashMap<>();
    private final Map<String, Long> publications = new HashMap<>();
    private final Map<String, Long> tracks = new ConcurrentHashMap<>();
    private final Map<String, Runnable> trackEnds = new ConcurrentHashMap<>();
    private final LinkedBlockingQueue<Runnable> waiting = new LinkedBlockingQueue<>();
    private final ThreadPoolExecutor thread;
    private volatile @Nullable Thread own;
    private volatile String roomSid;
    private volatile String roomMetadata;
    private volatile boolean leaving;
    private boolean disconnected;

    RoomEvents(
            RoomListener listener,
            Handles handles,
            RoomCounters counters,
            ConnectCallback.Result joined,
            Participant local) {
        this.listener = listener;
        this.handles = handles;
        this.counters = counters;
        roomSid = joined.getRoom().getInfo().getSid();
        roomMetadata = joined.getRoom().getInfo().getMetadata();
        thread = new ThreadPoolExecutor(
                1,
                1,
                0,
                TimeUnit.SECONDS,
                waiting,
                task -> own = Thread.ofVirtual().name("livekit-room").unstarted(task),
                new ThreadPoolExecutor
                        .DiscardPolicy()); // after the end: nobody listens, and the handles are given back
        participants.put(
                local.identity(),
                new Present(local, joined.getLocalParticipant().getHandle().getId()));
        for (var present : joined.getParticipantsList()) {
            thread.execute(() -> {
                joined(present.getParticipant());
                present.getPublicationsList()
                        .forEach(publication -> publications.put(
                                publication.getInfo().getSid(),
                                publication.getHandle().getId()));
            });
        }
    }

    String roomSid() {
        return roomSid;
    }

    String roomMetadata() {
        return roomMetadata;
    }

    boolean onOwnThread() {
        return Thread.currentThread().equals(own);
    }

    @Nullable
    Long trackHandle(String trackSid) {
        return tracks.get(trackSid);
    }

    /** Runs {@code action} when the track ends, at once if it has. */
    void onTrackEnd(String trackSid, Runnable action) {
        trackEnds.merge(trackSid, action, (first, second) -> () -> {
            first.run();
            second.run();
        });
        if (!tracks.containsKey(trackSid)) {
            endTrack(trackSid);
        }
    }

    void endTracks() {
        leaving = true;
        List.copyOf(tracks.keySet()).forEach(this::endTrack);
    }

    /** The listener hears the last event, and the thread ends. */
    void end() {
        thread.execute(() -> disconnected(DisconnectReason.CLIENT_INITIATED));
        thread.shutdown();
    }

    @Override
    public void event(dev.recaller.livekit.ffi.proto.RoomEvent event, byte[] data) {
        if (event.hasDataPacketReceived() && waiting.size() >= MOST_WAITING) {
            counters.packetsOverflowed.increment();
        } else {
            thread.execute(() -> handle(event, data));
        }
    }

    private void handle(dev.recaller.livekit.ffi.proto.RoomEvent event, byte[] data) {
        switch (event.getMessageCase()) {
            case PARTICIPANT_CONNECTED -> joined(event.getParticipantConnected().getInfo());
            case PARTICIPANT_DISCONNECTED ->
                left(
                        event.getParticipantDisconnected().getParticipantIdentity(),
                        event.getParticipantDisconnected().getDisconnectReason());
            case PARTICIPANT_NAME_CHANGED -> {
                var change = event.getParticipantNameChanged();
                find(change.getParticipantIdentity()).ifPresent(participant -> participant.rename(change.getName()));
            }
            case PARTICIPANT_ATTRIBUTES_CHANGED -> {
                var change = event.getParticipantAttributesChanged();
                find(change.getParticipantIdentity()).ifPresent(participant -> {
                    participant.replaceAttributes(map(change.getAttributesList()));
                    tell(new AttributesChanged(participant, map(change.getChangedAttributesList())));
                });
            }
            case TRACK_PUBLISHED -> {
                var publication = event.getTrackPublished().getPublication();
                publications.put(
                        publication.getInfo().getSid(), publication.getHandle().getId());
            }
            case TRACK_UNPUBLISHED ->
                drop(publications.remove(event.getTrackUnpublished().getPublicationSid()));
            case TRACK_SUBSCRIBED ->
                subscribed(
                        event.getTrackSubscribed().getParticipantIdentity(),
                        event.getTrackSubscribed().getTrack());
            case TRACK_UNSUBSCRIBED ->
                unsubscribed(
                        event.getTrackUnsubscribed().getParticipantIdentity(),
                        event.getTrackUnsubscribed().getTrackSid());
            case LOCAL_TRACK_SUBSCRIBED ->
                tell(new LocalTrackSubscribed(event.getLocalTrackSubscribed().getTrackSid()));
            case DATA_PACKET_RECEIVED -> packet(event.getDataPacketReceived(), data);
            case ROOM_METADATA_CHANGED ->
                roomMetadata = event.getRoomMetadataChanged().getMetadata();
            case ROOM_SID_CHANGED -> roomSid = event.getRoomSidChanged().getSid();
            case RECONNECTING -> tell(new Reconnecting());
            case RECONNECTED -> tell(new Reconnected());
            case DISCONNECTED ->
                disconnected(DisconnectReason.of(event.getDisconnected().getReason()));
            default -> {} // what we do not read; handles in it are owned by the room
        }
    }

    private void joined(OwnedParticipant present) {
        var participant = new Participant(present.getInfo());
        participants.put(
                participant.identity(),
                new Present(participant, present.getHandle().getId()));
        tell(new ParticipantJoined(participant));
    }

    private void left(String identity, int reason) {
        Present present = participants.remove(identity);
        if (present != null) {
            tell(new ParticipantLeft(present.participant(), DisconnectReason.of(reason)));
            handles.drop(present.handle());
        }
    }

    private void subscribed(String identity, OwnedTrack track) {
        tracks.put(track.getInfo().getSid(), track.getHandle().getId());
        if (track.getInfo().getKind() == AUDIO) {
            find(identity)
                    .ifPresent(participant -> tell(
                            new AudioSubscribed(participant, track.getInfo().getSid())));
        }
    }

    private void unsubscribed(String identity, String trackSid) {
        if (tracks.containsKey(trackSid)) {
            endTrack(trackSid);
            find(identity).ifPresent(participant -> tell(new AudioUnsubscribed(participant, trackSid)));
        }
    }

    private void endTrack(String trackSid) {
        Long handle = tracks.remove(trackSid);
        Runnable end = trackEnds.remove(trackSid);
        if (end != null) {
            end.run();
        }
        drop(handle);
    }

    private void packet(DataPacketReceived packet, byte[] data) {
        Optional<Participant> from = find(packet.getParticipantIdentity());
        switch (packet.getValueCase()) {
            case SIP_DTMF ->
                from.ifPresent(participant -> tell(new DtmfReceived(
                        participant,
                        packet.getSipDtmf().getCode(),
                        packet.getSipDtmf().getDigit())));
            case USER -> tell(new DataReceived(from, packet.getUser().getTopic(), data));
            case VALUE_NOT_SET -> {}
        }
    }

    private void disconnected(DisconnectReason reason) {
        if (!disconnected) {
            leaving = false;
            tell(new Disconnected(reason));
            disconnected = true;
        }
    }

    private Optional<Participant> find(String identity) {
        return Optional.ofNullable(participants.get(identity)).map(Present::participant);
    }

    private void drop(@Nullable Long handle) {
        if (handle != null) {
            handles.drop(handle);
        }
    }

    private void tell(RoomEvent event) {
        if (leaving || disconnected) {
            return;
        }
        try {
            listener.on(event);
        } catch (RuntimeException e) {
            log.error("A room's listener failed on {}", event.getClass().getSimpleName(), e);
        }
    }

    private static Map<String, String> map(List<AttributesEntry> entries) {
        return entries.stream().collect(toMap(AttributesEntry::getKey, AttributesEntry::getValue, (_, last) -> last));
    }
}
