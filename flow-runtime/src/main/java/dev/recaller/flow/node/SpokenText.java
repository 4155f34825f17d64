package dev.recaller.flow.node;

import java.util.regex.Pattern;

/** Text on its way to and from speech. */
final class SpokenText {

    private static final Pattern UNPRINTABLE = Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Co}&&[^\\s]]");
    private static final Pattern SPACE = Pattern.compile("[\\s\\u00a0]+");

    private SpokenText() {}

    /** On one line, without what cannot be printed. */
    static String plain(String text) {
        return SPACE.matcher(UNPRINTABLE.matcher(text).replaceAll(""))
                .replaceAll(" ")
                .strip();
    }
}
