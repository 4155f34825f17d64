package dev.recaller.worker.openai;

import dev.recaller.worker.speech.PcmBuffer;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingDeque;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Speaks the server's side of the Realtime API for transcription, frame by frame, and fails as it is told: one answer a
 * commit. Without an answer left it asks the {@link Transcriber}.
 */
public final class RealtimeServer implements AutoCloseable {

    private static final JsonMapper JSON = new JsonMapper();
    private static final Pattern KEY = Pattern.compile("(?im)^sec-websocket-key: *(\\S+)");

    /** What hears committed audio. */
    public interface Transcriber {
        String text(short[] pcm24k) throws InterruptedException;
    }

    private interface Answer {
        void send(Connection connection, String commit, String item) throws IOException;
    }

    private final ServerSocket server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final BlockingDeque<Answer> answers = new LinkedBlockingDeque<>();
    private final BlockingDeque<Integer> refusals = new LinkedBlockingDeque<>();
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();
    private final Transcriber transcriber;

    /** Heads of the requests so far. */
    public final List<String> handshakes = new CopyOnWriteArrayList<>();
    /** The client's events but those that append audio. */
    public final List<JsonNode> events = new CopyOnWriteArrayList<>();
    /** Audio of each commit, 24 kHz. */
    public final List<short[]> commits = new CopyOnWriteArrayList<>();

    public RealtimeServer() {
        this(_ -> {
            throw new AssertionError("a commit for which no answer was told");
        });
    }

    public RealtimeServer(Transcriber transcriber) {
        this.transcriber = transcriber;
        try {
            server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        var _ = threads.submit(this::accept);
    }

    public OpenAi client(Duration silence) {
        return new OpenAi(
                "http://127.0.0.1:" + server.getLocalPort() + "/v1",
                "sk-very-secret",
                new OpenAi.Limits(Duration.ofSeconds(3), silence, Duration.ofSeconds(30)));
    }

    /** The next handshake is answered so. */
    public RealtimeServer refuses(int status) {
        refusals.add(status);
        return this;
    }

    public RealtimeServer hears(String text) {
        answers.add((connection, _, item) -> connection.transcribed(item, text));
        return this;
    }

    /** Takes the commit and says nothing more. */
    public RealtimeServer hangs() {
        answers.add((connection, _, item) -> connection.committed(item));
        return this;
    }

    /** The commit is refused. */
    public RealtimeServer errs(String type, String code) {
        answers.add((connection, commit, _) -> connection.error(type, code, commit));
        return this;
    }

    /** The item cannot be transcribed. */
    public RealtimeServer failsToHear(String code) {
        answers.add((connection, _, item) -> {
            connection.committed(item);
            connection.send(Map.of(
                    "type",
                    "conversation.item.input_audio_transcription.failed",
                    "event_id",
                    "e",
                    "item_id",
                    item,
                    "content_index",
                    0,
                    "error",
                    Map.of("type", "server_error", "code", code, "message", "no")));
        });
        return this;
    }

    /** Drops the connection. */
    public RealtimeServer cuts() {
        answers.add((connection, _, _) -> connection.socket.close());
        return this;
    }

    /** Drops the connection in the middle of a frame. */
    public RealtimeServer cutsAFrame() {
        answers.add((connection, _, _) -> {
            connection.out.write(new byte[] {(byte) 0x81, 100, '{', '"'});
            connection.out.flush();
            connection.socket.close();
        });
        return this;
    }

    public RealtimeServer talksGarbage() {
        answers.add((connection, _, _) -> connection.frame(1, "<html>".getBytes(StandardCharsets.UTF_8)));
        return this;
    }

    /** Ends every connection there is. */
    public void cutAll() throws IOException {
        for (Socket socket : sockets) {
            socket.close();
        }
    }

    private Void accept() throws IOException {
        while (!server.isClosed()) {
            Socket socket = server.accept();
            sockets.add(socket);
            var _ = threads.submit(() -> {
                try (socket) {
                    new Connection(socket).run();
                }
                return null;
            });
        }
        return null;
    }

    private final class Connection {
        final Socket socket;
        final DataInputStream in;
        final OutputStream out;
        private final PcmBuffer audio = new PcmBuffer();
        private int items;

        Connection(Socket socket) throws IOException {
            this.socket = socket;
            in = new DataInputStream(socket.getInputStream());
            out = socket.getOutputStream();
        }

        void run() throws IOException, InterruptedException {
            var head = new ByteArrayOutputStream();
            while (!head.toString(StandardCharsets.US_ASCII).endsWith("\r\n\r\n")) {
                head.write(in.readByte());
            }
            String request = head.toString(StandardCharsets.US_ASCII);
            handshakes.add(request);
            Integer refusal = refusals.poll();
            if (refusal != null) {
                write("HTTP/1.1 " + refusal + " No\r\nContent-Length: 2\r\n\r\n{}");
                return;
            }
            write("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                    + "Sec-WebSocket-Accept: " + accepted(request) + "\r\n\r\n");
            while (true) {
                int opcode = in.readByte() & 15;
                long length = in.readByte() & 127;
                length = length == 126 ? in.readUnsignedShort() : length == 127 ? in.readLong() : length;
                byte[] mask = in.readNBytes(4);
                byte[] payload = in.readNBytes((int) length);
                for (int i = 0; i < payload.length; i++) {
                    payload[i] ^= mask[i % 4];
                }
                if (opcode == 8) {
                    frame(8, payload);
                    return;
                }
                take(JSON.readTree(payload));
            }
        }

        private void take(JsonNode event) throws IOException, InterruptedException {
            switch (event.path("type").asString()) {
                case "input_audio_buffer.append" -> {
                    var bytes = ByteBuffer.wrap(Base64.getDecoder()
                                    .decode(event.path("audio").asString()))
                            .order(ByteOrder.LITTLE_ENDIAN);
                    var pcm = new short[bytes.remaining() / 2];
                    bytes.asShortBuffer().get(pcm);
                    audio.add(pcm);
                }
                case "input_audio_buffer.clear" -> {
                    events.add(event);
                    audio.keepLast(0);
                }
                case "input_audio_buffer.commit" -> {
                    events.add(event);
                    short[] pcm = audio.toArray();
                    audio.keepLast(0);
                    commits.add(pcm);
                    String commit = event.path("event_id").asString();
                    String item = "item-" + ++items;
                    Answer answer = answers.poll();
                    if (pcm.length < 2_400) {
                        error("invalid_request_error", "input_audio_buffer_commit_empty", commit);
                    } else if (answer == null) {
                        transcribed(item, transcriber.text(pcm));
                    } else {
                        answer.send(this, commit, item);
                    }
                }
                default -> events.add(event);
            }
        }

        private void committed(String item) throws IOException {
            send(Map.of("type", "input_audio_buffer.committed", "event_id", "e", "item_id", item));
        }

        private void transcribed(String item, String text) throws IOException {
            committed(item);
            String half = text.substring(0, text.length() / 2);
            send(Map.of(
                    "type",
                    "conversation.item.input_audio_transcription.delta",
                    "event_id",
                    "e",
                    "item_id",
                    item,
                    "content_index",
                    0,
                    "delta",
                    half));
            send(Map.of(
                    "type",
                    "conversation.item.input_audio_transcription.completed",
                    "event_id",
                    "e",
                    "item_id",
                    item,
                    "content_index",
                    0,
                    "transcript",
                    text,
                    "usage",
                    Map.of("type", "duration", "seconds", 1)));
        }

        private void error(String type, String code, String commit) throws IOException {
            send(Map.of(
                    "type",
                    "error",
                    "event_id",
                    "e",
                    "error",
                    Map.of("type", type, "code", code, "message", "no: sk-very-secret", "event_id", commit)));
        }

        private void send(Map<String, Object> event) throws IOException {
            frame(1, JSON.writeValueAsBytes(event));
        }

        private void frame(int opcode, byte[] payload) throws IOException {
            out.write(0x80 | opcode);
            if (payload.length < 126) {
                out.write(payload.length);
            } else {
                out.write(new byte[] {126, (byte) (payload.length >> 8), (byte) payload.length});
            }
            out.write(payload);
            out.flush();
        }

        private void write(String text) throws IOException {
            out.write(text.getBytes(StandardCharsets.US_ASCII));
            out.flush();
        }
    }

    /** RFC 6455, 4.2.2. */
    private static String accepted(String request) {
        var key = KEY.matcher(request);
        if (!key.find()) {
            throw new IllegalArgumentException("no WebSocket handshake: " + request);
        }
        try {
            byte[] hash = MessageDigest.getInstance("SHA-1")
                    .digest((key.group(1) + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11")
                            .getBytes(StandardCharsets.US_ASCII));
            return Base64.getEncoder().encodeToString(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        try {
            server.close();
            cutAll();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        threads.shutdownNow();
        threads.close();
    }
}
