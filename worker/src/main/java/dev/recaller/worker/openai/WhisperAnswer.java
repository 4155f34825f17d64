package dev.recaller.worker.openai;

import com.openai.models.audio.transcriptions.TranscriptionSegment;
import com.openai.models.audio.transcriptions.TranscriptionVerbose;
import com.openai.models.audio.transcriptions.TranscriptionWord;
import dev.recaller.worker.speech.Word;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * What Whisper tells beside its text ({@code response_format=verbose_json}, at no cost in time): how likely nobody spoke,
 * how sure it is of its words, how much they repeat; and, if asked, when each was said.
 */
final class WhisperAnswer {

    /**
     * {@code no_speech_threshold} and {@code logprob_threshold} of {@code transcribe()} in openai/whisper,
     * {@code whisper/transcribe.py}: a segment above the one and not above the other is silence. Servers built on that code
     * leave it out themselves; OpenAI's API leaves it to its users to "consider this segment silent".
     */
    private static final double NO_SPEECH = 0.6;

    private static final double UNSURE = -1.0;

    /**
     * {@code compression_ratio_threshold} there: decoding went in circles. Whisper only tries again then, as callers say "no no
     * no no no no no" too; so it has to be more than anybody can say besides.
     */
    private static final double REPETITIVE = 2.4;

    /** Twice what a fast speaker says. */
    private static final int LETTERS_A_SECOND = 40;

    private final TranscriptionVerbose answer;
    private final double seconds;

    /** @param seconds length of the audio */
    WhisperAnswer(TranscriptionVerbose answer, double seconds) {
        this.answer = answer;
        this.seconds = seconds;
    }

    /** Whether the model, going by its name, can be asked for it. */
    static boolean isOf(String model) {
        return model.toLowerCase(Locale.ROOT).contains("whisper");
    }

    /** What somebody said. */
    String text() {
        List<TranscriptionSegment> segments = segments();
        return segments.isEmpty()
                ? answer.text().strip()
                : segments.stream()
                        .filter(this::isSpeech)
                        .map(segment -> segment.text().strip())
                        .collect(Collectors.joining(" "))
                        .strip();
    }

    /**
     * Its words; none when the service did not tell.
     *
     * @param from when the audio began, in nanoseconds
     */
    List<Word> words(long from) {
        List<TranscriptionSegment> noise =
                segments().stream().filter(segment -> !isSpeech(segment)).toList();
        return answer.words().orElse(List.of()).stream()
                .filter(word -> noise.stream().noneMatch(segment -> isWithin(word, segment)))
                .filter(word -> !word.word().isBlank())
                .map(word -> new Word(word.word().strip(), from + nanos(word.start()), from + nanos(word.end())))
                .toList();
    }

    private List<TranscriptionSegment> segments() {
        return answer.segments().orElse(List.of());
    }

    private static boolean isWithin(TranscriptionWord word, TranscriptionSegment segment) {
        double middle = (word.start() + word.end()) / 2;
        return middle >= segment.start() && middle < segment.end();
    }

    private static long nanos(double seconds) {
        return Math.round(seconds * 1e9);
    }

    /** What a server leaves out speaks for the words. */
    private boolean isSpeech(TranscriptionSegment segment) {
        boolean silence = segment._noSpeechProb().asKnown().orElse(0f) > NO_SPEECH
                && segment._avgLogprob().asKnown().orElse(0f) <= UNSURE;
        boolean inCircles = segment._compressionRatio().asKnown().orElse(0f) > REPETITIVE
                && segment.text().length() > LETTERS_A_SECOND * seconds;
        return !silence && !inCircles;
    }
}
