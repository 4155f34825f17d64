package dev.recaller.livekit.agent;

import com.google.protobuf.InvalidProtocolBufferException;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketClientProtocolHandler;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import livekit.LivekitAgent.JobType;
import livekit.LivekitAgent.RegisterWorkerRequest;
import livekit.LivekitAgent.RegisterWorkerResponse;
import livekit.LivekitAgent.ServerMessage;
import livekit.LivekitAgent.WorkerMessage;
import org.jspecify.annotations.Nullable;

/** One WebSocket to the server: registers, keeps alive, brings messages to the desk. On the event loop. */
final class AgentChannel extends SimpleChannelInboundHandler<WebSocketFrame> implements JobDesk.Wire {
    /** What becomes of it. On the event loop. */
    interface Owner {
        void registered(AgentChannel channel, RegisterWorkerResponse response);

        /** The end, once; the channel is closed. */
        void lost(@Nullable Throwable cause, String reason);
    }

    private static final int MOST_UNANSWERED = 2;

    private final AgentOptions options;
    private final Timings timings;
    private final JobDesk desk;
    private final Owner owner;
    private @Nullable ChannelHandlerContext context;
    private @Nullable Throwable cause;
    private String reason = "the server closed the connection";
    private boolean registered;
    private long openedNs;
    private long pingedNs;
    private int unanswered;

    AgentChannel(AgentOptions options, Timings timings, JobDesk desk, Owner owner) {
        this.options = options;
        this.timings = timings;
        this.desk = desk;
        this.owner = owner;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext added) {
        context = added;
        openedNs = System.nanoTime();
        pingedNs = openedNs;
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ignored, Object event) {
        if (event == WebSocketClientProtocolHandler.ClientHandshakeStateEvent.HANDSHAKE_COMPLETE) {
            send(
                    WorkerMessage.newBuilder()
                            .setRegister(RegisterWorkerRequest.newBuilder()
                                    .setType(JobType.JT_ROOM)
                                    .setAgentName(options.agentName())
                                    .setVersion(options.version()))
                            .build(),
                    () -> {});
        }
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ignored, WebSocketFrame frame)
            throws InvalidProtocolBufferException {
        switch (frame) {
            case BinaryWebSocketFrame binary ->
                received(ServerMessage.parseFrom(ByteBufUtil.getBytes(binary.content())));
            case PongWebSocketFrame _ -> unanswered = 0;
            default -> {} // the server sends nothing else; its pings are answered before they come here
        }
    }

    private void received(ServerMessage message) {
        long nowNs = System.nanoTime();
        switch (message.getMessageCase()) {
            case REGISTER -> {
                registered = true;
                owner.registered(this, message.getRegister());
            }
            case AVAILABILITY -> desk.offered(message.getAvailability().getJob(), nowNs);
            case ASSIGNMENT -> desk.assigned(message.getAssignment());
            case TERMINATION -> desk.terminated(message.getTermination().getJobId());
            case PONG, MESSAGE_NOT_SET -> {}
        }
    }

    @Override
    public void send(WorkerMessage message, Runnable ifLost) {
        if (context == null) {
            throw new IllegalStateException("nothing is sent before the channel is there");
        }
        var _ = context.writeAndFlush(new BinaryWebSocketFrame(Unpooled.wrappedBuffer(message.toByteArray())))
                .addListener(done -> {
                    if (!done.isSuccess()) {
                        ifLost.run();
                    }
                });
    }

    /** Notices a server that does not register us, or does not answer. */
    void tick(long nowNs) {
        if (context == null) {
            return;
        }
        if (!registered) {
            if (nowNs - openedNs > timings.registration().toNanos()) {
                drop("no answer to our registration");
            }
        } else if (nowNs - pingedNs >= timings.ping().toNanos()) {
            if (unanswered == MOST_UNANSWERED) {
                drop("no answer to " + MOST_UNANSWERED + " pings");
            } else {
                pingedNs = nowNs;
                unanswered++;
                var _ = context.writeAndFlush(new PingWebSocketFrame());
            }
        }
    }

    /** Ends in an orderly way, after what was sent before. */
    void close() {
        if (context != null) {
            var _ = context.writeAndFlush(new CloseWebSocketFrame(1000, ""));
            var _ = context.close();
        }
    }

    private void drop(String why) {
        reason = why;
        if (context != null) {
            var _ = context.close();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext failed, Throwable thrown) {
        cause = thrown;
        drop(String.valueOf(thrown.getMessage()));
    }

    @Override
    public void channelInactive(ChannelHandlerContext ignored) {
        owner.lost(cause, reason);
    }
}
