package dev.recaller.worker.phone;

/** Mu-law, as ITU-T G.711 has it: 14 of 16 bits become eight. */
public final class G711 {
    private static final int BIAS = 0x84;
    private static final int CLIP = 32_635;
    private static final int SIGN = 0x80;
    private static final short[] DECODED = new short[256];

    static {
        for (int code = 0; code < DECODED.length; code++) {
            int bits = ~code & 0xff;
            int magnitude = ((((bits & 0x0f) << 3) + BIAS) << ((bits & 0x70) >> 4)) - BIAS;
            DECODED[code] = (short) ((bits & SIGN) == 0 ? magnitude : -magnitude);
        }
    }

    private G711() {}

    public static byte encode(short sample) {
        int magnitude = Math.min(Math.abs((int) sample), CLIP) + BIAS;
        int segment = 24 - Integer.numberOfLeadingZeros(magnitude);
        int mantissa = (magnitude >> (segment + 3)) & 0x0f;
        return (byte) ~((sample < 0 ? SIGN : 0) | (segment << 4) | mantissa);
    }

    public static short decode(byte code) {
        return DECODED[code & 0xff];
    }
}
