package dev.recaller.memory.recall;

import java.util.Arrays;
import java.util.List;

/**
 * What is counted of a text, as numbers: each once, in ascending order, with how often it occurs.
 *
 * @param length occurrences in all
 */
@SuppressWarnings("ArrayRecordComponent") // one for each of ten thousand passages; nobody changes them
record Terms(long[] numbers, int[] counts, int length) {

    private static final int GRAM = 4;

    static Terms words(List<String> words) {
        return counted(words.stream().mapToLong(Terms::number).toArray());
    }

    static Terms phrases(List<String> words) {
        long[] numbers = new long[Math.max(0, words.size() - 1)];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = number(words.get(i)) * 31 + number(words.get(i + 1));
        }
        return counted(numbers);
    }

    /** Every four letters in a row of each word, its begin and end being letters too. */
    static Terms letters(List<String> words) {
        int count = 0;
        for (String word : words) {
            count += Math.max(1, word.length() + 3 - GRAM);
        }
        long[] numbers = new long[count];
        int at = 0;
        for (String word : words) {
            String marked = "<" + word + ">";
            for (int from = 0; from == 0 || from + GRAM <= marked.length(); from++) {
                long number = 0;
                for (int i = from; i < Math.min(from + GRAM, marked.length()); i++) {
                    number = number << Character.SIZE | marked.charAt(i);
                }
                numbers[at++] = number;
            }
        }
        return counted(numbers);
    }

    /** A word's number: FNV-1a of 64 bits, so that no two words of a caller share one. */
    static long number(String word) {
        long hash = 0xcbf29ce484222325L;
        for (int i = 0; i < word.length(); i++) {
            hash = (hash ^ word.charAt(i)) * 0x100000001b3L;
        }
        return hash;
    }

    /** Sorts what it is given. */
    static Terms counted(long[] occurrences) {
        Arrays.sort(occurrences);
        long[] numbers = new long[occurrences.length];
        int[] counts = new int[occurrences.length];
        int distinct = 0;
        for (int i = 0; i < occurrences.length; i++) {
            if (i == 0 || occurrences[i] != occurrences[i - 1]) {
                numbers[distinct++] = occurrences[i];
            }
            counts[distinct - 1]++;
        }
        return new Terms(Arrays.copyOf(numbers, distinct), Arrays.copyOf(counts, distinct), occurrences.length);
    }
}
