package dev.recaller.worker.fallback;

import dev.recaller.worker.speech.SpeechToText;
import java.time.Duration;

/**
 * How long a provider may keep somebody on the telephone waiting. Well above what a healthy service takes, and below
 * what a caller takes for a dead line.
 *
 * @param first until the first audio or text; a transcript comes in one piece
 * @param gap between two pieces
 * @param share of the length of the audio that a transcription may take beside {@code first}
 */
public record TimeLimits(Duration first, Duration gap, double share) {

    /** Hosted voices begin within a second, and what they sent before a gap is still playing. */
    public static final TimeLimits SPEECH = new TimeLimits(Duration.ofMillis(2_500), Duration.ofMillis(1_500), 0);

    /** A function call comes in one piece when it is whole: two hundred tokens. */
    public static final TimeLimits CHAT = new TimeLimits(Duration.ofSeconds(5), Duration.ofSeconds(4), 0);

    /** Hosted services take half a second for a short turn; one's own on a few cores, a quarter of the audio's length more. */
    public static final TimeLimits TRANSCRIPTION = new TimeLimits(Duration.ofSeconds(2), Duration.ZERO, 0.25);

    private static final int PATIENCE = 3;

    /** For a provider after which nobody is left to ask: a late answer is better than an apology. */
    public TimeLimits patient() {
        return new TimeLimits(first.multipliedBy(PATIENCE), gap.multipliedBy(PATIENCE), share * PATIENCE);
    }

    /** For a transcript of so many samples. */
    Duration ofAudio(long samples) {
        return first.plusMillis(Math.round(share * samples * 1_000 / SpeechToText.RATE));
    }
}
