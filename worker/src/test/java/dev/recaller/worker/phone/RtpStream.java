package dev.recaller.worker.phone;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Mu-law both ways in packets of 20 ms (RFC 3550), silence between the words, keys as RFC 4733 has them. */
final class RtpStream implements AutoCloseable {
    private static final int FRAME = Band.RATE / 50;
    private static final long FRAME_NANOS = 20_000_000;
    private static final int HEADER = 12;
    private static final int MARKER = 0x80;
    /** Packets of a key: 100 ms, the end said three times. */
    private static final int KEY_PACKETS = 7;

    private static final int KEY_GROWS = 5;
    /** Packets between two keys. */
    private static final int PAUSE = 5;
    /** Samples that a stream may miss and that are filled with silence. */
    private static final int MOST_MISSED = 10 * Band.RATE;

    private final DatagramSocket socket;
    private final Sdp other;
    private final Hearing hearing;
    private final Consumer<Character> keyHeard;
    private final BlockingQueue<Sound> sounds = new LinkedBlockingQueue<>();
    private final Thread sender;
    private volatile boolean closed;
    private int sequence = 1000;
    private int timestamp = 160;

    private sealed interface Sound {}

    @SuppressWarnings("ArrayRecordComponent") // handed over, not copied, and never compared
    private record Speech(byte[] ulaw, CountDownLatch said) implements Sound {}

    private record Key(int code, CountDownLatch pressed) implements Sound {}

    RtpStream(DatagramSocket socket, Sdp other, Hearing hearing, Consumer<Character> keyHeard) {
        this.socket = socket;
        this.other = other;
        this.hearing = hearing;
        this.keyHeard = keyHeard;
        sender = Thread.startVirtualThread(this::send);
        Thread.startVirtualThread(this::receive);
    }

    /** Open when it is said. */
    CountDownLatch say(short[] pcm8k) {
        var ulaw = new byte[Math.ceilDiv(pcm8k.length, FRAME) * FRAME];
        for (int i = 0; i < ulaw.length; i++) {
            ulaw[i] = G711.encode(i < pcm8k.length ? pcm8k[i] : 0);
        }
        var said = new CountDownLatch(1);
        sounds.add(new Speech(ulaw, said));
        return said;
    }

    /** Open when it is pressed. */
    CountDownLatch press(char key) {
        var pressed = new CountDownLatch(1);
        sounds.add(new Key(SipPhone.KEYS.indexOf(key), pressed));
        return pressed;
    }

    @Override
    public void close() {
        closed = true;
        socket.close();
        sender.interrupt();
    }

    private void send() {
        long next = System.nanoTime();
        Sound now = null;
        int frame = 0;
        try {
            while (!closed) {
                if (now == null) {
                    now = sounds.poll();
                    frame = 0;
                }
                if (!sendFrame(now, frame++)) {
                    now = null;
                }
                timestamp += FRAME;
                next += FRAME_NANOS;
                LockSupport.parkNanos(next - System.nanoTime());
            }
        } catch (IOException e) {
            // the socket is closed: the call is over
        }
    }

    /** Whether more is to come of it. */
    private boolean sendFrame(@Nullable Sound sound, int frame) throws IOException {
        return switch (sound) {
            case Speech(var ulaw, var said) -> {
                audio(Arrays.copyOfRange(ulaw, frame * FRAME, (frame + 1) * FRAME), frame == 0);
                boolean more = (frame + 1) * FRAME < ulaw.length;
                if (!more) {
                    said.countDown();
                }
                yield more;
            }
            case Key(var code, var pressed) -> {
                key(code, frame);
                boolean more = frame + 1 < KEY_PACKETS + PAUSE;
                if (!more) {
                    pressed.countDown();
                }
                yield more;
            }
            case null -> {
                audio(silence(), false);
                yield false;
            }
        };
    }

    private void key(int code, int frame) throws IOException {
        if (frame >= KEY_PACKETS) {
            audio(silence(), false);
            return;
        }
        int end = frame >= KEY_GROWS - 1 ? MARKER : 0;
        int length = Math.min(frame + 1, KEY_GROWS) * FRAME;
        byte[] event = {(byte) code, (byte) (end | 10), (byte) (length >> 8), (byte) length};
        send(other.events(), frame == 0, timestamp - frame * FRAME, event);
    }

    private void audio(byte[] ulaw, boolean first) throws IOException {
        send(Sdp.PCMU, first, timestamp, ulaw);
    }

    private void send(int type, boolean marked, int at, byte[] payload) throws IOException {
        var packet = new byte[HEADER + payload.length];
        ByteBuffer.wrap(packet)
                .put((byte) 0x80)
                .put((byte) (type | (marked ? MARKER : 0)))
                .putShort((short) sequence++)
                .putInt(at)
                .putInt(0x5eed)
                .put(payload);
        socket.send(new DatagramPacket(packet, packet.length, other.media()));
    }

    private static byte[] silence() {
        var silence = new byte[FRAME];
        Arrays.fill(silence, G711.encode((short) 0));
        return silence;
    }

    private void receive() {
        var packet = new DatagramPacket(new byte[2048], 2048);
        Integer expected = null;
        Integer lastKey = null;
        try {
            while (!closed) {
                socket.receive(packet);
                ByteBuffer rtp = ByteBuffer.wrap(packet.getData(), 0, packet.getLength());
                int skip = HEADER + 4 * (rtp.get(0) & 0x0f);
                int type = rtp.get(1) & 0x7f;
                int at = rtp.getInt(4);
                if (packet.getLength() <= skip) {
                    continue;
                }
                if (type == Sdp.PCMU) {
                    expected = hear(rtp.position(skip), at, expected);
                } else if (type == Sdp.EVENTS && (lastKey == null || lastKey != at)) {
                    lastKey = at;
                    keyHeard.accept(SipPhone.KEYS.charAt(rtp.get(skip) & 0x0f));
                }
            }
        } catch (IOException e) {
            // the socket is closed: the call is over
        }
    }

    /** The timestamp that comes next. What comes late is not heard; what is lost is silence. */
    private int hear(ByteBuffer ulaw, int at, @Nullable Integer expected) {
        int missed = expected == null ? 0 : at - expected;
        if (missed < 0 && missed > -MOST_MISSED) {
            return at - missed;
        }
        int silent = missed > MOST_MISSED || missed < 0 ? 0 : missed;
        var samples = new short[silent + ulaw.remaining()];
        for (int i = silent; i < samples.length; i++) {
            samples[i] = G711.decode(ulaw.get());
        }
        hearing.keep(samples);
        return at + samples.length - silent;
    }
}
