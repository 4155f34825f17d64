package dev.recaller.flow.definition;

import dev.recaller.flow.expression.Values;
import java.util.Set;
import java.util.regex.Pattern;

/** Names that expressions and templates can say. */
final class Names {

    private static final Pattern NAME = Pattern.compile("[A-Za-z][A-Za-z0-9_]{0,63}");
    private static final String WORDS = "a letter, then letters, digits and _ (64 at most)";

    /** Words the expression language keeps to itself. */
    private static final Set<String> RESERVED = Set.of(
            "as",
            "break",
            "const",
            "continue",
            "else",
            "false",
            "for",
            "function",
            "if",
            "import",
            "in",
            "let",
            "loop",
            "namespace",
            "null",
            "package",
            "return",
            "true",
            "var",
            "void",
            "while",
            "bool",
            "bytes",
            "double",
            "duration",
            "dyn",
            "has",
            "int",
            "list",
            "map",
            "recollection",
            "size",
            "string",
            "timestamp",
            "type",
            "uint");

    private Names() {}

    /** Whether it is one that is free; a complaint when it is not. */
    static boolean usable(Reading reading, String pointer, String name) {
        if (!NAME.matcher(name).matches()) {
            reading.complain(pointer, "the name must be " + WORDS, null);
            return false;
        }
        if (RESERVED.contains(name) || Values.CONTEXT_NAMES.contains(name)) {
            reading.complain(pointer, "the name '" + name + "' is taken", "choose another name");
            return false;
        }
        return true;
    }
}
