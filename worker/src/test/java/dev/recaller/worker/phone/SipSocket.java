package dev.recaller.worker.phone;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/** A UDP port on loopback that SIP messages come to and go from. */
final class SipSocket implements AutoCloseable {
    /** Called by one thread, and no more once the socket is closed. */
    @FunctionalInterface
    interface Listener {
        void came(SipMessage message, InetSocketAddress from);
    }

    private static final int LARGEST = 65_535;

    private final DatagramSocket socket;

    SipSocket() {
        try {
            socket = new DatagramSocket(0, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** {@code 127.0.0.1:port}. */
    String address() {
        return "127.0.0.1:" + socket.getLocalPort();
    }

    int port() {
        return socket.getLocalPort();
    }

    /** @param closed run when no more will come */
    void listen(Listener listener, Runnable closed) {
        Thread.startVirtualThread(() -> receive(listener, closed));
    }

    /** Nobody hears what is sent by a socket that is closed. */
    synchronized void send(SipMessage message, InetSocketAddress to) {
        byte[] bytes = message.bytes();
        try {
            socket.send(new DatagramPacket(bytes, bytes.length, to));
        } catch (IOException e) {
            if (!socket.isClosed()) {
                throw new UncheckedIOException(e);
            }
        }
    }

    boolean isClosed() {
        return socket.isClosed();
    }

    @Override
    public void close() {
        socket.close();
    }

    private void receive(Listener listener, Runnable closed) {
        var packet = new DatagramPacket(new byte[LARGEST], LARGEST);
        try {
            while (true) {
                packet.setLength(LARGEST);
                socket.receive(packet);
                listener.came(SipMessage.parse(packet.getData(), packet.getLength()), (InetSocketAddress)
                        packet.getSocketAddress());
            }
        } catch (IOException e) {
            closed.run();
        }
    }
}
