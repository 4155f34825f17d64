package dev.recaller.flow.definition;

import java.util.List;
import java.util.regex.Pattern;

/** Where any node that listens leads unless an edge of its own says otherwise. */
public sealed interface Global {

    String to();

    record Keyed(String digits, String to) implements Global {}

    record SilenceLimit(String to) implements Global {}

    Pattern DIGITS = Pattern.compile("[0-9*#]{1,16}");

    static Global read(Fields fields) {
        String on = fields.oneOf("on", List.of("dtmf", "silence_limit"));
        String to = fields.text("to");
        return on.equals("dtmf")
                ? new Keyed(fields.text("digits", DIGITS, "1 to 16 of 0-9, * and #"), to)
                : new SilenceLimit(to);
    }
}
