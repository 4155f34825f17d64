package dev.recaller.flow.http;

import java.io.IOException;
import java.net.Authenticator;
import java.net.CookieHandler;
import java.net.ProxySelector;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSession;
import okhttp3.Call;
import okhttp3.Dns;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/**
 * The JDK's client for libraries that know no other, with the connections of {@link GuardedSockets}: the JDK's own offers
 * no way to say which address of a name it connects to. Follows no redirect, sends nothing twice, times only connecting; a
 * request that is not allowed fails with {@link AddressRefusedException}. Safe for use by many threads at once.
 */
public final class GuardedClient extends HttpClient {

    /** What is packed comes in lumps. */
    private static final String EVENT_BY_EVENT = "identity";

    private static final String OKHTTPS = "TLS is OkHttp's affair, with its defaults";

    private final HttpPolicy policy;
    private final OkHttpClient client;

    /** @param connect how long making a connection may take */
    public GuardedClient(HttpPolicy policy, Duration connect) {
        this(policy, connect, Dns.SYSTEM);
    }

    GuardedClient(HttpPolicy policy, Duration connect, Dns names) {
        this.policy = policy;
        this.client =
                GuardedSockets.client(policy, names).connectTimeout(connect).build();
    }

    /** For who insists on building it: what is asked of it changes nothing, and {@code build} is this client. */
    public Builder asBuilder() {
        return new BuiltClient(this);
    }

    @Override
    public <T> HttpResponse<T> send(HttpRequest request, HttpResponse.BodyHandler<T> handler)
            throws IOException, InterruptedException {
        CompletableFuture<HttpResponse<T>> answer = sendAsync(request, handler);
        try {
            return answer.get();
        } catch (ExecutionException e) {
            throw new IOException(e.getCause());
        } finally {
            answer.cancel(true);
        }
    }

    @Override
    public <T> CompletableFuture<HttpResponse<T>> sendAsync(
            HttpRequest request,
            HttpResponse.BodyHandler<T> handler,
            HttpResponse.@Nullable PushPromiseHandler<T> pushed) {
        return sendAsync(request, handler);
    }

    /** Cancelling what is returned ends the request, on a thread of its own all the while. */
    @Override
    public <T> CompletableFuture<HttpResponse<T>> sendAsync(HttpRequest request, HttpResponse.BodyHandler<T> handler) {
        Call call = client.newCall(prepare(request));
        CompletableFuture<HttpResponse<T>> answer = new CompletableFuture<>();
        var _ = answer.whenComplete((_, _) -> {
            if (answer.isCancelled()) {
                call.cancel();
            }
        });
        Thread.ofVirtual().name("http").start(() -> exchange(request, call, handler, answer));
        return answer;
    }

    private <T> void exchange(
            HttpRequest request,
            Call call,
            HttpResponse.BodyHandler<T> handler,
            CompletableFuture<HttpResponse<T>> answer) {
        if (!policy.allows(call.request().url().host())) {
            answer.completeExceptionally(new AddressRefusedException());
            return;
        }
        try (Response response = call.execute()) {
            Head head =
                    new Head(response.code(), HttpHeaders.of(response.headers().toMultimap(), (_, _) -> true));
            HttpResponse.BodySubscriber<T> subscriber = handler.apply(head);
            var _ = subscriber.getBody().whenComplete((body, failure) -> {
                if (failure == null) {
                    answer.complete(new Answer<>(head, request, body));
                } else {
                    answer.completeExceptionally(failure);
                }
            });
            new Feed(call).run(response, subscriber);
        } catch (IOException e) {
            answer.completeExceptionally(AddressRefusedException.isIn(e) ? new AddressRefusedException() : e);
        } catch (RuntimeException e) {
            answer.completeExceptionally(e);
        }
    }

    private static Request prepare(HttpRequest request) {
        Request.Builder prepared = new Request.Builder()
                .url(request.uri().toASCIIString())
                .header("User-Agent", "recaller")
                .header("Accept-Encoding", EVENT_BY_EVENT);
        request.headers().map().forEach((name, values) -> {
            prepared.removeHeader(name);
            values.forEach(value -> prepared.addHeader(name, value));
        });
        byte[] body = request.bodyPublisher().map(GuardedClient::bytes).orElse(null);
        boolean bodyless = request.method().equals("GET") || request.method().equals("HEAD");
        return prepared.method(
                        request.method(), bodyless ? null : RequestBody.create(body == null ? new byte[0] : body, null))
                .build();
    }

    private static byte[] bytes(HttpRequest.BodyPublisher publisher) {
        HttpResponse.BodySubscriber<byte[]> whole = HttpResponse.BodySubscribers.ofByteArray();
        publisher.subscribe(new Flow.Subscriber<>() {
            @Override
            public void onSubscribe(Flow.Subscription subscription) {
                whole.onSubscribe(subscription);
            }

            @Override
            public void onNext(ByteBuffer part) {
                whole.onNext(List.of(part));
            }

            @Override
            public void onError(Throwable failure) {
                whole.onError(failure);
            }

            @Override
            public void onComplete() {
                whole.onComplete();
            }
        });
        return whole.getBody().toCompletableFuture().join();
    }

    private record Head(int statusCode, HttpHeaders headers) implements HttpResponse.ResponseInfo {
        @Override
        public Version version() {
            return Version.HTTP_1_1;
        }
    }

    private record Answer<T>(Head head, HttpRequest request, T body) implements HttpResponse<T> {
        @Override
        public int statusCode() {
            return head.statusCode();
        }

        @Override
        public HttpHeaders headers() {
            return head.headers();
        }

        @Override
        public Optional<HttpResponse<T>> previousResponse() {
            return Optional.empty();
        }

        @Override
        public Optional<SSLSession> sslSession() {
            return Optional.empty();
        }

        @Override
        public URI uri() {
            return request.uri();
        }

        @Override
        public Version version() {
            return head.version();
        }
    }

    @Override
    public Optional<CookieHandler> cookieHandler() {
        return Optional.empty();
    }

    @Override
    public Optional<Duration> connectTimeout() {
        return Optional.of(Duration.ofMillis(client.connectTimeoutMillis()));
    }

    @Override
    public Redirect followRedirects() {
        return Redirect.NEVER;
    }

    @Override
    public Optional<ProxySelector> proxy() {
        return Optional.empty();
    }

    @Override
    public SSLContext sslContext() {
        throw new UnsupportedOperationException(OKHTTPS);
    }

    @Override
    public SSLParameters sslParameters() {
        throw new UnsupportedOperationException(OKHTTPS);
    }

    @Override
    public Optional<Authenticator> authenticator() {
        return Optional.empty();
    }

    @Override
    public Version version() {
        return Version.HTTP_1_1;
    }

    @Override
    public Optional<Executor> executor() {
        return Optional.empty();
    }

    /** Closes the connections that are kept open; requests go on. */
    @Override
    public void close() {
        client.connectionPool().evictAll();
    }
}
