package dev.recaller.worker;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/** Stands before a real server on loopback, to be killed, frozen and brought back as that server could be. */
public final class FragileProxy implements AutoCloseable {
    private final URI target;
    private final int port;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final ReentrantReadWriteLock flow = new ReentrantReadWriteLock();
    private volatile ServerSocket listening;

    public FragileProxy(URI target) {
        this.target = target;
        listening = listen(0);
        port = listening.getLocalPort();
    }

    /** The target's URL, by way of this proxy. */
    public URI url() {
        return URI.create(target.toString().replaceFirst(":" + target.getPort(), ":" + port));
    }

    int port() {
        return port;
    }

    int targetPort() {
        return target.getPort();
    }

    /** Connections stay, nothing comes through: what a stopped process looks like. By the thread that thaws it. */
    public void freeze() {
        flow.writeLock().lock();
    }

    public void thaw() {
        flow.writeLock().unlock();
    }

    /** Every connection breaks, no new one is taken: what a killed process looks like. */
    void kill() {
        closeQuietly(listening);
        open.forEach(FragileProxy::closeQuietly);
        open.clear();
    }

    void revive() {
        listening = listen(port);
    }

    @Override
    public void close() {
        kill();
    }

    private ServerSocket listen(int atPort) {
        try {
            var server = new ServerSocket();
            server.setReuseAddress(true);
            server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), atPort));
            Thread.startVirtualThread(() -> accept(server));
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void accept(ServerSocket server) {
        try {
            while (true) {
                Socket near = server.accept();
                Socket far = new Socket(InetAddress.getLoopbackAddress(), target.getPort());
                open.add(near);
                open.add(far);
                Thread.startVirtualThread(() -> copy(near, far));
                Thread.startVirtualThread(() -> copy(far, near));
            }
        } catch (IOException e) {
            // killed
        }
    }

    private void copy(Socket from, Socket to) {
        try (from;
                to;
                InputStream in = from.getInputStream();
                OutputStream out = to.getOutputStream()) {
            var buffer = new byte[8192];
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                flow.readLock().lock();
                try {
                    out.write(buffer, 0, count);
                } finally {
                    flow.readLock().unlock();
                }
            }
        } catch (IOException e) {
            // one side is gone, and so is the other
        } finally {
            open.remove(from);
            open.remove(to);
        }
    }

    private static void closeQuietly(AutoCloseable socket) {
        try {
            socket.close();
        } catch (Exception e) {
            // it is gone, which is what was wanted
        }
    }
}
