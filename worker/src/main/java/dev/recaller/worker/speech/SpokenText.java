package dev.recaller.worker.speech;

import java.util.ArrayList;
import java.util.List;

/** Which words were said with which samples of an utterance. Thread safe. */
final class SpokenText {

    /** What a voice needs for a letter, about: 15 letters a second. Used until a sentence's real length is known. */
    private static final long SAMPLES_A_LETTER = TextToSpeech.RATE / 15;

    private final List<Sentence> sentences = new ArrayList<>();

    private record Sentence(String text, long from, long to) {}

    /** The sentence's audio begins at this sample. */
    synchronized void begin(String text, long from) {
        sentences.add(new Sentence(text, from, from + text.length() * SAMPLES_A_LETTER));
    }

    /** The last sentence's audio ends before this sample. */
    synchronized void end(long to) {
        var last = sentences.removeLast();
        sentences.add(new Sentence(last.text, last.from, to));
    }

    /** The words within the first {@code played} samples; of the sentence cut short, whole words in proportion. */
    synchronized String heard(long played) {
        var heard = new StringBuilder();
        for (var sentence : sentences) {
            String part = sentence.to <= played ? sentence.text : beginning(sentence, played);
            if (!part.isEmpty()) {
                heard.append(heard.isEmpty() ? "" : " ").append(part);
            }
        }
        return heard.toString();
    }

    private static String beginning(Sentence sentence, long played) {
        if (played <= sentence.from) {
            return "";
        }
        String text = sentence.text;
        int letters = (int) (text.length() * (played - sentence.from) / (sentence.to - sentence.from));
        int end = letters;
        while (end > 0 && end < text.length() && !Character.isWhitespace(text.charAt(end))) {
            end--;
        }
        return text.substring(0, end).stripTrailing();
    }
}
