package dev.recaller.flow.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SentenceSplitterTest {

    private static final String LONG = """
            Hi John! Dr. Smith of J. R. Miller Inc. is in at 8 a.m. on the 5. floor... Is that fine?! It costs $3.50. "Yes."
            He said so (twice). See example.com for more - e.g. our hours. {Thanks} **bye**""";

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    Hi John! How can I help you today? | Hi John!/How can I help you today?
                    Mr. Brown is in. Shall I call him? | Mr. Brown is in./Shall I call him?
                    It is 3.5 km. Walk.                | It is 3.5 km./Walk.
                    J. Smith called. Really?           | J. Smith called./Really?
                    Wait... what?! No way.             | Wait.../what?!/No way.
                    "Come in." she said. Fine.         | "Come in."/she said./Fine.
                    That is it                         | That is it
                    Er kommt am 5. Mai. Gut.           | Er kommt am 5. Mai./Gut.
                    你好。再见！                          | 你好。/再见！
                    !?!                                |
                    """)
    void cutsAtTheEndsOfSentences(String text, String expected) {
        assertThat(SentenceSplitter.split(text)).isEqualTo(expected == null ? List.of() : List.of(expected.split("/")));
    }

    @Test
    void saysNothingThatIsNotSpoken() {
        assertThat(SentenceSplitter.split("**Hi**  {{name}},\n- one\n- _two_ `x`\u0007"))
                .containsExactly("Hi name,", "- one", "- two x");
    }

    @Test
    void cutsEndlessTextAtACommaOrSpace() {
        assertThat(SentenceSplitter.split("word ".repeat(1_000)))
                .hasSizeGreaterThan(10)
                .allMatch(it -> it.length() <= 301);
        assertThat(SentenceSplitter.split("x".repeat(1_000))).hasSizeBetween(3, 5);
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void piecesOfAnySizeGiveTheSameSentences(long seed) {
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
        SentenceSplitter splitter = new SentenceSplitter();
        List<String> sentences = new ArrayList<>();
        for (int at = 0; at < LONG.length(); ) {
            int end = Math.min(LONG.length(), at + random.nextInt(1, 9));
            splitter.add(LONG.substring(at, end));
            at = end;
            for (Optional<String> next = splitter.next(); next.isPresent(); next = splitter.next()) {
                sentences.add(next.get());
            }
        }
        splitter.rest().ifPresent(sentences::add);
        assertThat(sentences).isEqualTo(SentenceSplitter.split(LONG)).hasSizeGreaterThan(5);
    }
}
