package dev.recaller.worker;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * As much of OpenAI's HTTP API as one turn asks of it, answered at once and always the same, on 127.0.0.1 for as long as it
 * is open.
 */
final class LoopbackProvider implements AutoCloseable {
    static final String SAID = "What time do you open?";
    static final String ANSWER = "We open at nine.";

    private static final int OK = 200;
    /** Of speech: 0.4 s of PCM, 24 kHz, 16 bits. */
    private static final int SPEECH_BYTES = 24_000 * 2 * 4 / 10;

    private static final short SQUARE = 4_000;

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final AtomicInteger spoken = new AtomicInteger();

    private LoopbackProvider(HttpServer server) {
        this.server = server;
    }

    /** @throws IOException when no port can be had */
    static LoopbackProvider open() throws IOException {
        var http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        var provider = new LoopbackProvider(http);
        byte[] transcript = utf8("{\"text\":\"" + SAID + "\"}");
        byte[] answer = utf8(Stream.concat(words().map(LoopbackProvider::token), Stream.of("data: [DONE]\n\n"))
                .collect(Collectors.joining()));
        byte[] speech = speech();
        http.setExecutor(provider.threads);
        http.createContext("/v1/audio/transcriptions", call -> answer(call, "application/json", transcript));
        http.createContext("/v1/chat/completions", call -> answer(call, "text/event-stream", answer));
        http.createContext("/v1/audio/speech", call -> {
            provider.spoken.incrementAndGet();
            answer(call, "audio/pcm", speech);
        });
        http.start();
        return provider;
    }

    URI url() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/v1");
    }

    /** Texts spoken so far. */
    int spoken() {
        return spoken.get();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
        threads.close();
    }

    private static void answer(HttpExchange call, String type, byte[] body) throws IOException {
        try (call) {
            call.getRequestBody().readAllBytes();
            call.getResponseHeaders().set("Content-Type", type);
            call.sendResponseHeaders(OK, body.length);
            call.getResponseBody().write(body);
        }
    }

    private static Stream<String> words() {
        return List.of(ANSWER.split("(?= )")).stream();
    }

    private static String token(String text) {
        return "data: {\"id\":\"rehearsal\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"rehearsal\",\"choices\":"
                + "[{\"index\":0,\"delta\":{\"content\":\"" + text + "\"},\"finish_reason\":null}]}\n\n";
    }

    /** A rectangle of 150 Hz. */
    private static byte[] speech() {
        byte[] pcm = new byte[SPEECH_BYTES];
        for (int i = 0; i < pcm.length; i += 2) {
            short sample = i / 160 % 2 == 0 ? SQUARE : -SQUARE;
            pcm[i] = (byte) sample;
            pcm[i + 1] = (byte) (sample >> 8);
        }
        return pcm;
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
