package dev.recaller.livekit.testing;

import com.google.protobuf.ByteString;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * An HTTP/1.1 server on loopback before another one. Some requests it answers itself; all others, WebSockets among them,
 * go through to the other.
 */
final class FrontDoor implements AutoCloseable {
    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

    private final URI behind;
    private final Function<Request, Optional<Response>> own;
    private final ServerSocket listening;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();

    /** @param own empty for what the server behind shall answer */
    FrontDoor(URI behind, Function<Request, Optional<Response>> own) {
        this.behind = behind;
        this.own = own;
        try {
            listening = new ServerSocket(0, 100, LOOPBACK);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread.startVirtualThread(this::accept);
    }

    /** @param authorization the header, or empty */
    record Request(String path, String authorization, ByteString body) {}

    record Response(int status, String contentType, ByteString body) {}

    int port() {
        return listening.getLocalPort();
    }

    @Override
    public void close() {
        close(listening);
        open.forEach(FrontDoor::close);
    }

    private void accept() {
        try {
            while (true) {
                Socket caller = listening.accept();
                open.add(caller);
                Thread.startVirtualThread(() -> {
                    try (caller) {
                        serve(caller);
                    } catch (IOException e) {
                        // one side went away
                    } finally {
                        open.remove(caller);
                    }
                });
            }
        } catch (IOException e) {
            // closed
        }
    }

    private void serve(Socket caller) throws IOException {
        var in = new BufferedInputStream(caller.getInputStream());
        OutputStream out = caller.getOutputStream();
        String head = head(in);
        while (!head.isEmpty()) {
            String path = head.split(" ", 3)[1];
            var headers = new TreeMap<String, String>(String.CASE_INSENSITIVE_ORDER);
            head.lines()
                    .skip(1)
                    .filter(line -> line.contains(":"))
                    .forEach(line -> headers.put(
                            line.substring(0, line.indexOf(':')).strip(),
                            line.substring(line.indexOf(':') + 1).strip()));
            if (headers.containsKey("Upgrade")) {
                passOn(head, ByteString.EMPTY, in, out, true);
                return;
            }
            ByteString body =
                    ByteString.copyFrom(in.readNBytes(Integer.parseInt(headers.getOrDefault("Content-Length", "0"))));
            Optional<Response> answer = own.apply(new Request(path, headers.getOrDefault("Authorization", ""), body));
            if (answer.isEmpty()) {
                passOn(head.replaceAll("(?i)\r\nConnection:[^\r]*", ""), body, in, out, false);
                return;
            }
            write(out, answer.get());
            head = head(in);
        }
    }

    /** One request and its answer, after which the connection is over; or all that comes, of a WebSocket. */
    private void passOn(String head, ByteString body, InputStream in, OutputStream out, boolean upgrade)
            throws IOException {
        try (var server = new Socket(LOOPBACK, behind.getPort())) {
            open.add(server);
            OutputStream toServer = server.getOutputStream();
            toServer.write((head + (upgrade ? "" : "\r\nConnection: close") + "\r\n\r\n")
                    .getBytes(StandardCharsets.ISO_8859_1));
            body.writeTo(toServer);
            toServer.flush();
            if (upgrade) {
                Thread.startVirtualThread(() -> {
                    try (server) {
                        in.transferTo(toServer);
                    } catch (IOException e) {
                        // one side went away, which closes the other
                    }
                });
            }
            server.getInputStream().transferTo(out);
        }
    }

    private static void write(OutputStream out, Response answer) throws IOException {
        String head = "HTTP/1.1 " + answer.status() + " \r\nContent-Type: " + answer.contentType()
                + "\r\nContent-Length: " + answer.body().size() + "\r\n\r\n";
        out.write(head.getBytes(StandardCharsets.ISO_8859_1));
        answer.body().writeTo(out);
        out.flush();
    }

    /** The request line and headers, without the empty line; empty at the end of the connection. */
    private static String head(InputStream in) throws IOException {
        var read = new ByteArrayOutputStream();
        int matched = 0;
        while (matched < 4) {
            int next = in.read();
            if (next < 0) {
                return "";
            }
            read.write(next);
            matched = next == (matched % 2 == 0 ? '\r' : '\n') ? matched + 1 : 0;
        }
        return read.toString(StandardCharsets.ISO_8859_1).stripTrailing();
    }

    private static void close(AutoCloseable socket) {
        try {
            socket.close();
        } catch (Exception e) {
            // it is gone either way
        }
    }
}
