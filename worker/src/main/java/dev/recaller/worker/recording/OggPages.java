package dev.recaller.worker.recording;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Packets in pages of one Ogg stream (RFC 3533). A file that ends after any page is a whole file. Not thread safe.
 */
final class OggPages {

    private static final int BEGIN = 2;
    private static final int END = 4;
    private static final int MOST_SEGMENTS = 255;
    private static final int[] CRC = crcTable();

    private final OutputStream out;
    private final int serial;
    private final ByteArrayOutputStream packets = new ByteArrayOutputStream();
    private final ByteArrayOutputStream segments = new ByteArrayOutputStream();
    private int sequence;

    OggPages(OutputStream out, int serial) {
        this.out = out;
        this.serial = serial;
    }

    /** Whether a packet of this length is to wait for the next page. */
    boolean full(int length) {
        return segments.size() + length / 255 + 1 > MOST_SEGMENTS;
    }

    void add(byte[] packet, int length) {
        packets.write(packet, 0, length);
        for (int left = length; left >= 0; left -= 255) {
            segments.write(Math.min(left, 255));
        }
    }

    /**
     * Writes what was added as a page.
     *
     * @param granule samples at 48 kHz that the stream has at the end of it
     * @param last no other comes
     */
    void write(long granule, boolean last) throws IOException {
        int flags = (sequence == 0 ? BEGIN : 0) | (last ? END : 0);
        var page = ByteBuffer.allocate(27 + segments.size() + packets.size()).order(ByteOrder.LITTLE_ENDIAN);
        page.put((byte) 'O').put((byte) 'g').put((byte) 'g').put((byte) 'S').put((byte) 0);
        page.put((byte) flags)
                .putLong(granule)
                .putInt(serial)
                .putInt(sequence++)
                .putInt(0)
                .put((byte) segments.size());
        page.put(segments.toByteArray()).put(packets.toByteArray());
        page.putInt(22, crc(page.array()));
        segments.reset();
        packets.reset();
        out.write(page.array());
        out.flush();
    }

    /** Polynomial 0x04c11db7, most significant bit first, neither inverted nor reflected. */
    private static int crc(byte[] page) {
        int crc = 0;
        for (byte next : page) {
            crc = (crc << 8) ^ CRC[(crc >>> 24) ^ (next & 0xff)];
        }
        return crc;
    }

    private static int[] crcTable() {
        var table = new int[256];
        for (int i = 0; i < table.length; i++) {
            int remainder = i << 24;
            for (int bit = 0; bit < 8; bit++) {
                remainder = (remainder << 1) ^ (remainder < 0 ? 0x04c11db7 : 0);
            }
            table[i] = remainder;
        }
        return table;
    }
}
