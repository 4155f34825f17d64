package dev.recaller.worker.call;

import dev.recaller.livekit.room.Room;
import dev.recaller.worker.caller.Caller;
import dev.recaller.worker.caller.CarrierCall;
import dev.recaller.worker.telemetry.Meters;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Who calls and why we think so, for operators: one log line, without the number, and one metric. */
final class Identified {
    private static final Logger log = LoggerFactory.getLogger(Identified.class);

    private Identified() {}

    static void tell(Plan plan, CallMetadata told, Room room, CallServices services) {
        Caller caller = plan.caller();
        services.meters().identified(kind(caller));
        var carrier = CarrierCall.of(told.attributes());
        log.info(
                "call from a number of kind {}, {}, because {}; hash {}, flow {} version {}, room {}, carrier's call {}, session {}",
                caller.kind().label(),
                caller.assurance().name().toLowerCase(Locale.ROOT),
                caller.reasons().stream().map(Caller.Reason::label).collect(Collectors.joining(", ")),
                orNone(caller.phoneNumber() == null ? null : services.numbers().of(caller.phoneNumber())),
                plan.flow().id(),
                plan.flow().version(),
                room.sid(),
                orNone(carrier.callId()),
                orNone(carrier.sessionId()));
    }

    private static Meters.Identity kind(Caller caller) {
        return switch (caller.assurance()) {
            case VERIFIED -> Meters.Identity.VERIFIED;
            case ATTESTED -> Meters.Identity.ATTESTED;
            case PRESENTED, ANONYMOUS -> Meters.Identity.valueOf(caller.kind().name());
        };
    }

    private static String orNone(@Nullable String value) {
        return value == null ? "none" : value;
    }
}
