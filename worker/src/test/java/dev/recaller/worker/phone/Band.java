package dev.recaller.worker.phone;

import java.math.BigInteger;

/** What a telephone line leaves of a sound: 300 to 3400 Hz at 8 kHz, eight bits a sample. */
public final class Band {
    /** Samples a second of G.711. */
    public static final int RATE = 8_000;

    private static final double LOW = 300;
    private static final double HIGH = 3_400;
    /** Seconds to either side of a sample that count: edges of the band some 100 Hz wide. */
    private static final double REACH = 0.01;

    private Band() {}

    /** To a line's rate, without what it does not carry. */
    public static short[] toLine(short[] pcm, int rate) {
        return resample(pcm, rate, RATE, LOW);
    }

    /** From a line's rate. */
    public static short[] fromLine(short[] pcm8k, int rate) {
        return resample(pcm8k, RATE, rate, 0);
    }

    /** There and back again: as it is heard at the other end, at the same rate. */
    public static short[] through(short[] pcm, int rate) {
        short[] line = toLine(pcm, rate);
        for (int i = 0; i < line.length; i++) {
            line[i] = G711.decode(G711.encode(line[i]));
        }
        return fromLine(line, rate);
    }

    private static short[] resample(short[] pcm, int from, int to, double low) {
        int divisor = BigInteger.valueOf(from).gcd(BigInteger.valueOf(to)).intValue();
        int up = to / divisor;
        int down = from / divisor;
        double[] filter = filter((double) from * up, low, up);
        int reach = filter.length / 2;
        var out = new short[(int) ((long) pcm.length * up / down)];
        for (int i = 0; i < out.length; i++) {
            int at = i * down;
            double sum = 0;
            int last = Math.min(pcm.length - 1, (at + reach) / up);
            for (int k = Math.max(0, Math.ceilDiv(at - reach, up)); k <= last; k++) {
                sum += pcm[k] * filter[at - k * up + reach];
            }
            out[i] = (short) Math.clamp(Math.round(sum), Short.MIN_VALUE, Short.MAX_VALUE);
        }
        return out;
    }

    /** A windowed band pass at this rate. */
    private static double[] filter(double rate, double low, double gain) {
        int reach = (int) (REACH * rate);
        var filter = new double[2 * reach + 1];
        for (int i = 0; i < filter.length; i++) {
            int at = i - reach;
            double window = 0.5 + 0.5 * Math.cos(Math.PI * at / (reach + 1));
            filter[i] = gain * window * (lowPass(HIGH / rate, at) - lowPass(low / rate, at));
        }
        return filter;
    }

    private static double lowPass(double edge, int at) {
        return at == 0 ? 2 * edge : Math.sin(2 * Math.PI * edge * at) / (Math.PI * at);
    }
}
