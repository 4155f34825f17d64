package dev.recaller.worker;

import static java.util.function.Function.identity;
import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** What this process has open, as Linux tells it. */
final class OpenFiles {
    private static final Path PROCESS = Path.of("/proc/self");
    private static final String CLASS_PATH = "class path";

    private OpenFiles() {}

    /**
     * How many are open of each kind: {@code pipe}, {@code anon_inode:[eventpoll]}, {@code tcp}, a file's path.
     *
     * @param ports names for connections that have such a port at either end
     */
    static Map<String, Long> byKind(Map<Integer, String> ports) throws IOException {
        Map<String, String> sockets = sockets(ports);
        try (Stream<Path> open = Files.list(PROCESS.resolve("fd"))) {
            return open.map(OpenFiles::target)
                    .filter(target -> !target.isEmpty())
                    .map(target -> sockets.getOrDefault(target, kind(target)))
                    .filter(kind -> !kind.equals(CLASS_PATH))
                    .collect(groupingBy(identity(), TreeMap::new, counting()));
        }
    }

    private static String target(Path open) {
        try {
            return Files.readSymbolicLink(open).toString();
        } catch (IOException e) {
            // closed in between, as is the folder's own
            return "";
        }
    }

    /** Java opens the parts of its class path when it first needs them. */
    private static String kind(String target) {
        return target.endsWith(".jar") ? CLASS_PATH : target.replaceFirst("^(pipe|socket):.*|^/proc/.*", "$1");
    }

    private static Map<String, String> sockets(Map<Integer, String> ports) throws IOException {
        var kinds = new HashMap<String, String>();
        for (String protocol : new String[] {"tcp", "tcp6", "udp", "udp6", "unix"}) {
            boolean unix = protocol.equals("unix");
            for (String line : Files.readAllLines(PROCESS.resolve("net").resolve(protocol))) {
                String[] fields = line.strip().split("\\s+", -1);
                if (fields[0].endsWith(":")) {
                    String inode = fields[unix ? 6 : 9];
                    kinds.put("socket:[" + inode + "]", unix ? protocol : named(protocol, fields[1], fields[2], ports));
                }
            }
        }
        return kinds;
    }

    private static String named(String protocol, String local, String remote, Map<Integer, String> ports) {
        boolean connected = port(remote) != 0;
        return connected ? ports.getOrDefault(port(remote), ports.getOrDefault(port(local), protocol)) : protocol;
    }

    private static int port(String address) {
        return Integer.parseInt(address.substring(address.lastIndexOf(':') + 1), 16);
    }
}
