package dev.recaller.worker.recording;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpResponse.BodySubscribers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.http.ContentStreamProvider;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;
import software.amazon.awssdk.identity.spi.AwsSessionCredentialsIdentity;

/**
 * A bucket: three kinds of requests, signed by AWS's own signer (its SDK would be ten times as much) and sent by Java's HTTP
 * client. The signature covers the file's hash, so what arrives is what was sent. Buckets are named in the path, as every
 * storage that speaks S3 understands it.
 */
final class S3Storage implements Storage {

    private static final Duration CONNECT_LIMIT = Duration.ofSeconds(10);
    /** For the longest call, over a line that is slow. */
    private static final Duration REQUEST_LIMIT = Duration.ofMinutes(5);

    private static final Set<String> SET_BY_CLIENT = Set.of("host", "content-length", "expect", "connection");
    private static final Pattern CODE = Pattern.compile("<Code>([A-Za-z0-9]{1,64})</Code>");
    private static final int NOT_FOUND = 404;

    private final Place.Bucket place;
    private final AwsCredentialsIdentity keys;
    private final AwsV4HttpSigner signer = AwsV4HttpSigner.create();
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(CONNECT_LIMIT).build();

    S3Storage(Place.Bucket place) {
        this.place = place;
        var given = place.keys();
        keys = given.token() == null
                ? AwsCredentialsIdentity.create(given.id(), given.secret())
                : AwsSessionCredentialsIdentity.create(given.id(), given.secret(), given.token());
    }

    @Override
    public String name() {
        return "s3://" + place.bucket();
    }

    @Override
    public void put(String object, Path file) throws IOException, InterruptedException {
        HttpResponse<String> answer =
                send(SdkHttpMethod.PUT, object, file, BodyPublishers.ofFile(file), BodyHandlers.ofString());
        refuse(answer.statusCode(), answer.body(), "keep", object);
    }

    @Override
    public boolean get(String object, Path file) throws IOException, InterruptedException {
        BodyHandler<String> toFile = response -> response.statusCode() == 200
                ? BodySubscribers.mapping(
                        BodySubscribers.ofFile(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), _ -> "")
                : BodySubscribers.ofString(java.nio.charset.StandardCharsets.UTF_8);
        HttpResponse<String> answer = send(SdkHttpMethod.GET, object, null, BodyPublishers.noBody(), toFile);
        if (answer.statusCode() == NOT_FOUND && !answer.body().contains("NoSuchBucket")) {
            return false;
        }
        refuse(answer.statusCode(), answer.body(), "get", object);
        return true;
    }

    @Override
    public void delete(String object) throws IOException, InterruptedException {
        HttpResponse<String> answer =
                send(SdkHttpMethod.DELETE, object, null, BodyPublishers.noBody(), BodyHandlers.ofString());
        if (answer.statusCode() != NOT_FOUND || answer.body().contains("NoSuchBucket")) {
            refuse(answer.statusCode(), answer.body(), "delete", object);
        }
    }

    private <T> HttpResponse<T> send(
            SdkHttpMethod method, String object, @Nullable Path payload, BodyPublisher body, BodyHandler<T> handler)
            throws IOException, InterruptedException {
        String path = "/" + place.bucket() + "/" + place.prefix() + object;
        var unsigned = SdkHttpRequest.builder()
                .method(method)
                .protocol(place.endpoint().getScheme())
                .host(place.endpoint().getHost())
                .encodedPath(escaped(path));
        if (place.endpoint().getPort() >= 0) {
            unsigned.port(place.endpoint().getPort());
        }
        var signed = signer.sign(request -> {
            request.identity(keys)
                    .request(unsigned.build())
                    .putProperty(AwsV4HttpSigner.SERVICE_SIGNING_NAME, "s3")
                    .putProperty(AwsV4HttpSigner.REGION_NAME, place.region())
                    .putProperty(AwsV4HttpSigner.DOUBLE_URL_ENCODE, false)
                    .putProperty(AwsV4HttpSigner.NORMALIZE_PATH, false);
            if (payload != null) {
                request.payload(content(payload));
            }
        });
        var request = HttpRequest.newBuilder(signed.request().getUri())
                .timeout(REQUEST_LIMIT)
                .method(method.name(), body);
        signed.request().headers().forEach((name, values) -> {
            if (!SET_BY_CLIENT.contains(name.toLowerCase(Locale.ROOT))) {
                values.forEach(value -> request.header(name, value));
            }
        });
        return http.send(request.build(), handler);
    }

    private static ContentStreamProvider content(Path file) {
        return ContentStreamProvider.fromInputStreamSupplier(() -> {
            try {
                return Files.newInputStream(file);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    /** Names of ours hold letters, digits, slashes, dashes, dots, and escapes of other characters. */
    private static String escaped(String path) {
        return path.replace("%", "%25");
    }

    /** What the storage says may name keys: only its code is shown. */
    private void refuse(int status, String body, String what, String object) throws IOException {
        if (status / 100 != 2) {
            Matcher code = CODE.matcher(body);
            String named = code.find() ? " " + code.group(1) : "";
            throw new IOException(
                    place + " does not " + what + " " + object + ": HTTP " + status + named + remedy(status));
        }
    }

    private static String remedy(int status) {
        return switch (status) {
            case 301, 400 -> ". Check AWS_REGION and AWS_ENDPOINT_URL";
            case 403 -> ". Check AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and what they allow";
            case NOT_FOUND -> ". Make the bucket, or set RECALLER_RECORDINGS to one that is there";
            default -> "";
        };
    }
}
