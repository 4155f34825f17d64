package dev.recaller.worker.control;

import dev.recaller.worker.control.ControlListener.Denied;
import dev.recaller.worker.control.v1.Role;
import dev.recaller.worker.store.ControlKeys;
import dev.recaller.worker.store.ControlKeys.Found;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Who asks, by the key that is shown. What the database says of a key counts for {@link #KNOWN}. Any thread; blocks. */
final class Keyring {

    /** So long a revoked key may go on. */
    static final Duration KNOWN = Duration.ofSeconds(2);

    private static final int MOST = 10_000;
    private static final String BEARER = "Bearer ";
    /** Who tries ids must not keep the database busy; those who know theirs are looked up once in two seconds. */
    private static final double LOOK_UPS_A_SECOND = 100;

    private record Known(Optional<Found> found, long atNs) {}

    private final ControlKeys keys;
    private final InstantSource clock;
    private final LongSupplier nanoTime;
    private final Map<String, Known> known = new ConcurrentHashMap<>();
    private final RateLimit lookUps;

    Keyring(ControlKeys keys, InstantSource clock, LongSupplier nanoTime) {
        this.keys = keys;
        this.clock = clock;
        this.nanoTime = nanoTime;
        lookUps = new RateLimit(LOOK_UPS_A_SECOND, nanoTime);
    }

    /** What a request's header proves. */
    sealed interface Proof {

        record Proved(Asking asking) implements Proof {}

        /**
         * Nobody.
         *
         * @param whose whom the key is of when it was really shown, and does not hold now
         */
        record Nothing(Denied why, @Nullable Asking whose, StatusRuntimeException answer) implements Proof {}
    }

    /**
     * Who asks.
     *
     * @param authorization the request's header
     */
    Proof proof(@Nullable String authorization) {
        if (authorization == null || !authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
            return new Proof.Nothing(
                    Denied.KEY_MISSING,
                    null,
                    Failures.of(
                            Status.Code.UNAUTHENTICATED,
                            "KEY_MISSING",
                            "give a key in the metadata 'authorization: Bearer rk_...'; 'recaller key create' makes one"));
        }
        Optional<KeyText> shown =
                KeyText.parse(authorization.substring(BEARER.length()).strip());
        Optional<Found> found;
        try {
            found = shown.flatMap(key -> found(key.id()).filter(it -> key.isProvedBy(it.secretHash())));
        } catch (StatusRuntimeException e) {
            return new Proof.Nothing(Denied.RATE_LIMIT, null, e);
        }
        if (found.isPresent() && found.get().key().holdsAt(clock.instant())) {
            return new Proof.Proved(asking(found.get().key()));
        }
        return new Proof.Nothing(
                Denied.KEY_UNKNOWN,
                found.map(it -> asking(it.key())).orElse(null),
                Failures.of(
                        Status.Code.UNAUTHENTICATED,
                        "KEY_UNKNOWN",
                        "this key is not known, or does not hold now: 'recaller key list' tells"));
    }

    private static Asking asking(ControlKeys.Key key) {
        return Asking.key(
                key.organizationId(), key.id(), Role.valueOf(key.role().toUpperCase(Locale.ROOT)));
    }

    private Optional<Found> found(String id) {
        long now = nanoTime.getAsLong();
        Known before = known.get(id);
        if (before != null && now - before.atNs() < KNOWN.toNanos()) {
            return before.found();
        }
        if (!lookUps.take("")) {
            throw Failures.tooMany("RATE_LIMIT", "too many different keys are tried", Duration.ofSeconds(1));
        }
        if (known.size() > MOST) {
            known.clear();
        }
        Optional<Found> found = keys.find(id);
        known.put(id, new Known(found, now));
        return found;
    }
}
