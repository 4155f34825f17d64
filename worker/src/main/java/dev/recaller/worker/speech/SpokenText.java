package dev.recaller.worker.speech;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** Which words were said with which samples of an utterance. Thread safe. */
final class SpokenText {

    /** Used until a sentence's real length is known. */
    private static final long SAMPLES_A_LETTER = TextToSpeech.RATE / TextToSpeech.LETTERS_A_SECOND;

    private final List<Sentence> sentences = new ArrayList<>();

    /** @param end -1 while it is not known */
    private record Sentence(Supplier<Spoken> words, long from, long end) {
        /** The whole words within the first {@code played} samples, in proportion. */
        String heard(long played) {
            Spoken spoken = words.get();
            int length = spoken.text().length();
            long to = end < 0 ? from + Math.max(1, length) * SAMPLES_A_LETTER : end;
            if (to <= played) {
                return spoken.original();
            }
            return spoken.heard(played <= from ? 0 : (int) (length * (played - from) / (to - from)));
        }
    }

    /** The sentence's audio begins at this sample; more of its words may become known while it is spoken. */
    synchronized void begin(Supplier<Spoken> words, long from) {
        sentences.add(new Sentence(words, from, -1));
    }

    /** The last sentence's audio ends before this sample. */
    synchronized void end(long to) {
        var last = sentences.removeLast();
        sentences.add(new Sentence(last.words, last.from, to));
    }

    /** The words within the first {@code played} samples, as they were written. */
    synchronized String heard(long played) {
        var heard = new StringBuilder();
        for (var sentence : sentences) {
            String part = sentence.heard(played);
            if (!part.isEmpty()) {
                heard.append(needsSpace(heard) ? " " : "").append(part);
            }
        }
        return heard.toString();
    }

    /** Chinese and Japanese, and their marks, have none between sentences. */
    private static boolean needsSpace(CharSequence before) {
        if (before.isEmpty()) {
            return false;
        }
        char last = before.charAt(before.length() - 1);
        return !Character.isIdeographic(last) && "。！？，」』".indexOf(last) < 0;
    }
}
