package dev.recaller.memory;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A way to a database that freezes (takes everything, answers nothing) or breaks when told to. */
final class Frozen implements AutoCloseable {

    private final ServerSocket server;
    private final URI target;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final Object gate = new Object();
    private boolean frozen;

    Frozen(String url) throws IOException {
        target = URI.create(url);
        server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::accept);
    }

    String url() {
        return target.toString().replace(":" + target.getPort() + "/", ":" + server.getLocalPort() + "/");
    }

    void freeze(boolean freeze) {
        synchronized (gate) {
            frozen = freeze;
            gate.notifyAll();
        }
    }

    private void accept() {
        try {
            while (true) {
                Socket client = server.accept();
                Socket database = new Socket(target.getHost(), target.getPort());
                sockets.add(client);
                sockets.add(database);
                Thread.ofVirtual().start(() -> copy(client, database));
                Thread.ofVirtual().start(() -> copy(database, client));
            }
        } catch (IOException e) {
            // closed
        }
    }

    private void copy(Socket from, Socket to) {
        try (from;
                to) {
            byte[] bytes = new byte[8192];
            for (int read = from.getInputStream().read(bytes);
                    read >= 0;
                    read = from.getInputStream().read(bytes)) {
                synchronized (gate) {
                    while (frozen) {
                        gate.wait();
                    }
                }
                to.getOutputStream().write(bytes, 0, read);
                to.getOutputStream().flush();
            }
        } catch (IOException | InterruptedException e) {
            // either side left
        }
    }

    @Override
    public void close() throws IOException {
        freeze(false);
        server.close();
        for (Socket socket : sockets) {
            socket.close();
        }
    }
}
