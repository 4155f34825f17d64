package dev.recaller.memory.extract;

import java.util.Locale;
import java.util.regex.Pattern;

/** Letters said as the words of the radio alphabet: "Juliet, Oscar, Hotel, November". */
final class RadioAlphabet {

    private static final String WORD =
            "(?:alfa|alpha|bravo|charlie|delta|echo|foxtrot|golf|hotel|india|juliett?e?|kilo|lima|mike"
                    + "|november|oscar|papa|quebec|romeo|sierra|tango|uniform|victor|whiske?y|x-?ray|yankee|zulu)\\b";

    /** Two may be two people. */
    private static final Pattern RUN =
            Pattern.compile("\\b" + WORD + "(?:[\\s,.-]{1,2}" + WORD + "){2,}+", Pattern.CASE_INSENSITIVE);

    private static final Pattern REST_OF_WORD = Pattern.compile("(?<=\\p{L})(?:\\p{L}|-(?=ray))+");

    private RadioAlphabet() {}

    /** The text with every run of three such words and more written as letters: J-O-H-N. */
    static String letters(String text) {
        return RUN.matcher(text)
                .replaceAll(run -> REST_OF_WORD
                        .matcher(run.group())
                        .replaceAll("")
                        .replaceAll("[\\s,.-]+", "-")
                        .toUpperCase(Locale.ROOT));
    }
}
