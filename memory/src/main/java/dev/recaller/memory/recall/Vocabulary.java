package dev.recaller.memory.recall;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Remembers how words count while many texts are read: callers say the same ones again and again. Not thread safe. */
final class Vocabulary {

    private final Map<String, Long> numbers = new HashMap<>();
    private final Map<String, List<String>> speakers = new HashMap<>();

    /** What counts of words as they were said. */
    Terms terms(List<String> speaker, List<String> said) {
        long[] found = new long[speaker.size() + said.size()];
        int count = 0;
        for (List<String> words : List.of(speaker, said)) {
            for (String word : words) {
                if (!Words.isCommon(word)) {
                    found[count++] = numbers.computeIfAbsent(word, name -> Terms.number(Words.stem(name)));
                }
            }
        }
        return Terms.counted(Arrays.copyOf(found, count));
    }

    List<String> speaker(String speaker) {
        return speakers.computeIfAbsent(speaker, Words::said);
    }
}
