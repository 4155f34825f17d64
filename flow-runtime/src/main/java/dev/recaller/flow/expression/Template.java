package dev.recaller.flow.expression;

import dev.recaller.flow.expression.TemplateChecker.Reference;
import io.pebbletemplates.pebble.error.PebbleException;
import io.pebbletemplates.pebble.template.PebbleTemplate;
import io.pebbletemplates.pebble.template.PebbleTemplateImpl;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Text with values in it: {@code Hi {{caller.name}}!}. It can name values and pass them through a few filters, nothing
 * else: no tags, functions, methods or operators. Safe for use by many calls at once.
 */
public final class Template {

    /** Says nothing. */
    public static final Template EMPTY = new Scope(Map.of()).speech("");

    /** The most characters a url is rendered to; one this long was cut and must not be used. */
    public static final int MAX_URL = 8_000;

    private static final int MAX_SOURCE = 20_000;

    /** The text and the names in it that had no value; each became the empty text. */
    public record Rendered(String text, List<String> unresolved) {
        public Rendered {
            unresolved = List.copyOf(unresolved);
        }
    }

    private final String source;
    private final List<Reference> references;
    private final PebbleTemplate template;
    private final int maxLength;

    private Template(String source, List<Reference> references, PebbleTemplate template, int maxLength) {
        this.source = source;
        this.references = List.copyOf(references);
        this.template = template;
        this.maxLength = maxLength;
    }

    static Template compile(String source, Scope scope, TemplateEngine engine) {
        if (source.length() > MAX_SOURCE) {
            throw new ExpressionException("is longer than " + MAX_SOURCE + " characters", null);
        }
        try {
            PebbleTemplate plain = TemplateEngine.SPEECH.pebble().getLiteralTemplate(source);
            List<Reference> references = new TemplateChecker(scope).check((PebbleTemplateImpl) plain);
            return new Template(source, references, engine.pebble().getLiteralTemplate(source), engine.maxLength());
        } catch (PebbleException e) {
            throw new ExpressionException(
                    "is no template: " + e.getPebbleMessage(), "only {{name}} and {{name | filter}} work here");
        }
    }

    public String source() {
        return source;
    }

    /** The variables it reads. */
    public Set<String> names() {
        return references.stream().map(Reference::name).collect(Collectors.toSet());
    }

    /** Never fails: what has no value is empty, what is too long (4,000 characters of speech) is cut. */
    public Rendered render(Values values) {
        try {
            BoundedWriter writer = new BoundedWriter(maxLength);
            template.evaluate(writer, values.texts());
            return new Rendered(
                    writer.toString(),
                    references.stream()
                            .filter(reference -> !reference.hasDefault() && reference.resolve(values.view()) == null)
                            .map(Reference::path)
                            .toList());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public String toString() {
        return source;
    }

    /** Not a StringWriter: Pebble writes around the methods of one. */
    private static final class BoundedWriter extends Writer {
        private final StringBuilder text = new StringBuilder();
        private final int limit;

        BoundedWriter(int limit) {
            this.limit = limit;
        }

        @Override
        public void write(char[] characters, int offset, int length) {
            text.append(characters, offset, Math.min(length, limit - text.length()));
        }

        @Override
        public void write(String added, int offset, int length) {
            text.append(added, offset, offset + Math.min(length, limit - text.length()));
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}

        @Override
        public String toString() {
            return text.toString();
        }
    }
}
