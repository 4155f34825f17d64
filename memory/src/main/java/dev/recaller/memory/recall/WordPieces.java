package dev.recaller.memory.recall;

import java.io.IOException;
import java.io.InputStream;
import java.text.Normalizer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Cuts text into the word pieces BERT models read: without case and accents, punctuation apart, each word as the longest
 * known pieces from its start. Immutable.
 */
final class WordPieces {

    private static final int LONGEST_WORD = 100;

    private final Map<String, Integer> numbers;
    private final String[] pieces;
    private final int unknown;

    private WordPieces(Map<String, Integer> numbers) {
        this.numbers = numbers;
        pieces = new String[numbers.size()];
        numbers.forEach((piece, number) -> pieces[number] = piece);
        unknown = number("[UNK]");
    }

    /** Reads the vocabulary of a {@code tokenizer.json}. */
    static WordPieces read(InputStream tokenizer) throws IOException {
        Map<String, Integer> numbers = new HashMap<>();
        for (Map.Entry<String, JsonNode> piece :
                JsonMapper.shared().readTree(tokenizer).at("/model/vocab").properties()) {
            numbers.put(piece.getKey(), piece.getValue().intValue());
        }
        return new WordPieces(numbers);
    }

    /** Of a piece that is in every vocabulary. */
    int number(String piece) {
        Integer number = numbers.get(piece);
        if (number == null) {
            throw new IllegalStateException("the model's vocabulary has no " + piece);
        }
        return number;
    }

    /** The piece itself; one that continues a word begins with ##. */
    String piece(int number) {
        return pieces[number];
    }

    int[] of(String text) {
        String plain = Normalizer.normalize(text, Normalizer.Form.NFD).toLowerCase(Locale.ROOT);
        int[] found = new int[plain.length()];
        int count = 0;
        int begin = -1;
        for (int at = 0; at < plain.length(); ) {
            int letter = plain.codePointAt(at);
            int next = at + Character.charCount(letter);
            if (!isDropped(letter) && isPartOfWord(letter)) {
                begin = begin < 0 ? at : begin;
            } else if (!isDropped(letter)) {
                count = begin < 0 ? count : addWord(plain.substring(begin, at), found, count);
                begin = -1;
                count = Character.isWhitespace(letter) || Character.isSpaceChar(letter)
                        ? count
                        : addWord(plain.substring(at, next), found, count);
            }
            at = next;
        }
        count = begin < 0 ? count : addWord(plain.substring(begin), found, count);
        return Arrays.copyOf(found, count);
    }

    private int addWord(String raw, int[] found, int count) {
        String word = without(raw);
        int added = count;
        for (int from = 0; from < word.length(); ) {
            int to = word.codePointCount(0, word.length()) > LONGEST_WORD ? from : word.length();
            Integer number = null;
            while (to > from && (number = numbers.get((from > 0 ? "##" : "") + word.substring(from, to))) == null) {
                to--;
            }
            if (number == null) {
                found[count] = unknown;
                return count + 1;
            }
            found[added++] = number;
            from = to;
        }
        return added;
    }

    private static String without(String word) {
        return word.codePoints().anyMatch(WordPieces::isDropped)
                ? word.codePoints()
                        .filter(letter -> !isDropped(letter))
                        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                        .toString()
                : word;
    }

    /** Accents and what cannot be seen. */
    private static boolean isDropped(int letter) {
        return switch (Character.getType(letter)) {
            case Character.NON_SPACING_MARK -> true;
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED,
                    Character.SURROGATE -> !Character.isWhitespace(letter);
            default -> letter == 0xFFFD;
        };
    }

    private static boolean isPartOfWord(int letter) {
        boolean ascii = letter < 128;
        return !(Character.isWhitespace(letter)
                || Character.isSpaceChar(letter)
                || (ascii && !Character.isLetterOrDigit(letter))
                || isPunctuation(letter)
                || isHan(letter));
    }

    private static boolean isPunctuation(int letter) {
        return switch (Character.getType(letter)) {
            case Character.CONNECTOR_PUNCTUATION,
                    Character.DASH_PUNCTUATION,
                    Character.START_PUNCTUATION,
                    Character.END_PUNCTUATION,
                    Character.INITIAL_QUOTE_PUNCTUATION,
                    Character.FINAL_QUOTE_PUNCTUATION,
                    Character.OTHER_PUNCTUATION -> true;
            default -> false;
        };
    }

    /** Each of these characters is a word. */
    private static boolean isHan(int letter) {
        return (letter >= 0x4E00 && letter <= 0x9FFF)
                || (letter >= 0x3400 && letter <= 0x4DBF)
                || (letter >= 0x20000 && letter <= 0x2CEAF)
                || (letter >= 0xF900 && letter <= 0xFAFF)
                || (letter >= 0x2F800 && letter <= 0x2FA1F);
    }
}
