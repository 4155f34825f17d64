package dev.recaller.worker.control;

import dev.recaller.worker.control.v1.Beginning;
import dev.recaller.worker.control.v1.CallEvent;
import dev.recaller.worker.control.v1.CallsGrpc;
import dev.recaller.worker.control.v1.DialRequest;
import dev.recaller.worker.control.v1.DrainRequest;
import dev.recaller.worker.control.v1.HangUpRequest;
import dev.recaller.worker.control.v1.ListCallsRequest;
import dev.recaller.worker.control.v1.SayRequest;
import dev.recaller.worker.control.v1.StatusRequest;
import dev.recaller.worker.control.v1.TransferRequest;
import dev.recaller.worker.control.v1.TransferResponse;
import dev.recaller.worker.control.v1.Turn.Speaker;
import dev.recaller.worker.control.v1.UndrainRequest;
import dev.recaller.worker.control.v1.WatchRequest;
import dev.recaller.worker.control.v1.WorkerControlGrpc;
import dev.recaller.worker.control.v1.WorkerStatus;
import io.grpc.Channel;
import io.grpc.ChannelCredentials;
import io.grpc.ClientInterceptors;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.StatusRuntimeException;
import io.grpc.TlsChannelCredentials;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.MetadataUtils;
import java.io.IOException;
import java.time.Instant;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The control API for a program, in its own words. Blocks; what is refused or does not work is a {@link ControlException}. */
public final class ControlClient implements AutoCloseable {

    private static final long LIMIT_SECONDS = 35;

    /** A call that goes on; {@code node} is empty before the first. */
    public record Call(
            String id,
            String flowId,
            int flowVersion,
            boolean telephone,
            Instant startedAt,
            boolean answered,
            String node,
            int turns) {}

    /**
     * Something that happened in a call.
     *
     * @param kind state, caller, agent, node or ended
     * @param text of a turn, a node's id, a reason; of a state: whether it was answered
     */
    public record Event(Instant at, String kind, String text) {}

    /** How a worker is. */
    public record Worker(
            String version,
            Instant startedAt,
            boolean draining,
            int calls,
            int maxCalls,
            double load,
            int textSessions,
            List<String> notReady) {}

    /** How a transfer ended, in small letters: done, busy, no_answer, failed, caller_gone. */
    public record Transfer(String outcome, String message) {}

    private final ManagedChannel channel;
    private final Channel authorized;

    private ControlClient(ManagedChannel channel, String key) {
        this.channel = channel;
        var headers = new Metadata();
        headers.put(Gate.AUTHORIZATION, "Bearer " + key);
        authorized = ClientInterceptors.intercept(channel, MetadataUtils.newAttachHeadersInterceptor(headers));
    }

    /**
     * Connects when first used.
     *
     * @param tls absent: plain text
     * @throws IOException when a file of TLS cannot be used
     */
    public static ControlClient open(String host, int port, @Nullable ClientTls tls, String key) throws IOException {
        ChannelCredentials credentials = InsecureChannelCredentials.create();
        if (tls != null) {
            var building = TlsChannelCredentials.newBuilder();
            if (tls.authorities() != null) {
                building.trustManager(tls.authorities().toFile());
            }
            if (tls.certificate() != null && tls.key() != null) {
                building.keyManager(tls.certificate().toFile(), tls.key().toFile());
            }
            credentials = building.build();
        }
        return new ControlClient(
                NettyChannelBuilder.forAddress(host, port, credentials).build(), key);
    }

    public List<Call> calls() {
        return asked(() -> calls(LIMIT_SECONDS).list(ListCallsRequest.getDefaultInstance()).getCallsList().stream()
                .map(call -> new Call(
                        call.getId(),
                        call.getFlowId(),
                        call.getFlowVersion(),
                        call.getTelephone(),
                        time(call.getStartedAt()),
                        call.hasAnsweredAt(),
                        call.getNode(),
                        call.getTurns()))
                .toList());
    }

    /** Tells what happens in a call until it ends. */
    public void watch(String callId, Consumer<Event> told) {
        boolean _ = asked(() -> {
            Iterator<CallEvent> events = CallsGrpc.newBlockingStub(authorized)
                    .watch(WatchRequest.newBuilder().setCallId(callId).build());
            events.forEachRemaining(event -> told.accept(event(event)));
            return true;
        });
    }

    private static Event event(CallEvent event) {
        Instant at = time(event.getAt());
        return switch (event.getEventCase()) {
            case STATE -> new Event(at, "state", event.getState().hasAnsweredAt() ? "answered" : "rings");
            case TURN ->
                new Event(
                        at,
                        event.getTurn().getSpeaker() == Speaker.CALLER ? "caller" : "agent",
                        event.getTurn().getText());
            case NODE -> new Event(at, "node", event.getNode());
            case ENDED -> new Event(at, "ended", event.getEnded().getReason());
            case EVENT_NOT_SET -> new Event(at, "unknown", "of a newer worker");
        };
    }

    /** Returns whether the caller heard all of it. */
    public boolean say(String callId, String text) {
        return asked(() -> !calls(LIMIT_SECONDS)
                .say(SayRequest.newBuilder().setCallId(callId).setText(text).build())
                .getInterrupted());
    }

    public Transfer transfer(String callId, String to) {
        return asked(() -> {
            TransferResponse how = calls(LIMIT_SECONDS)
                    .transfer(TransferRequest.newBuilder()
                            .setCallId(callId)
                            .setTo(to)
                            .build());
            return new Transfer(how.getOutcome().name().toLowerCase(Locale.ROOT), how.getMessage());
        });
    }

    public void hangUp(String callId) {
        var _ = asked(() -> calls(LIMIT_SECONDS)
                .hangUp(HangUpRequest.newBuilder().setCallId(callId).build()));
    }

    /**
     * Telephones somebody; returns the call's id.
     *
     * @param flow empty: the worker's default
     */
    public String dial(
            String to, String from, String flow, Map<String, String> metadata, Map<String, String> variables) {
        return asked(() -> calls(LIMIT_SECONDS)
                .dial(DialRequest.newBuilder()
                        .setTo(to)
                        .setFrom(from)
                        .setBeginning(Beginning.newBuilder()
                                .setFlow(flow)
                                .putAllMetadata(metadata)
                                .putAllVariables(variables))
                        .build())
                .getCallId());
    }

    public Worker status() {
        return asked(() -> worker(worker().status(StatusRequest.getDefaultInstance())));
    }

    public Worker drain() {
        return asked(() -> worker(worker().drain(DrainRequest.getDefaultInstance())));
    }

    public Worker undrain() {
        return asked(() -> worker(worker().undrain(UndrainRequest.getDefaultInstance())));
    }

    private static Worker worker(WorkerStatus status) {
        return new Worker(
                status.getVersion(),
                time(status.getStartedAt()),
                status.getDraining(),
                status.getCalls(),
                status.getMaxCalls(),
                status.getLoad(),
                status.getTextSessions(),
                status.getNotReadyList());
    }

    private CallsGrpc.CallsBlockingStub calls(long seconds) {
        return CallsGrpc.newBlockingStub(authorized).withDeadlineAfter(seconds, TimeUnit.SECONDS);
    }

    private WorkerControlGrpc.WorkerControlBlockingStub worker() {
        return WorkerControlGrpc.newBlockingStub(authorized).withDeadlineAfter(LIMIT_SECONDS, TimeUnit.SECONDS);
    }

    private static <T> T asked(Supplier<T> question) {
        try {
            return question.get();
        } catch (StatusRuntimeException e) {
            throw ControlException.of(e);
        }
    }

    private static Instant time(com.google.protobuf.Timestamp time) {
        return Instant.ofEpochSecond(time.getSeconds(), time.getNanos());
    }

    @Override
    public void close() {
        channel.shutdownNow();
    }
}
