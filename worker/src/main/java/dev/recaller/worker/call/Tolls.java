package dev.recaller.worker.call;

import dev.recaller.livekit.LiveKitException;
import dev.recaller.livekit.server.LiveKitSip;
import dev.recaller.livekit.server.OutboundTrunk;
import dev.recaller.sql.DatabaseException;
import dev.recaller.worker.store.ControlAudit;
import dev.recaller.worker.telephony.Destinations;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks before each call and transfer whether it may be made; what may not is in the log and in the organization's audit. */
public final class Tolls {
    private static final Logger log = LoggerFactory.getLogger(Tolls.class);

    private final Destinations destinations;
    private final LiveKitSip sip;
    private final ControlAudit audit;

    public Tolls(Destinations destinations, LiveKitSip sip, ControlAudit audit) {
        this.destinations = destinations;
        this.sip = sip;
        this.audit = audit;
    }

    /**
     * Why not, for people; empty when it may be made. Blocks.
     *
     * @param own our number in this call; empty: it is not known, and those of the outbound trunks are ours
     */
    Optional<String> refused(String organizationId, UUID callId, String to, String own) {
        Optional<String> why = destinations.refused(to, own.isEmpty() ? ofTrunks() : List.of(own));
        why.ifPresent(reason -> note(organizationId, callId, reason));
        return why.map(
                reason -> "the destination may not be called, " + reason + ": RECALLER_DESTINATIONS allows more");
    }

    private List<String> ofTrunks() {
        try {
            return sip.outboundTrunks().stream()
                    .map(OutboundTrunk::numbers)
                    .flatMap(List::stream)
                    .toList();
        } catch (LiveKitException e) {
            log.warn("our own numbers are not known now: {}", e.getMessage());
            return List.of();
        }
    }

    private void note(String organizationId, UUID callId, String reason) {
        log.warn("a destination is not called, {}", reason);
        try {
            audit.note(organizationId, "call:" + callId, "call:destination", callId, "refused");
        } catch (DatabaseException e) {
            log.error("not in the audit: that a destination of this call was refused: {}", e.getMessage());
        }
    }
}
