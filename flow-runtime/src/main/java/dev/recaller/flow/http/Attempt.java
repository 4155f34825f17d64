package dev.recaller.flow.http;

import java.io.IOException;
import java.net.UnknownHostException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import javax.net.ssl.SSLException;
import okhttp3.Call;
import okhttp3.Interceptor;
import okhttp3.MediaType;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/** Sending a request once: how far it came, which decides whether it may be sent again. */
final class Attempt {

    /** Which requests may be sent again after this. */
    enum Again {
        NONE,
        IDEMPOTENT,
        ALL
    }

    record Ended(HttpAnswer answer, Again again) {}

    private final int maxBytes;
    private volatile boolean connected;
    private volatile @Nullable String retryAfter;

    Attempt(int maxBytes) {
        this.maxBytes = maxBytes;
    }

    /** Runs between a connection and the request on it. */
    static Response watch(Interceptor.Chain chain) throws IOException {
        Attempt attempt = chain.request().tag(Attempt.class);
        if (attempt == null) {
            throw new IllegalStateException("no attempt");
        }
        attempt.connected = true;
        Response response = chain.proceed(chain.request());
        attempt.retryAfter = response.header("Retry-After");
        return response;
    }

    Optional<String> retryAfter() {
        return Optional.ofNullable(retryAfter);
    }

    Ended execute(Call call) {
        String host = call.request().url().host();
        try (Response response = call.execute()) {
            byte[] body = response.body().byteStream().readNBytes(maxBytes + 1);
            if (body.length > maxBytes) {
                return new Ended(
                        new HttpAnswer.Failed("the answer of " + host + " is larger than " + maxBytes + " bytes"),
                        Again.NONE);
            }
            return new Ended(
                    new HttpAnswer.Answered(response.code(), new String(body, charset(response))),
                    again(response.code()));
        } catch (IOException e) {
            return failed(host, e);
        }
    }

    private static Again again(int status) {
        return switch (status) {
            case 429, 502, 503, 504 -> Again.IDEMPOTENT;
            default -> Again.NONE;
        };
    }

    private Ended failed(String host, IOException e) {
        if (AddressRefusedException.isIn(e)) {
            return failed(host + " is at an address that is not public, which the policy does not allow", Again.NONE);
        }
        if (e instanceof SSLException && !connected) {
            return failed("no trusted connection to " + host + ": its certificate or TLS was refused", Again.NONE);
        }
        if (connected) {
            return failed("the connection to " + host + " broke before the answer was complete", Again.IDEMPOTENT);
        }
        return failed(
                e instanceof UnknownHostException ? "no host is called " + host : "cannot connect to " + host,
                Again.ALL);
    }

    private static Ended failed(String what, Again again) {
        return new Ended(new HttpAnswer.Failed(what), again);
    }

    private static Charset charset(Response response) {
        MediaType type = response.body().contentType();
        Charset named = type == null ? null : type.charset(StandardCharsets.UTF_8);
        return named == null ? StandardCharsets.UTF_8 : named;
    }
}
