package dev.recaller.worker.speech;

import java.util.ArrayList;
import java.util.List;

/** Which words were said with which samples of an utterance. Thread safe. */
final class SpokenText {

    /** Used until a sentence's real length is known. */
    private static final long SAMPLES_A_LETTER = TextToSpeech.RATE / TextToSpeech.LETTERS_A_SECOND;

    private final List<Sentence> sentences = new ArrayList<>();

    private record Sentence(Spoken spoken, long from, long to) {
        /** The whole words within the first {@code played} samples, in proportion. */
        String heard(long played) {
            if (to <= played) {
                return spoken.original();
            }
            long letters = played <= from ? 0 : spoken.text().length() * (played - from) / (to - from);
            return spoken.heard((int) letters);
        }
    }

    /** The sentence's audio begins at this sample. */
    synchronized void begin(Spoken spoken, long from) {
        sentences.add(
                new Sentence(spoken, from, from + Math.max(1, spoken.text().length()) * SAMPLES_A_LETTER));
    }

    /** The last sentence's audio ends before this sample. */
    synchronized void end(long to) {
        var last = sentences.removeLast();
        sentences.add(new Sentence(last.spoken, last.from, to));
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
