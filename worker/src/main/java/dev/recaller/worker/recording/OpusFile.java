package dev.recaller.worker.recording;

import dev.recaller.worker.speech.SpeechToText;
import dev.recaller.worker.speech.TextToSpeech;
import io.github.jaredmdobson.concentus.OpusApplication;
import io.github.jaredmdobson.concentus.OpusEncoder;
import io.github.jaredmdobson.concentus.OpusException;
import io.github.jaredmdobson.concentus.OpusSignal;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A stereo Ogg Opus file (RFC 7845), the caller left and the agent right. Each side is a stream of its own, so that nothing of
 * one is heard in the other, as it is where a codec couples stereo. A page a second: what was written when a process dies is
 * a whole file. Not thread safe.
 */
final class OpusFile {

    /** Samples in 20 ms. */
    static final int CALLER_FRAME = SpeechToText.RATE / 50;

    static final int AGENT_FRAME = TextToSpeech.RATE / 50;

    /** Of each side while it speaks, and a wide band's worth. */
    private static final int BIT_RATE = 20_000;
    /** Of 10: 1.3 % of a core for both sides, with the best 3.5 % ({@code BenchmarkOpusFile}), and no difference to hear in speech. */
    private static final int COMPLEXITY = 2;

    private static final int OPUS_RATE = 48_000;
    private static final int FRAME_AT_48K = OPUS_RATE / 50;
    private static final int FRAMES_A_PAGE = 50;
    private static final int LONGEST_PACKET = 1_276;
    private static final int FRAMES_TO_REST = 10;

    private final OggPages pages;
    private final Side caller;
    private final Side agent;
    private final int preSkip;
    private final byte[] packet = new byte[2 * LONGEST_PACKET + 2];
    private long frames;
    private int framesInPage;

    /** @param out written to a page at a time, and not closed */
    OpusFile(OutputStream out) throws IOException {
        pages = new OggPages(out, ThreadLocalRandom.current().nextInt());
        caller = new Side(SpeechToText.RATE);
        agent = new Side(TextToSpeech.RATE);
        preSkip = caller.encoder.getLookahead() * (OPUS_RATE / SpeechToText.RATE);
        header();
    }

    /**
     * The next 20 ms of both.
     *
     * @param callers {@value #CALLER_FRAME} samples, 16 kHz
     * @param agents {@value #AGENT_FRAME} samples, 24 kHz
     */
    void write(short[] callers, short[] agents) throws IOException {
        if (framesInPage == FRAMES_A_PAGE || pages.full(packet.length)) {
            page(frames * FRAME_AT_48K, false);
        }
        int length = delimited(caller.encoded, caller.encode(callers));
        int second = agent.encode(agents);
        System.arraycopy(agent.encoded, 0, packet, length, second);
        pages.add(packet, length + second);
        frames++;
        framesInPage++;
    }

    /** Writes the last page. The encoders are one frame behind, which this makes up for. */
    void finish() throws IOException {
        long granule = preSkip + frames * FRAME_AT_48K;
        write(new short[CALLER_FRAME], new short[AGENT_FRAME]);
        page(granule, true);
    }

    long millis() {
        return frames * 20;
    }

    private void page(long granule, boolean last) throws IOException {
        pages.write(granule, last);
        framesInPage = 0;
    }

    private void header() throws IOException {
        var head = ByteBuffer.allocate(23).order(ByteOrder.LITTLE_ENDIAN);
        head.put(ascii("OpusHead")).put((byte) 1).put((byte) 2);
        head.putShort((short) preSkip).putInt(SpeechToText.RATE).putShort((short) 0);
        // channel order of Vorbis: two streams, none of them stereo; left is the first, right the second
        head.put((byte) 1).put((byte) 2).put((byte) 0).put((byte) 0).put((byte) 1);
        pages.add(head.array(), head.position());
        pages.write(0, false);
        byte[] vendor = ascii("Recaller");
        var tags = ByteBuffer.allocate(16 + vendor.length).order(ByteOrder.LITTLE_ENDIAN);
        tags.put(ascii("OpusTags")).putInt(vendor.length).put(vendor).putInt(0);
        pages.add(tags.array(), tags.position());
        pages.write(0, false);
    }

    /** Into {@link #packet}: all but the last stream say how long they are (RFC 6716, appendix B). */
    private int delimited(byte[] encoded, int length) {
        if ((encoded[0] & 3) != 0) {
            throw new IllegalStateException("a packet of 20 ms holds more than one frame");
        }
        int data = length - 1;
        int at = 0;
        packet[at++] = encoded[0];
        if (data < 252) {
            packet[at++] = (byte) data;
        } else {
            int first = 252 + (data & 3);
            packet[at++] = (byte) first;
            packet[at++] = (byte) ((data - first) >> 2);
        }
        System.arraycopy(encoded, 1, packet, at, data);
        return at + data;
    }

    /** One side's encoder. */
    private static final class Side {
        private final OpusEncoder encoder;
        private final byte[] encoded = new byte[LONGEST_PACKET];
        private int silentFrames;

        Side(int rate) {
            try {
                encoder = new OpusEncoder(rate, 1, OpusApplication.OPUS_APPLICATION_VOIP);
                encoder.setBitrate(BIT_RATE);
                encoder.setComplexity(COMPLEXITY);
                encoder.setSignalType(OpusSignal.OPUS_SIGNAL_VOICE);
                encoder.setUseVBR(true);
                encoder.setUseDTX(false); // it takes tones and music for noise, and leaves them out
            } catch (OpusException e) {
                throw new IllegalStateException("there is no Opus encoder for " + rate + " Hz", e);
            }
        }

        /**
         * Into {@link #encoded}. Silence that goes on is a packet's first byte, which says that nothing was sent and costs
         * nothing; the decoder has come to rest by then.
         */
        int encode(short[] frame) {
            silentFrames = silent(frame) ? silentFrames + 1 : 0;
            if (silentFrames > FRAMES_TO_REST) {
                return 1;
            }
            try {
                return encoder.encode(frame, 0, frame.length, encoded, 0, encoded.length);
            } catch (OpusException e) {
                throw new IllegalStateException("20 ms of speech cannot be encoded", e);
            }
        }

        private static boolean silent(short[] frame) {
            for (short sample : frame) {
                if (sample != 0) {
                    return false;
                }
            }
            return true;
        }
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
