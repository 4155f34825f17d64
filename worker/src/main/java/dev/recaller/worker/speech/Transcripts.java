package dev.recaller.worker.speech;

import java.util.Locale;
import java.util.Set;

/** What short transcripts are worth. */
final class Transcripts {

    /** What Whisper writes when it is given noise: it learned from subtitles. Callers say some of it too, but not so short or so low. */
    private static final Set<String> INVENTIONS = Set.of(
            "you",
            "thank you",
            "thanks",
            "thank you very much",
            "thanks for watching",
            "thank you for watching",
            "bye",
            "bye bye",
            "so",
            "the",
            "the end",
            "i'm sorry",
            "subscribe",
            "please subscribe",
            "oh",
            "hmm",
            "uh",
            "um");

    private static final Set<String> ACKNOWLEDGEMENTS = Set.of(
            "uh-huh",
            "uh huh",
            "uhuh",
            "mhm",
            "mm-hmm",
            "mm hmm",
            "mmhmm",
            "mm",
            "hmm",
            "okay",
            "ok",
            "yeah",
            "yep",
            "yes",
            "right",
            "sure",
            "alright",
            "all right",
            "i see",
            "got it",
            "aha",
            "oh",
            "oh okay",
            "okay okay",
            "yeah yeah",
            "uh",
            "um",
            "good",
            "great",
            "fine",
            "cool");

    private static final int TOO_SHORT_MILLIS = 400;
    private static final double TOO_LOW = 100;

    private Transcripts() {}

    /**
     * Nobody said this.
     *
     * @param voicedMillis how long the voice detector heard a voice
     * @param loudness root mean square of its loudest window, 0 to 32,767
     */
    static boolean isNoise(String text, int voicedMillis, double loudness) {
        String aloud = text.replaceAll("\\[[^\\]]*]|\\([^)]*\\)|\\*[^*]*\\*|\u266a[^\u266a]*\u266a?", "");
        String bare = bare(aloud);
        boolean doubtful = voicedMillis < TOO_SHORT_MILLIS || loudness < TOO_LOW;
        return bare.isEmpty() || (doubtful && INVENTIONS.contains(bare));
    }

    /** Says that the caller listens, nothing more. */
    static boolean isAcknowledgement(String text) {
        return ACKNOWLEDGEMENTS.contains(bare(text));
    }

    private static String bare(String text) {
        return text.toLowerCase(Locale.ROOT)
                .replace('\u2019', '\'')
                .replaceAll("[^\\p{L}\\p{N}'\\- ]", "")
                .replaceAll("\\s+", " ")
                .strip();
    }
}
