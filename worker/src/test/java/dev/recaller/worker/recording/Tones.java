package dev.recaller.worker.recording;

/** Sounds to find again. */
final class Tones {

    private Tones() {}

    static short[] tone(int rate, int hertz, int millis) {
        var pcm = new short[rate / 1000 * millis];
        for (int i = 0; i < pcm.length; i++) {
            pcm[i] = (short) (8_000 * Math.sin(2 * Math.PI * hertz * i / rate));
        }
        return pcm;
    }

    /** Root mean square of a part, 16 kHz. */
    static double loudness(short[] pcm, int fromMillis, int toMillis) {
        double sum = 0;
        for (int i = fromMillis * 16; i < toMillis * 16; i++) {
            sum += (double) pcm[i] * pcm[i];
        }
        return Math.sqrt(sum / (16.0 * (toMillis - fromMillis)));
    }
}
