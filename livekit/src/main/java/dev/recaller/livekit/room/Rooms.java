package dev.recaller.livekit.room;

import dev.recaller.livekit.LiveKitException;
import dev.recaller.livekit.ffi.Ffi;
import dev.recaller.livekit.ffi.proto.ConnectCallback;
import dev.recaller.livekit.ffi.proto.FfiEvent;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.function.Consumer;

/** LiveKit's native core and the rooms joined by it. A process has one. Any thread. */
public final class Rooms implements AutoCloseable {
    private final Ffi ffi;
    private final RoomCounters counters = new RoomCounters();
    private final Pacer pacer = new Pacer(counters);
    private final Set<Room> open = ConcurrentHashMap.newKeySet();

    private Rooms(Ffi ffi) {
        this.ffi = ffi;
    }

    /**
     * Loads and starts the native core.
     *
     * @param library liblivekit_ffi for this platform
     * @param onPanic told, on a thread of its own, that the core has panicked: take no more calls, let those that
     *     still work end, and restart the process
     * @throws LiveKitException LIBRARY_UNUSABLE
     */
    public static Rooms open(Path library, Consumer<String> onPanic) {
        var rooms = new Rooms(Ffi.open(library, onPanic));
        rooms.pacer.start();
        return rooms;
    }

    /**
     * Joins a room and subscribes to all audio in it. The room is the caller's to close, whatever happens to it.
     *
     * @param url the LiveKit server, ws or wss
     * @param limit how long to try; a connection that is made later is closed at once
     * @throws LiveKitException CONNECT_FAILED, TIMED_OUT
     */
    public Room connect(URI url, String token, RoomListener listener, Duration limit) throws InterruptedException {
        FfiEvent answer = ffi.call(asyncId -> Requests.connect(asyncId, url, token), limit, this::leaveAtOnce);
        ConnectCallback callback = answer.getConnect();
        if (callback.hasError()) {
            throw LiveKitException.connectFailed(url.getScheme() + "://" + url.getAuthority(), callback.getError());
        }
        return join(callback.getResult(), listener);
    }

    private Room join(ConnectCallback.Result joined, RoomListener listener) {
        var room = new Room(ffi, pacer, counters, joined, listener, open::remove);
        open.add(room);
        try {
            room.start();
        } catch (RuntimeException e) {
            room.close();
            throw e;
        }
        return room;
    }

    private void leaveAtOnce(FfiEvent late) {
        if (late.getConnect().hasResult()) {
            join(late.getConnect().getResult(), _ -> {}).close();
        }
    }

    public RoomStats stats() {
        return new RoomStats(
                open.size(),
                ffi.stats(),
                counters.framesSent.sum(),
                counters.framesLate.sum(),
                counters.framesSkipped.sum(),
                counters.captureErrors.sum(),
                counters.framesReceived.sum(),
                counters.framesOverflowed.sum(),
                counters.packetsOverflowed.sum());
    }

    /** Leaves every room, stops the clock and the core. */
    @Override
    public void close() {
        try (var leaving = Executors.newVirtualThreadPerTaskExecutor()) {
            open.forEach(room -> leaving.execute(room::close));
        }
        pacer.stop();
        ffi.close();
    }
}
