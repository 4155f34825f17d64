package dev.recaller.worker.control;

import dev.recaller.memory.jobs.JobDesk;
import dev.recaller.worker.call.TextServices;
import dev.recaller.worker.store.CallOutcomes;
import dev.recaller.worker.store.ControlAudit;
import dev.recaller.worker.store.ControlKeys;
import dev.recaller.worker.store.FlowArchive;
import io.grpc.BindableService;
import io.grpc.ServerInterceptors;
import io.grpc.ServerServiceDefinition;
import java.util.List;
import java.util.stream.Stream;

/** The services of the API behind their gate, wherever they are served. */
final class ControlApi implements AutoCloseable {

    private final Deadlines deadlines;
    private final TextSessions texts;
    private final List<ServerServiceDefinition> services;

    ControlApi(ControlParts parts, Deadlines.Limits limits) {
        TextServices shared = parts.texts();
        deadlines = new Deadlines(limits);
        texts = new TextSessions(shared, () -> parts.worker().status().draining());
        var gate = new Gate(
                new Keyring(ControlKeys.in(parts.database()), shared.clock(), System::nanoTime),
                new Journal(ControlAudit.in(parts.database(), shared.clock()), parts.listener(), System::nanoTime),
                deadlines,
                System::nanoTime);
        var starting = new CallStarting(
                parts.server(), parts.sip(), parts.agentName(), shared.ids(), parts.destinations(), shared.choice());
        services = Stream.<BindableService>of(
                        new CallsService(
                                shared.live(),
                                parts.leases(),
                                starting,
                                new Dialling(parts.server(), CallOutcomes.in(parts.database())),
                                texts),
                        new MemoriesService(parts.database(), shared.clock(), shared.memory(), parts.hash()),
                        new FlowsService(FlowArchive.in(parts.database())),
                        new JobsService(new JobDesk(parts.database(), shared.clock())),
                        new WorkerService(parts.worker(), shared.live()))
                // Bytes come to the gate as they are: what is no message is told so, and not a broken connection.
                .map(service -> ServerInterceptors.useInputStreamMessages(service.bindService()))
                .map(service -> ServerInterceptors.intercept(service, gate))
                .toList();
    }

    List<ServerServiceDefinition> services() {
        return services;
    }

    /** Ends conversations in text. */
    @Override
    public void close() {
        texts.close();
        deadlines.close();
    }
}
