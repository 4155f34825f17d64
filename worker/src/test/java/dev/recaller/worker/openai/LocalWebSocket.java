package dev.recaller.worker.openai;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.BlockingDeque;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The server's side of WebSockets that carry JSON, frame by frame. What is no WebSocket goes to another server. */
abstract class LocalWebSocket implements AutoCloseable {

    static final JsonMapper JSON = new JsonMapper();
    private static final Pattern KEY = Pattern.compile("(?im)^sec-websocket-key: *(\\S+)");

    /** What takes the events of one client. */
    interface Peer {
        void take(JsonNode event) throws IOException, InterruptedException;
    }

    private final ServerSocket server;
    private final @Nullable URI otherwise;
    private final BlockingDeque<Integer> refusals = new LinkedBlockingDeque<>();
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();
    private final List<Socket> webSockets = new CopyOnWriteArrayList<>();

    final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    /** Heads of the requests so far. */
    public final List<String> handshakes = new CopyOnWriteArrayList<>();

    LocalWebSocket(@Nullable URI otherwise) {
        this.otherwise = otherwise;
        try {
            server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        var _ = threads.submit(this::accept);
    }

    abstract Peer connected(Wire wire) throws IOException;

    public URI url() {
        return URI.create("http://127.0.0.1:" + server.getLocalPort() + "/v1");
    }

    public OpenAi client(Duration silence) {
        return new OpenAi(
                url().toString(),
                "sk-very-secret",
                new OpenAi.Limits(Duration.ofSeconds(3), silence, Duration.ofSeconds(30)));
    }

    final void refuseNext(int status) {
        refusals.add(status);
    }

    /** Ends every WebSocket there is. */
    public void cutAll() throws IOException {
        for (Socket socket : webSockets) {
            socket.close();
        }
    }

    private Void accept() throws IOException {
        while (!server.isClosed()) {
            Socket socket = server.accept();
            sockets.add(socket);
            var _ = threads.submit(() -> {
                try (socket) {
                    new Wire(socket).run();
                }
                return null;
            });
        }
        return null;
    }

    final class Wire {
        final Socket socket;
        private final DataInputStream in;
        final OutputStream out;

        Wire(Socket socket) throws IOException {
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
            if (!request.toLowerCase(Locale.ROOT).contains("upgrade: websocket")) {
                passOn(head.toByteArray());
                return;
            }
            webSockets.add(socket);
            handshakes.add(request);
            Integer refusal = refusals.poll();
            if (refusal != null) {
                write("HTTP/1.1 " + refusal + " No\r\nContent-Length: 2\r\n\r\n{}");
                return;
            }
            write("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                    + "Sec-WebSocket-Accept: " + accepted(request) + "\r\n\r\n");
            Peer peer = connected(this);
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
                peer.take(JSON.readTree(payload));
            }
        }

        void send(Map<String, Object> event) throws IOException {
            frame(1, JSON.writeValueAsBytes(event));
        }

        synchronized void frame(int opcode, byte[] payload) throws IOException {
            out.write(0x80 | opcode);
            if (payload.length < 126) {
                out.write(payload.length);
            } else {
                out.write(new byte[] {126, (byte) (payload.length >> 8), (byte) payload.length});
            }
            out.write(payload);
            out.flush();
        }

        private void passOn(byte[] head) throws IOException {
            if (otherwise == null) {
                write("HTTP/1.1 404 No\r\nContent-Length: 2\r\n\r\n{}");
                return;
            }
            try (var other = new Socket(otherwise.getHost(), otherwise.getPort())) {
                sockets.add(other);
                other.getOutputStream().write(head);
                var there = threads.submit(() -> in.transferTo(other.getOutputStream()));
                other.getInputStream().transferTo(out);
                there.cancel(true);
            }
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
            for (Socket socket : sockets) {
                socket.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        threads.shutdownNow();
        threads.close();
    }
}
