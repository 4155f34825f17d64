package dev.recaller.memory;

import java.text.Normalizer;
import java.util.regex.Pattern;

/**
 * Somebody's words in a prompt: in quotes, on one line, without any character that ends quotes, opens a tag or brackets, or
 * is not seen. What remains reads the same.
 */
final class Quoted {

    /** Control, format (zero width, direction), private and unassigned characters, separators of lines and paragraphs. */
    private static final Pattern UNSEEN =
            Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Co}\\p{Cn}\\p{Cs}\\p{Zl}\\p{Zp}\\p{Zs}]+");

    /** Everything that quotes, after compatibility forms (full-width ones too) became plain. */
    private static final Pattern QUOTES =
            Pattern.compile("[\"`\u00b4\u2018-\u201f\u2032-\u2037\u275b-\u275e\u301d-\u301f]");

    private static final Pattern OPENING = Pattern.compile("[\\[{\u27e6\u3010\u3014\u3016\u3018\u301a]");
    private static final Pattern CLOSING = Pattern.compile("[\\]}\u27e7\u3011\u3015\u3017\u3019\u301b]");
    private static final Pattern LESS = Pattern.compile("[<\u2039\u2329\u27e8\u276c\u276e\u2770\u3008\u300a\u00ab]");
    private static final Pattern GREATER = Pattern.compile("[>\u203a\u232a\u27e9\u276d\u276f\u2771\u3009\u300b\u00bb]");
    private static final Pattern BARS = Pattern.compile("[|\\\\#]");

    private Quoted() {}

    static String of(String words) {
        String plain = Normalizer.normalize(words, Normalizer.Form.NFKC);
        plain = UNSEEN.matcher(plain).replaceAll(" ").strip();
        plain = QUOTES.matcher(plain).replaceAll("'");
        plain = OPENING.matcher(plain).replaceAll("(");
        plain = CLOSING.matcher(plain).replaceAll(")");
        plain = BARS.matcher(plain).replaceAll("/");
        plain = plain.replace("&", "&amp;");
        plain = LESS.matcher(plain).replaceAll("&lt;");
        plain = GREATER.matcher(plain).replaceAll("&gt;");
        return "\"" + plain + "\"";
    }
}
