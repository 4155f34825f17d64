package dev.recaller.worker.control;

import dev.recaller.livekit.server.LiveKitServer;
import dev.recaller.livekit.server.LiveKitSip;
import dev.recaller.memory.IdentityHash;
import dev.recaller.sql.Database;
import dev.recaller.worker.call.TextServices;
import dev.recaller.worker.store.CallLeases;
import dev.recaller.worker.telephony.Destinations;

/**
 * What the control API works with; nothing of it is closed with it.
 *
 * @param agentName whom LiveKit's server sends where a call is to be begun
 */
public record ControlParts(
        TextServices texts,
        CallLeases leases,
        LiveKitServer server,
        LiveKitSip sip,
        Database database,
        IdentityHash hash,
        String agentName,
        Destinations destinations,
        ControlListener listener,
        WorkerSteering worker) {}
