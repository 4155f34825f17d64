package dev.recaller.flow.node;

import dev.recaller.flow.definition.Flow;
import dev.recaller.flow.definition.Node;
import dev.recaller.flow.definition.PhoneNode;
import dev.recaller.flow.definition.SpeechNode;
import dev.recaller.flow.expression.Template;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What a flow says in the same words at every call, so that it can be spoken before there is one. */
public final class FixedPhrases {

    private FixedPhrases() {}

    /** Sentences as the line gets them, in the document's order; none twice. */
    public static List<String> of(Flow flow) {
        Locale locale = flow.configuration().locale();
        Stream<String> said = flow.nodes().values().stream().flatMap(node -> texts(node, locale));
        Stream<String> stock = Stream.of(StockPhrase.values()).map(phrase -> phrase.in(locale));
        return Stream.concat(said, stock)
                .flatMap(text -> SentenceSplitter.split(text, locale).stream())
                .filter(sentence -> !sentence.contains("{{") && !sentence.contains("}}"))
                .distinct()
                .toList();
    }

    private static Stream<String> texts(Node node, Locale locale) {
        return switch (node) {
            case SpeechNode.Say say -> source(say.text());
            case SpeechNode.Hangup hangup -> source(hangup.say());
            case PhoneNode.Transfer transfer ->
                Stream.concat(
                        source(transfer.say()),
                        transfer.warm() == null ? Stream.empty() : Stream.of(TakingOver.question(locale)));
            case PhoneNode.CollectDigits collect -> source(collect.say());
            default -> Stream.empty();
        };
    }

    private static Stream<String> source(@Nullable Template text) {
        return Stream.ofNullable(text).map(Template::source);
    }
}
