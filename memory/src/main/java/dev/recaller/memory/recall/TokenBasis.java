package dev.recaller.memory.recall;

import static java.util.Objects.requireNonNull;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.CRC32;

/**
 * Turns a token's state of 384 numbers into 64 bytes: its direction from a fixed mean along the 64 directions in which
 * states differ most. Mean and directions are those of the states of the project's own generated calls;
 * {@code bin/bench retrieval --basis} makes the file anew.
 */
final class TokenBasis {

    /** Numbers of a state. */
    static final int STATE = 384;

    /** Coordinates that are kept. */
    static final int KEPT = 64;

    /** Bytes of a token: its piece's number, low byte first, and its coordinates. */
    static final int TOKEN = 2 + KEPT;

    private static final String FILE = "token-basis.bin";

    private final float[] mean;
    private final float[][] directions;
    private final String name;

    private TokenBasis(float[] mean, float[][] directions, String name) {
        this.mean = mean;
        this.directions = directions;
        this.name = name;
    }

    /** The file has the mean, then each direction, as floats, high byte first. */
    static TokenBasis load() throws IOException {
        try (InputStream file = requireNonNull(TokenBasis.class.getResourceAsStream(FILE), FILE)) {
            byte[] bytes = file.readAllBytes();
            var crc = new CRC32();
            crc.update(bytes);
            var in = new DataInputStream(new java.io.ByteArrayInputStream(bytes));
            float[] mean = floats(in);
            float[][] directions = new float[KEPT][];
            for (int i = 0; i < KEPT; i++) {
                directions[i] = floats(in);
            }
            return new TokenBasis(mean, directions, KEPT + "-" + Long.toHexString(crc.getValue()));
        }
    }

    /** Changes with the file. */
    String name() {
        return name;
    }

    /** Writes a token at a place of an array. */
    void write(int piece, float[] state, byte[] tokens, int at) {
        float[] unit = unit(state);
        float[] kept = new float[KEPT];
        for (int i = 0; i < STATE; i++) {
            unit[i] -= mean[i];
        }
        for (int direction = 0; direction < KEPT; direction++) {
            float sum = 0;
            for (int i = 0; i < STATE; i++) {
                sum += unit[i] * directions[direction][i];
            }
            kept[direction] = sum;
        }
        kept = unit(kept);
        tokens[at] = (byte) piece;
        tokens[at + 1] = (byte) (piece >> 8);
        for (int i = 0; i < KEPT; i++) {
            tokens[at + 2 + i] = (byte) Math.round(kept[i] * 127);
        }
    }

    /** A copy of unit length; zero stays zero. */
    static float[] unit(float[] vector) {
        double square = 0;
        for (float number : vector) {
            square += (double) number * number;
        }
        float scale = square == 0 ? 0 : (float) (1 / Math.sqrt(square));
        float[] unit = new float[vector.length];
        for (int i = 0; i < unit.length; i++) {
            unit[i] = vector[i] * scale;
        }
        return unit;
    }

    private static float[] floats(DataInputStream in) throws IOException {
        float[] floats = new float[STATE];
        for (int i = 0; i < STATE; i++) {
            floats[i] = in.readFloat();
        }
        return floats;
    }
}
