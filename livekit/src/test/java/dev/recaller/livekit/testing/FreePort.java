package dev.recaller.livekit.testing;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Ports on loopback for servers of a test. Below those a system hands out by itself, so that nobody takes one by chance
 * before its server has started; never the same twice.
 */
public final class FreePort {
    private static final Set<Integer> GIVEN = ConcurrentHashMap.newKeySet();

    private FreePort() {}

    public static int tcp() {
        return find(port -> new ServerSocket(port, 1, InetAddress.getLoopbackAddress()));
    }

    public static int udp() {
        return find(port -> new DatagramSocket(port, InetAddress.getLoopbackAddress()));
    }

    private interface Probe {
        AutoCloseable open(int port) throws IOException;
    }

    private static int find(Probe probe) {
        while (true) {
            int port = ThreadLocalRandom.current().nextInt(20_000, 32_000);
            try (var _ = probe.open(port)) {
                if (GIVEN.add(port)) {
                    return port;
                }
            } catch (Exception e) {
                // taken: try another
            }
        }
    }
}
