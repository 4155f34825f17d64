package dev.recaller.flow.expression;

/** Words of callers inside a prompt: marked, so that a model can tell them from its instructions. */
public final class Data {

    private Data() {}

    /** {@code <data>the words</data>}, with no way for the words to end the mark. */
    public static String quote(String words) {
        return "<data>" + escape(words) + "</data>";
    }

    /** The words without characters that make marks, on one line. */
    public static String escape(String words) {
        return words.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replaceAll("\\s+", " ")
                .strip();
    }
}
