package dev.recaller.worker.control;

import dev.recaller.livekit.server.LiveKitServer;
import dev.recaller.livekit.server.LiveKitSip;
import dev.recaller.memory.IdentityHash;
import dev.recaller.memory.UnifiedMemoryService;
import dev.recaller.memory.jobs.JobDesk;
import dev.recaller.sql.Database;
import dev.recaller.sql.TimeOrderedIds;
import dev.recaller.worker.control.v1.Role;
import dev.recaller.worker.store.CallOutcomes;
import dev.recaller.worker.store.FlowArchive;
import dev.recaller.worker.telephony.Destinations;
import io.grpc.BindableService;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import java.io.IOException;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * What the control API serves, within this process and for one who has the database and the LiveKit server's key anyway: no
 * port, no key, no deadline, and nothing in the audit but what the memory notes itself.
 */
public final class LocalControl implements AutoCloseable {

    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Server server;
    private final ControlClient client;

    private LocalControl(String organizationId, String actor, List<? extends BindableService> services)
            throws IOException {
        String name = "recaller-" + UUID.randomUUID();
        var building = InProcessServerBuilder.forName(name)
                .executor(threads)
                .intercept(new OneAsking(new Asking(organizationId, actor, Role.ADMIN)));
        services.forEach(building::addService);
        server = building.build().start();
        ManagedChannel channel =
                InProcessChannelBuilder.forName(name).executor(threads).build();
        client = new ControlClient(channel, channel);
    }

    /**
     * Memories, flows and jobs of a database; of what is given nothing is closed with it.
     *
     * @param actor who asks, for the audit
     */
    public static LocalControl ofDatabase(
            String organizationId,
            String actor,
            Database database,
            UnifiedMemoryService memory,
            IdentityHash hash,
            InstantSource clock)
            throws IOException {
        return new LocalControl(
                organizationId,
                actor,
                List.of(
                        new MemoriesService(database, clock, memory, hash),
                        new FlowsService(FlowArchive.in(database)),
                        new JobsService(new JobDesk(database, clock))));
    }

    /**
     * The beginning of telephone calls, which workers take; of what is given nothing is closed with it.
     *
     * @param outcomes where workers tell how calls stand
     */
    public static LocalControl ofTelephone(
            String organizationId,
            String actor,
            LiveKitServer server,
            LiveKitSip sip,
            String agentName,
            Destinations destinations,
            CallOutcomes outcomes)
            throws IOException {
        var ids = new TimeOrderedIds(InstantSource.system());
        return new LocalControl(
                organizationId,
                actor,
                List.of(new StartingService(
                        new CallStarting(server, sip, agentName, ids, destinations, null),
                        new Dialling(server, outcomes))));
    }

    /** Open as long as this is. */
    public ControlClient client() {
        return client;
    }

    @Override
    public void close() {
        client.close();
        server.shutdownNow();
        threads.shutdownNow();
    }

    private record OneAsking(Asking asking) implements ServerInterceptor {
        @Override
        public <Q, A> ServerCall.Listener<Q> interceptCall(
                ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
            Context context = Context.current().withValue(Request.KEY, new Request(asking));
            var guarded = new GuardedCall<>(call, _ -> {});
            return new GuardedListener<>(Contexts.interceptCall(context, guarded, headers, next), guarded, context);
        }
    }
}
