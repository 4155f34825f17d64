package dev.recaller.worker.telemetry;

import static io.netty.handler.codec.http.HttpResponseStatus.INTERNAL_SERVER_ERROR;
import static io.netty.handler.codec.http.HttpResponseStatus.METHOD_NOT_ALLOWED;
import static io.netty.handler.codec.http.HttpResponseStatus.NOT_FOUND;
import static io.netty.handler.codec.http.HttpResponseStatus.OK;
import static io.netty.handler.codec.http.HttpResponseStatus.SERVICE_UNAVAILABLE;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.netty.handler.timeout.ReadTimeoutHandler;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.json.JsonMapper;

/** {@code /metrics}, {@code /health} and {@code /ready}, for machines inside the same network. */
public final class HttpServer implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(HttpServer.class);
    private static final JsonMapper JSON = new JsonMapper();
    private static final String JSON_TYPE = "application/json";
    private static final int IDLE_SECONDS = 60;

    private final Meters meters;
    private final Health health;
    private final EventLoopGroup threads = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final Channel channel;

    private HttpServer(InetSocketAddress address, Meters meters, Health health) throws IOException {
        this.meters = meters;
        this.health = health;
        var bound = new ServerBootstrap()
                .group(threads)
                .channel(NioServerSocketChannel.class)
                .childHandler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel connection) {
                        connection
                                .pipeline()
                                .addLast(
                                        new ReadTimeoutHandler(IDLE_SECONDS),
                                        new HttpServerCodec(),
                                        new HttpObjectAggregator(8192),
                                        new Requests());
                    }
                })
                .bind(address)
                .awaitUninterruptibly();
        channel = bound.channel();
        if (!bound.isSuccess()) {
            threads.shutdownGracefully(0, 0, TimeUnit.MILLISECONDS).awaitUninterruptibly();
            throw new IOException(
                    "cannot listen on " + address + ": " + bound.cause().getMessage(), bound.cause());
        }
    }

    /**
     * Listens; port 0 takes any free one.
     *
     * @throws IOException when the address is taken or not ours
     */
    public static HttpServer start(InetSocketAddress address, Meters meters, Health health) throws IOException {
        return new HttpServer(address, meters, health);
    }

    public int port() {
        return ((InetSocketAddress) channel.localAddress()).getPort();
    }

    @Override
    public void close() {
        channel.close().awaitUninterruptibly();
        threads.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(2, TimeUnit.SECONDS);
    }

    private final class Requests extends SimpleChannelInboundHandler<FullHttpRequest> {

        @Override
        protected void channelRead0(ChannelHandlerContext context, FullHttpRequest request) {
            String path = new QueryStringDecoder(request.uri()).path();
            HttpMethod method = request.method();
            boolean keepAlive = HttpUtil.isKeepAlive(request);
            // Away from the event loop: readiness asks the database.
            Thread.ofVirtual().name("http").start(() -> send(context, answer(method, path), method, keepAlive));
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            var _ = context.close(); // the client went away, or sent no HTTP
        }
    }

    private FullHttpResponse answer(HttpMethod method, String path) {
        if (!List.of("/metrics", "/health", "/ready").contains(path)) {
            return text(NOT_FOUND, "there are /metrics, /health and /ready\n");
        }
        if (!HttpMethod.GET.equals(method) && !HttpMethod.HEAD.equals(method)) {
            FullHttpResponse refused = text(METHOD_NOT_ALLOWED, "only GET and HEAD\n");
            refused.headers().set(HttpHeaderNames.ALLOW, "GET, HEAD");
            return refused;
        }
        try {
            return switch (path) {
                case "/metrics" -> response(OK, "text/plain; version=0.0.4; charset=utf-8", meters.scrape());
                case "/health" ->
                    health.alive()
                            ? response(OK, JSON_TYPE, "{\"alive\":true}\n")
                            : response(SERVICE_UNAVAILABLE, JSON_TYPE, "{\"alive\":false}\n");
                default -> ready(health.notReady(), health.failing());
            };
        } catch (RuntimeException e) {
            LOG.error("{} failed", path, e);
            return text(INTERNAL_SERVER_ERROR, "failed, see the log\n");
        }
    }

    private static FullHttpResponse ready(List<String> reasons, List<String> failing) {
        record Ready(boolean ready, List<String> reasons, List<String> failing) {}
        return response(
                reasons.isEmpty() ? OK : SERVICE_UNAVAILABLE,
                JSON_TYPE,
                JSON.writeValueAsString(new Ready(reasons.isEmpty(), reasons, failing)) + "\n");
    }

    private static FullHttpResponse text(HttpResponseStatus status, String body) {
        return response(status, "text/plain; charset=utf-8", body);
    }

    private static FullHttpResponse response(HttpResponseStatus status, String type, String body) {
        FullHttpResponse response = new DefaultFullHttpResponse(
                HttpVersion.HTTP_1_1, status, Unpooled.copiedBuffer(body, StandardCharsets.UTF_8));
        response.headers()
                .set(HttpHeaderNames.CONTENT_TYPE, type)
                .set(HttpHeaderNames.CONTENT_LENGTH, response.content().readableBytes());
        return response;
    }

    private static void send(
            ChannelHandlerContext context, FullHttpResponse response, HttpMethod method, boolean keepAlive) {
        if (HttpMethod.HEAD.equals(method)) {
            response.content().clear(); // its length stays in the header
        }
        HttpUtil.setKeepAlive(response, keepAlive);
        var sent = context.writeAndFlush(response);
        if (!keepAlive) {
            sent.addListener(ChannelFutureListener.CLOSE);
        }
    }
}
