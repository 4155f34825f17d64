package dev.recaller.worker.control;

import com.google.protobuf.Timestamp;
import dev.recaller.worker.control.v1.AwaitAnswerRequest;
import dev.recaller.worker.control.v1.Beginning;
import dev.recaller.worker.control.v1.CallEvent;
import dev.recaller.worker.control.v1.CallsGrpc;
import dev.recaller.worker.control.v1.DialRequest;
import dev.recaller.worker.control.v1.HangUpRequest;
import dev.recaller.worker.control.v1.JoinRequest;
import dev.recaller.worker.control.v1.ListCallsRequest;
import dev.recaller.worker.control.v1.SayRequest;
import dev.recaller.worker.control.v1.TransferRequest;
import dev.recaller.worker.control.v1.TransferResponse;
import dev.recaller.worker.control.v1.Turn.Speaker;
import dev.recaller.worker.control.v1.WatchRequest;
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

    static final long LIMIT_SECONDS = 35;

    /**
     * A call that goes on.
     *
     * @param node empty before the first, and of a call of another worker
     * @param worker null: the one that was asked has it; else the URL of the other's control API, empty where it tells none
     */
    public record Call(
            String id,
            String flowId,
            int flowVersion,
            boolean telephone,
            Instant startedAt,
            boolean answered,
            String node,
            int turns,
            @Nullable String worker) {}

    /**
     * Something that happened in a call.
     *
     * @param kind state, caller, agent, node or ended
     * @param text of a turn, a node's id, a reason; of a state: whether it was answered
     */
    public record Event(Instant at, String kind, String text) {}

    /**
     * How a call that was begun stands.
     *
     * @param state ringing, answered, busy, no_answer, declined or failed
     * @param sipStatus what the telephone network answered; 0: it is not known
     * @param reason of a call that is over, as in {@code calls.end_reason}; else empty
     */
    public record Dialled(String state, int sipStatus, String reason) {

        public boolean answered() {
            return state.equals("answered");
        }
    }

    /** How a transfer ended, in small letters: done, busy, no_answer, failed, caller_gone. */
    public record Transfer(String outcome, String message) {}

    private final ManagedChannel channel;
    private final Channel authorized;

    /** @param authorized the channel, with what says who asks; closed is the channel */
    ControlClient(ManagedChannel channel, Channel authorized) {
        this.channel = channel;
        this.authorized = authorized;
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
        ManagedChannel channel =
                NettyChannelBuilder.forAddress(host, port, credentials).build();
        var headers = new Metadata();
        headers.put(Gate.AUTHORIZATION, "Bearer " + key);
        return new ControlClient(
                channel, ClientInterceptors.intercept(channel, MetadataUtils.newAttachHeadersInterceptor(headers)));
    }

    public MemoriesClient memories() {
        return new MemoriesClient(authorized);
    }

    public FlowsClient flows() {
        return new FlowsClient(authorized);
    }

    public JobsClient jobs() {
        return new JobsClient(authorized);
    }

    public WorkerClient worker() {
        return new WorkerClient(authorized);
    }

    public List<Call> calls() {
        return asked(() -> stub().list(ListCallsRequest.getDefaultInstance()).getCallsList().stream()
                .map(call -> new Call(
                        call.getId(),
                        call.getFlowId(),
                        call.getFlowVersion(),
                        call.getTelephone(),
                        time(call.getStartedAt()),
                        call.hasAnsweredAt(),
                        call.getNode(),
                        call.getTurns(),
                        call.hasElsewhere() ? call.getElsewhere().getWorker() : null))
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
        return asked(() -> !stub().say(
                        SayRequest.newBuilder().setCallId(callId).setText(text).build())
                .getInterrupted());
    }

    public Transfer transfer(String callId, String to) {
        return asked(() -> {
            TransferResponse how = stub().transfer(TransferRequest.newBuilder()
                    .setCallId(callId)
                    .setTo(to)
                    .build());
            return new Transfer(how.getOutcome().name().toLowerCase(Locale.ROOT), how.getMessage());
        });
    }

    public void hangUp(String callId) {
        var _ = asked(
                () -> stub().hangUp(HangUpRequest.newBuilder().setCallId(callId).build()));
    }

    /**
     * Telephones somebody; returns the call's id.
     *
     * @param from one of the trunk's numbers; empty: LiveKit takes one
     * @param trunkId empty: the one there is, or that has the number
     * @param flow empty: the worker's default
     */
    public String dial(
            String to,
            String from,
            String trunkId,
            String flow,
            Map<String, String> metadata,
            Map<String, String> variables) {
        return asked(() -> stub().dial(DialRequest.newBuilder()
                        .setTo(to)
                        .setFrom(from)
                        .setTrunkId(trunkId)
                        .setBeginning(beginning(flow, metadata, variables))
                        .build())
                .getCallId());
    }

    /** Sends the agent to the caller in a room; returns the call's id. {@code flow} as for {@link #dial}. */
    public String join(String room, String flow, Map<String, String> metadata, Map<String, String> variables) {
        return asked(() -> stub().join(JoinRequest.newBuilder()
                        .setRoom(room)
                        .setBeginning(beginning(flow, metadata, variables))
                        .build())
                .getCallId());
    }

    private static Beginning beginning(String flow, Map<String, String> metadata, Map<String, String> variables) {
        return Beginning.newBuilder()
                .setFlow(flow)
                .putAllMetadata(metadata)
                .putAllVariables(variables)
                .build();
    }

    /**
     * Waits for how a call that {@link #dial} began is taken up.
     *
     * @param told each state, the last one too
     * @return the last one
     */
    public Dialled awaitAnswer(String callId, Consumer<Dialled> told) {
        return asked(() -> {
            var last = new Dialled("failed", 0, "");
            Iterator<dev.recaller.worker.control.v1.Dialled> states = CallsGrpc.newBlockingStub(authorized)
                    .awaitAnswer(
                            AwaitAnswerRequest.newBuilder().setCallId(callId).build());
            while (states.hasNext()) {
                var next = states.next();
                last = new Dialled(
                        next.getState().name().toLowerCase(Locale.ROOT), next.getSipStatus(), next.getReason());
                told.accept(last);
            }
            return last;
        });
    }

    private CallsGrpc.CallsBlockingStub stub() {
        return CallsGrpc.newBlockingStub(authorized).withDeadlineAfter(LIMIT_SECONDS, TimeUnit.SECONDS);
    }

    static <T> T asked(Supplier<T> question) {
        try {
            return question.get();
        } catch (StatusRuntimeException e) {
            throw ControlException.of(e);
        }
    }

    private static Instant time(Timestamp time) {
        return MemoryAnswers.time(time);
    }

    @Override
    public void close() {
        channel.shutdownNow();
    }
}
