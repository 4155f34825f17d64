package dev.recaller.livekit.agent;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.websocketx.WebSocketClientHandshakeException;
import io.netty.handler.codec.http.websocketx.WebSocketClientProtocolConfig;
import io.netty.handler.codec.http.websocketx.WebSocketClientProtocolHandler;
import io.netty.handler.codec.http.websocketx.WebSocketFrameAggregator;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.DoubleSupplier;
import java.util.random.RandomGenerator;
import javax.net.ssl.SSLException;
import livekit.LivekitAgent.RegisterWorkerResponse;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This process as an agent worker of a LiveKit server. It connects, registers and, whatever happens to the server,
 * tries again for ever; jobs that run are not touched by that. Any thread.
 */
public final class AgentConnection implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(AgentConnection.class);
    private static final int MOST_BYTES = 4 << 20;
    private static final int LOG_EVERY = 10;

    private final AgentOptions options;
    private final Timings timings;
    private final EventLoopGroup thread;
    private final JobDesk desk;
    private final @Nullable SslContext tls;
    private final RandomGenerator random = RandomGenerator.getDefault();
    private final LongAdder registrations = new LongAdder();
    private final AtomicBoolean closed = new AtomicBoolean();
    private volatile boolean registered;

    // The rest belongs to the one thread.
    private @Nullable AgentChannel channel;
    private int failures;
    private String lastFailure = "";

    /**
     * Begins to connect.
     *
     * @param load how busy we are, 0 to 1; at 1 the server sends no more offers. Asked often, on the connection's only
     *     thread: it must not block
     */
    public static AgentConnection open(AgentOptions options, DoubleSupplier load, JobListener listener) {
        return open(options, load, listener, Timings.DEFAULT);
    }

    static AgentConnection open(AgentOptions options, DoubleSupplier load, JobListener listener, Timings timings) {
        var connection = new AgentConnection(options, load, listener, timings);
        long tickMs = timings.tick().toMillis();
        connection.thread.execute(connection::connect);
        var _ = connection.thread.scheduleAtFixedRate(connection::tick, tickMs, tickMs, TimeUnit.MILLISECONDS);
        return connection;
    }

    private AgentConnection(AgentOptions options, DoubleSupplier load, JobListener listener, Timings timings) {
        this.options = options;
        this.timings = timings;
        thread = new MultiThreadIoEventLoopGroup(
                1, new DefaultThreadFactory("livekit-agent", true), NioIoHandler.newFactory());
        desk = new JobDesk(options, listener, load, timings, this::execute);
        tls = options.secure() ? newTls() : null;
    }

    /** Whether the server knows us now. */
    public boolean registered() {
        return registered;
    }

    /** Takes no more offers from now on; jobs go on, and can still end. */
    public void drain() {
        execute(() -> desk.drain(System.nanoTime()));
    }

    public AgentStats stats() {
        return new AgentStats(
                desk.accepted.sum(),
                desk.busy.sum(),
                desk.declined.sum(),
                desk.refusedDraining.sum(),
                desk.late.sum(),
                registrations.sum(),
                desk.statusesLost.sum());
    }

    /** Sends what can be sent and ends the connection. Jobs that have not ended are not touched. */
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            thread.execute(() -> {
                if (channel != null) {
                    channel.close();
                }
            });
            var _ = thread.shutdownGracefully(100, 2000, TimeUnit.MILLISECONDS)
                    .awaitUninterruptibly(3, TimeUnit.SECONDS);
        }
    }

    /** After the close there is nobody to tell. */
    private void execute(Runnable task) {
        try {
            thread.execute(task);
        } catch (RejectedExecutionException e) {
            log.debug("Too late, the agent connection is closed", e);
        }
    }

    private void connect() {
        if (closed.get()) {
            return;
        }
        var next = new AgentChannel(options, timings, desk, new AgentChannel.Owner() {
            @Override
            public void registered(AgentChannel registering, RegisterWorkerResponse response) {
                onRegistered(registering, response);
            }

            @Override
            public void lost(@Nullable Throwable cause, String reason) {
                onLost(cause, reason);
            }
        });
        ChannelFuture connecting = new Bootstrap()
                .group(thread)
                .channel(NioSocketChannel.class)
                .option(ChannelOption.TCP_NODELAY, true)
                .option(
                        ChannelOption.CONNECT_TIMEOUT_MILLIS,
                        Math.toIntExact(timings.registration().toMillis()))
                .handler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel socket) {
                        fill(socket, next);
                    }
                })
                .connect(options.url().getHost(), options.port());
        var _ = connecting.addListener(_ -> {
            if (connecting.isSuccess()) {
                channel = next;
            } else {
                onLost(connecting.cause(), String.valueOf(connecting.cause().getMessage()));
            }
        });
    }

    private void fill(SocketChannel socket, AgentChannel next) {
        if (tls != null) {
            socket.pipeline()
                    .addLast(tls.newHandler(socket.alloc(), options.url().getHost(), options.port()));
        }
        var webSocket = WebSocketClientProtocolConfig.newBuilder()
                .webSocketUri(options.agentUrl())
                .customHeaders(new DefaultHttpHeaders()
                        .add(
                                HttpHeaderNames.AUTHORIZATION,
                                "Bearer " + options.key().agentToken()))
                .handshakeTimeoutMillis(timings.registration().toMillis())
                .maxFramePayloadLength(MOST_BYTES)
                .dropPongFrames(false)
                .build();
        socket.pipeline()
                .addLast(new HttpClientCodec())
                .addLast(new HttpObjectAggregator(1 << 16))
                .addLast(new WebSocketClientProtocolHandler(webSocket))
                .addLast(new WebSocketFrameAggregator(MOST_BYTES))
                .addLast(next);
    }

    private void onRegistered(AgentChannel registering, RegisterWorkerResponse response) {
        failures = 0;
        lastFailure = "";
        registrations.increment();
        registered = true;
        log.info(
                "Registered at {} (LiveKit {}) as worker {}, agent name {}",
                options.url(),
                response.getServerInfo().getVersion(),
                response.getWorkerId(),
                options.agentName());
        desk.connected(registering, System.nanoTime());
    }

    private void onLost(@Nullable Throwable cause, String reason) {
        channel = null;
        registered = false;
        desk.disconnected();
        if (closed.get()) {
            return;
        }
        long delayMs = timings.retryDelay(failures, random).toMillis();
        complain(cause, reason);
        failures++;
        var _ = thread.schedule(this::connect, delayMs, TimeUnit.MILLISECONDS);
    }

    /** The same complaint is not repeated each time. */
    private void complain(@Nullable Throwable cause, String reason) {
        String failure = explain(cause, reason);
        if (!failure.equals(lastFailure) || failures % LOG_EVERY == 0) {
            if (cause instanceof WebSocketClientHandshakeException) {
                log.error("{} Trying again.", failure);
            } else {
                log.warn("{} Trying again.", failure);
            }
        }
        lastFailure = failure;
    }

    private String explain(@Nullable Throwable cause, String reason) {
        int status = cause instanceof WebSocketClientHandshakeException refused && refused.response() != null
                ? refused.response().status().code()
                : 0;
        return switch (status) {
            case 401, 403 ->
                "LiveKit at " + options.url() + " refused this worker with status " + status
                        + ": LIVEKIT_API_KEY and LIVEKIT_API_SECRET are not a pair that the server knows.";
            case 404 ->
                "There is no agent endpoint at " + options.agentUrl()
                        + " (status 404): LIVEKIT_URL leads to something else, or to a path that is not LiveKit's.";
            default -> "No connection to LiveKit at " + options.url() + ": " + reason + ".";
        };
    }

    private void tick() {
        long nowNs = System.nanoTime();
        desk.tick(nowNs);
        if (channel != null) {
            channel.tick(nowNs);
        }
    }

    private static SslContext newTls() {
        try {
            return SslContextBuilder.forClient()
                    .sslProvider(SslProvider.JDK)
                    .endpointIdentificationAlgorithm("HTTPS")
                    .build();
        } catch (SSLException e) {
            throw new IllegalStateException("this JDK has no TLS", e);
        }
    }
}
