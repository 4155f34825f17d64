package dev.recaller.flow.http;

import dev.recaller.flow.http.Attempt.Ended;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;
import okhttp3.Call;
import okhttp3.Dns;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;

/**
 * Outbound HTTP within a policy. Blocks; safe for use by many threads at once. Logs nothing. Follows no redirect and uses
 * no proxy of the system.
 *
 * <p>A request is sent again, while retries and time are left, when no connection was made; a repeatable one also
 * when the connection broke or the server answered 429, 502, 503 or 504, after what its {@code Retry-After} asks.
 *
 * <p>OkHttp and not the JDK's client, which offers no way to say which address of a name it connects to.
 */
public final class HttpCalls implements HttpSender, AutoCloseable {

    /** The longest pause before the first repeat; doubles with each, and a random half of it is left out. */
    private static final Duration FIRST_PAUSE = Duration.ofMillis(200);

    private static final Pattern SECONDS = Pattern.compile("[0-9]{1,9}");
    private static final Pattern HEADER_NAME = Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`|~-]+");
    private static final Pattern HEADER_VALUE = Pattern.compile("[\\x20-\\x7e\\t]*");

    /** Lets time pass between two tries. */
    @FunctionalInterface
    interface Pauses {
        void pause(Duration duration) throws InterruptedException;
    }

    private final HttpPolicy policy;
    private final OkHttpClient client;
    private final Pauses pauses;
    private final InstantSource clock;
    private final RandomGenerator random;

    public HttpCalls(HttpPolicy policy) {
        this(policy, Dns.SYSTEM, Thread::sleep, InstantSource.system(), new Random());
    }

    HttpCalls(HttpPolicy policy, Dns names, Pauses pauses, InstantSource clock, RandomGenerator random) {
        this.policy = policy;
        this.pauses = pauses;
        this.clock = clock;
        this.random = random;
        this.client = GuardedSockets.client(policy, names)
                .addNetworkInterceptor(Attempt::watch)
                .build();
    }

    @Override
    public HttpAnswer send(HttpRequest request) throws InterruptedException {
        URI uri = URI.create(request.uri().toASCIIString());
        HttpUrl url = uri.getHost() == null ? null : HttpUrl.parse(uri.toString());
        if (url == null) {
            return new HttpAnswer.Failed("the url is none of http or https with a host");
        }
        Optional<String> refusal = refusal(request, uri, url);
        if (refusal.isPresent()) {
            return new HttpAnswer.Failed(refusal.get());
        }
        Request prepared = prepare(request, url);
        long deadline = System.nanoTime() + request.timeout().toNanos();
        for (int repeats = 0; ; repeats++) {
            Attempt attempt = new Attempt(policy.maxBytes());
            Ended ended = attempt(prepared, attempt, deadline);
            if (repeats == request.retries() || !mayRepeat(request, ended.again())) {
                return ended.answer();
            }
            Duration pause = pause(attempt, repeats);
            if (pause.compareTo(Duration.ofNanos(deadline - System.nanoTime())) >= 0) {
                return ended.answer();
            }
            pauses.pause(pause);
        }
    }

    /** Closes the connections that are kept open. */
    @Override
    public void close() {
        client.connectionPool().evictAll();
    }

    private Optional<String> refusal(HttpRequest request, URI uri, HttpUrl url) {
        if (!policy.allows(url.host())) {
            return Optional.of("requests to " + url.host() + " are not allowed");
        }
        if (!uri.getRawPath().isEmpty() && !url.encodedPath().equals(uri.getRawPath())) {
            return Optional.of("the path of the url to " + url.host() + " has '.' or '..' in it");
        }
        return request.headers().entrySet().stream()
                .filter(header -> !HEADER_NAME.matcher(header.getKey()).matches()
                        || !HEADER_VALUE.matcher(header.getValue()).matches())
                .map(Map.Entry::getKey)
                .findFirst()
                .map(name -> "the header '" + name + "' has a character no header may have");
    }

    private static Request prepare(HttpRequest request, HttpUrl url) {
        byte[] body = request.body() == null ? new byte[0] : request.body().getBytes(StandardCharsets.UTF_8);
        Request.Builder builder = new Request.Builder()
                .url(url)
                .header("User-Agent", "recaller")
                .method(
                        request.method(),
                        HttpRequest.takesNoBody(request.method()) ? null : RequestBody.create(body, null));
        request.headers().forEach(builder::header);
        return builder.build();
    }

    /** On a thread of its own, because a name that is being looked up can neither be interrupted nor timed. */
    private Ended attempt(Request request, Attempt attempt, long deadline) throws InterruptedException {
        Call call =
                client.newCall(request.newBuilder().tag(Attempt.class, attempt).build());
        FutureTask<Ended> task = new FutureTask<>(() -> attempt.execute(call));
        Thread.ofVirtual().name("http").start(task);
        boolean ended = false;
        try {
            Ended result = task.get(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
            ended = true;
            return result;
        } catch (TimeoutException e) {
            return new Ended(new HttpAnswer.TimedOut(), Attempt.Again.NONE);
        } catch (ExecutionException e) {
            Throwable cause = e.getCause(); // not passed on: it may quote the request
            throw new IllegalStateException(
                    "the client failed on " + request.url().host() + (cause == null ? "" : ": " + cause.getClass()));
        } finally {
            if (!ended) {
                call.cancel();
            }
        }
    }

    private static boolean mayRepeat(HttpRequest request, Attempt.Again again) {
        return switch (again) {
            case NONE -> false;
            case IDEMPOTENT -> request.repeatable();
            case ALL -> true;
        };
    }

    private Duration pause(Attempt attempt, int repeats) {
        return attempt.retryAfter().flatMap(this::asked).orElseGet(() -> {
            Duration longest = FIRST_PAUSE.multipliedBy(1L << Math.min(repeats, 10));
            return Duration.ofMillis(random.nextLong(longest.toMillis() / 2, longest.toMillis() + 1));
        });
    }

    /** Seconds, or a date. */
    private Optional<Duration> asked(String retryAfter) {
        if (SECONDS.matcher(retryAfter).matches()) {
            return Optional.of(Duration.ofSeconds(Long.parseLong(retryAfter)));
        }
        try {
            Instant at = DateTimeFormatter.RFC_1123_DATE_TIME.parse(retryAfter, Instant::from);
            Duration left = Duration.between(clock.instant(), at);
            return Optional.of(left.isNegative() ? Duration.ZERO : left);
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }
}
