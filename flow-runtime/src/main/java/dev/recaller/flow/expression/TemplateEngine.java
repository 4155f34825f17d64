package dev.recaller.flow.expression;

import io.pebbletemplates.pebble.PebbleEngine;
import io.pebbletemplates.pebble.extension.Extension;
import io.pebbletemplates.pebble.extension.ExtensionCustomizer;
import io.pebbletemplates.pebble.extension.Function;
import io.pebbletemplates.pebble.extension.escaper.EscapingStrategy;
import io.pebbletemplates.pebble.loader.MemoryLoader;
import io.pebbletemplates.pebble.tokenParser.TokenParser;
import java.util.List;
import java.util.Map;

/** Pebble with everything taken out that could run, and the most characters a template of this kind renders to. */
record TemplateEngine(int maxLength, PebbleEngine pebble) {

    /** Values as they are. */
    static final TemplateEngine SPEECH =
            new TemplateEngine(4_000, restricted().autoEscaping(false).build());

    /** Values came from callers: marked as data, their own marks escaped. */
    static final TemplateEngine PROMPT = escaping(40_000, "data", Data::quote);

    /** Values as they are, for the body of a request. */
    static final TemplateEngine TEXT =
            new TemplateEngine(40_000, restricted().autoEscaping(false).build());

    /** Values percent-encoded: none ends its place in a path, a query or a form. */
    static final TemplateEngine URL = escaping(Template.MAX_URL, "url", PercentEncoding::encode);

    /** Values without what would end a header. */
    static final TemplateEngine HEADER = escaping(8_000, "header", TemplateEngine::printable);

    private static TemplateEngine escaping(int maxLength, String name, EscapingStrategy strategy) {
        return new TemplateEngine(
                maxLength,
                restricted()
                        .autoEscaping(true)
                        .addEscapingStrategy(name, strategy)
                        .defaultEscapingStrategy(name)
                        .build());
    }

    private static String printable(String value) {
        return value.replaceAll("[^\\x20-\\x7e]", "?");
    }

    private static PebbleEngine.Builder restricted() {
        return new PebbleEngine.Builder()
                .loader(new MemoryLoader())
                .cacheActive(false)
                .newLineTrimming(false)
                .strictVariables(false)
                .methodAccessValidator((_, _) -> false)
                .registerExtensionCustomizer(WithoutTagsAndFunctions::new);
    }

    private static final class WithoutTagsAndFunctions extends ExtensionCustomizer {
        WithoutTagsAndFunctions(Extension core) {
            super(core);
        }

        @Override
        public List<TokenParser> getTokenParsers() {
            return List.of();
        }

        @Override
        public Map<String, Function> getFunctions() {
            return Map.of();
        }
    }
}
