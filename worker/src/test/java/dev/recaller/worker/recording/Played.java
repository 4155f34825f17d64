package dev.recaller.worker.recording;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.jaredmdobson.concentus.OpusDecoder;
import io.github.jaredmdobson.concentus.OpusException;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A recording as a player has it: both sides at 16 kHz, of as many whole pages as the file has. */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record Played(short[] left, short[] right, boolean ended) {

    private static final int RATE = 16_000;
    private static final int OF_48K = 3;

    public static Played of(byte[] file) throws OpusException {
        List<byte[]> packets = new ArrayList<>();
        var packet = new ByteArrayOutputStream();
        long granule = 0;
        boolean ended = false;
        int at = 0;
        int sequence = 0;
        while (at + 27 <= file.length) {
            var page = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
            assertThat(new String(file, at, 4, StandardCharsets.US_ASCII)).isEqualTo("OggS");
            int segments = file[at + 26] & 0xff;
            int body = at + 27 + segments;
            int end = body;
            for (int i = 0; i < segments && at + 27 + i < file.length; i++) {
                end += file[at + 27 + i] & 0xff;
            }
            if (end > file.length) {
                break;
            }
            assertThat(checksum(file, at, end))
                    .as("checksum of page %s", sequence)
                    .isEqualTo(page.getInt(at + 22));
            assertThat(page.getInt(at + 18)).isEqualTo(sequence++);
            granule = page.getLong(at + 6);
            ended = (file[at + 5] & 4) != 0;
            for (int i = 0; i < segments; i++) {
                int length = file[at + 27 + i] & 0xff;
                packet.write(file, body, length);
                body += length;
                if (length < 255) {
                    packets.add(packet.toByteArray());
                    packet.reset();
                }
            }
            at = end;
        }
        return decoded(packets, granule, ended);
    }

    private static Played decoded(List<byte[]> packets, long granule, boolean ended) throws OpusException {
        var head = ByteBuffer.wrap(packets.getFirst()).order(ByteOrder.LITTLE_ENDIAN);
        assertThat(new String(packets.getFirst(), 0, 8, StandardCharsets.US_ASCII))
                .isEqualTo("OpusHead");
        assertThat(packets.get(1)).startsWith("OpusTags".getBytes(StandardCharsets.US_ASCII));
        assertThat(head.get(9)).as("channels").isEqualTo((byte) 2);
        int preSkip = head.getShort(10) / OF_48K;
        var left = new Side();
        var right = new Side();
        for (byte[] packet : packets.subList(2, packets.size())) {
            int length = packet[1] & 0xff;
            int data = 2;
            if (length >= 252) {
                length += 4 * (packet[2] & 0xff);
                data = 3;
            }
            byte[] first = new byte[1 + length];
            first[0] = packet[0];
            System.arraycopy(packet, data, first, 1, length);
            left.add(first);
            right.add(Arrays.copyOfRange(packet, data + length, packet.length));
        }
        int samples = (int) (granule / OF_48K);
        return new Played(left.from(preSkip, samples), right.from(preSkip, samples), ended);
    }

    int millis() {
        return left.length * 1000 / RATE;
    }

    private static final class Side {
        private final OpusDecoder decoder;
        private short[] samples = new short[RATE];
        private int length;

        Side() throws OpusException {
            decoder = new OpusDecoder(OF_48K * RATE, 1);
        }

        void add(byte[] packet) throws OpusException {
            if (length + RATE > samples.length) {
                samples = Arrays.copyOf(samples, 2 * samples.length + RATE);
            }
            // At the rate of the codec: this decoder is silent at lower ones when the packets have more than they can
            // hold.
            var whole = new short[OF_48K * RATE / 50];
            int decoded = decoder.decode(packet, 0, packet.length, whole, 0, whole.length, false);
            for (int i = 0; i < decoded / OF_48K; i++) {
                samples[length++] =
                        (short) ((whole[OF_48K * i] + whole[OF_48K * i + 1] + whole[OF_48K * i + 2]) / OF_48K);
            }
        }

        short[] from(int first, int end) {
            assertThat(length).as("what the last page promises is there").isGreaterThanOrEqualTo(end);
            return Arrays.copyOfRange(samples, first, Math.max(first, end));
        }
    }

    /** Bit by bit, as RFC 3533 describes it. */
    private static int checksum(byte[] file, int from, int to) {
        int crc = 0;
        for (int i = from; i < to; i++) {
            int next = i >= from + 22 && i < from + 26 ? 0 : file[i] & 0xff;
            crc ^= next << 24;
            for (int bit = 0; bit < 8; bit++) {
                crc = (crc << 1) ^ (crc < 0 ? 0x04c11db7 : 0);
            }
        }
        return crc;
    }
}
