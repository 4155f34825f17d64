package dev.recaller.flow.node;

import dev.recaller.flow.line.Line;
import java.util.Locale;

/**
 * Foresees what {@link Talk#listen} will return, to the letter.
 *
 * @param stillThere as for {@link Hold#isAll}
 */
record Foreseen(Line.Foresight whom, Locale locale, boolean stillThere) implements Line.Foresight {

    @Override
    public void probably(String text) throws InterruptedException {
        String words = Talk.words(text);
        if (!words.isEmpty() && !Hold.isAll(words, locale, stillThere)) {
            whom.probably(words);
        }
    }

    @Override
    public void doubted() {
        whom.doubted();
    }
}
