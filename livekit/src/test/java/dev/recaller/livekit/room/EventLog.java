package dev.recaller.livekit.room;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;

/** Keeps what a room told, and waits for what it will tell. */
final class EventLog implements RoomListener {
    private final List<RoomEvent> events = new CopyOnWriteArrayList<>();

    @Override
    public void on(RoomEvent event) {
        events.add(event);
    }

    List<RoomEvent> all() {
        return List.copyOf(events);
    }

    <E extends RoomEvent> List<E> all(Class<E> kind) {
        return events.stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    <E extends RoomEvent> E awaitFirst(Class<E> kind) {
        return awaitFirst(kind, _ -> true);
    }

    <E extends RoomEvent> E awaitFirst(Class<E> kind, Predicate<E> wanted) {
        return await(kind.getSimpleName())
                .atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(5))
                .until(() -> all(kind).stream().filter(wanted).findFirst(), java.util.Optional::isPresent)
                .orElseThrow();
    }
}
