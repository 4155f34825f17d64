package dev.recaller.flow.http;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.List;

/** Tells addresses of the public internet from all others, after IANA's registries of special-purpose addresses. */
final class PublicAddress {

    /** Addresses that begin with the same bits. */
    private static final class Block {
        private final byte[] prefix;
        private final int bits;

        Block(byte[] prefix, int bits) {
            this.prefix = prefix;
            this.bits = bits;
        }

        boolean holds(byte[] address) {
            for (int bit = 0; bit < bits; bit++) {
                int mask = 0x80 >> (bit % 8);
                if ((address[bit / 8] & mask) != (prefix[bit / 8] & mask)) {
                    return false;
                }
            }
            return true;
        }
    }

    /** https://www.iana.org/assignments/iana-ipv4-special-registry and multicast; all of 192.0.0.0/24 and 192.88.99.0/24. */
    private static final List<Block> SPECIAL_4 = List.of(
            block(8, 0),
            block(8, 10),
            block(10, 100, 64),
            block(8, 127),
            block(16, 169, 254),
            block(12, 172, 16),
            block(24, 192, 0, 0),
            block(24, 192, 0, 2),
            block(24, 192, 88, 99),
            block(16, 192, 168),
            block(15, 198, 18),
            block(24, 198, 51, 100),
            block(24, 203, 0, 113),
            block(4, 224),
            block(4, 240));

    /** Global unicast: outside of it everything is special. */
    private static final Block GLOBAL_6 = block(3, 0x20);

    /** https://www.iana.org/assignments/iana-ipv6-special-registry: all of 2001::/23, documentation, 6bone. */
    private static final List<Block> SPECIAL_6 = List.of(
            block(23, 0x20, 0x01), block(32, 0x20, 0x01, 0x0d, 0xb8), block(20, 0x3f, 0xff), block(16, 0x3f, 0xfe));

    /** 64:ff9b::/96 and 2002::/16 lead to the IPv4 address inside of them. */
    private static final Block NAT64 = block(96, 0x00, 0x64, 0xff, 0x9b);

    private static final Block SIX_TO_FOUR = block(16, 0x20, 0x02);

    private PublicAddress() {}

    static boolean is(InetAddress address) {
        byte[] bytes = address.getAddress();
        return switch (address) {
            case Inet4Address _ -> isPublic4(bytes, 0);
            case Inet6Address _ when NAT64.holds(bytes) -> isPublic4(bytes, 12);
            case Inet6Address _ when SIX_TO_FOUR.holds(bytes) -> isPublic4(bytes, 2);
            case Inet6Address _ -> GLOBAL_6.holds(bytes) && SPECIAL_6.stream().noneMatch(block -> block.holds(bytes));
            default -> false;
        };
    }

    private static boolean isPublic4(byte[] bytes, int from) {
        byte[] address = {bytes[from], bytes[from + 1], bytes[from + 2], bytes[from + 3]};
        return SPECIAL_4.stream().noneMatch(block -> block.holds(address));
    }

    private static Block block(int bits, int... first) {
        byte[] prefix = new byte[16];
        for (int i = 0; i < first.length; i++) {
            prefix[i] = (byte) first[i];
        }
        return new Block(prefix, bits);
    }
}
