package dev.recaller.flow.node;

import java.util.regex.Pattern;

/** What callers said and models wrote, as it is kept. */
final class PlainText {

    private static final Pattern UNPRINTABLE = Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Co}&&[^\\s]]");
    private static final Pattern SPACE = Pattern.compile("[\\s\\u00a0]+");

    private PlainText() {}

    /** On one line, without what cannot be printed. */
    static String of(String text) {
        return SPACE.matcher(UNPRINTABLE.matcher(text).replaceAll(""))
                .replaceAll(" ")
                .strip();
    }
}
