package dev.recaller.flow.definition;

import dev.recaller.flow.expression.Template;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A template with secrets in it, by name: {@code Bearer ${KEY}}. Its source was split at them before anything is rendered, so
 * no value can name a secret.
 */
public record SecretTemplate(List<Part> parts) {

    public sealed interface Part {
        record Text(Template template) implements Part {}

        record Secret(String name) implements Part {}
    }

    static final Pattern SECRET = Pattern.compile("\\$\\{([A-Z][A-Z0-9_]{0,63})}");

    public SecretTemplate {
        parts = List.copyOf(parts);
    }

    static SecretTemplate read(String source, String pointer, Reading reading, Function<String, Template> compile) {
        List<Part> parts = new ArrayList<>();
        Matcher secret = SECRET.matcher(source);
        int from = 0;
        while (secret.find()) {
            addText(parts, source.substring(from, secret.start()), pointer, reading, compile);
            parts.add(new Part.Secret(secret.group(1)));
            from = secret.end();
        }
        addText(parts, source.substring(from), pointer, reading, compile);
        return new SecretTemplate(parts);
    }

    private static void addText(
            List<Part> parts, String text, String pointer, Reading reading, Function<String, Template> compile) {
        if (text.contains("${")) {
            reading.complain(
                    pointer,
                    "'${' begins no secret",
                    "a secret is ${NAME}: a capital letter, then capital letters, digits and _ (64 at most)");
        } else if (!text.isEmpty()) {
            parts.add(new Part.Text(compile.apply(text)));
        }
    }
}
