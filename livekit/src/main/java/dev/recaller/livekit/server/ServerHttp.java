package dev.recaller.livekit.server;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import com.google.protobuf.util.JsonFormat;
import dev.recaller.livekit.LiveKitException;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Collectors;
import okhttp3.HttpUrl;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;

/**
 * Requests to a LiveKit server: the connections they share, where they go and what is said when they do not arrive.
 *
 * <p>Any thread. Makes no connection before the first request.
 */
final class ServerHttp implements AutoCloseable {
    private static final MediaType PROTOBUF = MediaType.get("application/protobuf");

    private final String url;
    private final OkHttpClient client;

    /**
     * @param url the server's, http, https, ws or wss; a path in it is kept
     * @param limit the longest a request may take, connecting included
     */
    ServerHttp(URI url, Duration limit) {
        this.url = HttpUrl.get(url.toString().replaceFirst("^ws", "http"))
                .toString()
                .replaceFirst("/$", "");
        client = new OkHttpClient.Builder()
                .callTimeout(limit)
                .addInterceptor(chain -> chain.proceed(underOurPath(chain.request())))
                .build();
    }

    /** How a server answered a request of its Twirp protocol. */
    sealed interface Answer {
        record Ok(ByteString body) implements Answer {}

        /**
         * Not done.
         *
         * @param status of HTTP
         * @param code Twirp's, for example {@code not_found}; empty if something else answered than a Twirp service
         * @param meta what the service adds; {@code sip_status_code} and {@code sip_status} if a telephone refused
         */
        record Refused(int status, String code, String message, Map<String, String> meta) implements Answer {}
    }

    String url() {
        return url;
    }

    OkHttpClient client() {
        return client;
    }

    /** Calls a method of a service, for as long as the constructor said. */
    Answer post(String service, String method, String token, MessageLite message) {
        return post(client, service, method, token, message);
    }

    /** As {@link #post(String, String, String, MessageLite)}, but waits longer: somebody has to pick up a telephone. */
    Answer post(String service, String method, String token, MessageLite message, Duration limit) {
        OkHttpClient patient = client.newBuilder()
                .readTimeout(limit)
                .callTimeout(limit)
                .retryOnConnectionFailure(false)
                .build();
        return post(patient, service, method, token, message);
    }

    private Answer post(OkHttpClient by, String service, String method, String token, MessageLite message) {
        var request = new Request.Builder()
                .url(url + "/twirp/" + service + "/" + method)
                .header("Authorization", "Bearer " + token)
                .post(RequestBody.create(message.toByteArray(), PROTOBUF))
                .build();
        try (Response response = by.newCall(request).execute()) {
            return response.isSuccessful()
                    ? new Answer.Ok(ByteString.copyFrom(response.body().bytes()))
                    : refused(response.code(), response.body().string());
        } catch (IOException e) {
            throw LiveKitException.serverUnreachable(url, method, e);
        }
    }

    @Override
    public void close() {
        client.dispatcher().cancelAll();
        client.dispatcher().executorService().shutdown();
        client.connectionPool().evictAll();
    }

    /** The SDK's requests go to the root of the host, whatever path it is given. */
    private Request underOurPath(Request request) {
        String target = request.url().toString();
        return target.startsWith(url + "/")
                ? request
                : request.newBuilder().url(url + request.url().encodedPath()).build();
    }

    private static Answer.Refused refused(int status, String body) {
        var error = Struct.newBuilder();
        try {
            JsonFormat.parser().merge(body, error);
        } catch (InvalidProtocolBufferException e) {
            return new Answer.Refused(status, "", body.strip(), Map.of());
        }
        Map<String, Value> fields = error.getFieldsMap();
        Map<String, String> meta =
                fields
                        .getOrDefault("meta", Value.getDefaultInstance())
                        .getStructValue()
                        .getFieldsMap()
                        .entrySet()
                        .stream()
                        .collect(Collectors.toUnmodifiableMap(
                                Map.Entry::getKey, entry -> entry.getValue().getStringValue()));
        return new Answer.Refused(status, text(fields, "code"), text(fields, "msg"), meta);
    }

    private static String text(Map<String, Value> fields, String name) {
        return fields.getOrDefault(name, Value.getDefaultInstance()).getStringValue();
    }
}
