package dev.recaller.memory.recall;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class E5EmbedderTest {

    private static final E5Embedder EMBEDDER = E5Embedder.open();

    @AfterAll
    static void close() {
        EMBEDDER.close();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    hello world                 | 7592 2088
                    Hello, World!               | 7592 1010 2088 999
                    embeddings                  | 7861 8270 4667 2015
                    Café                        | 7668
                    don't                       | 2123 1005 1056
                    x 𝟘                        | 1060 100
                    東京                          | 1879 1755
                    """)
    void cutsTextIntoThePiecesTheModelLearnt(String text, String pieces) throws IOException {
        try (InputStream file = E5Embedder.class.getResourceAsStream("/e5-small-v2-q-tokenizer.json")) {
            int[] ids = WordPieces.read(Objects.requireNonNull(file)).of(text);
            assertThat(IntStream.of(ids).mapToObj(Integer::toString)).isEqualTo(List.of(pieces.split(" ", -1)));
        }
    }

    @Test
    void relatedTextsAreNearerThanOthers() {
        float[] question = EMBEDDER.question("What is my dog called?").vector();
        Vectors dog = vectors("caller: We have a puppy, his name is Rex.");
        Vectors bill = vectors("caller: The invoice of last month is too high.");

        assertThat(dot(question, dog.turn())).isGreaterThan(dot(question, bill.turn()) + 0.02);
        assertThat(match("What is my dog called?", dog)).isGreaterThan(match("What is my dog called?", bill));
        assertThat(dot(dog.turn(), dog.turn())).isCloseTo(1, offset(1e-5));
    }

    @Test
    void aPairIsReadWithTheTurnBefore() {
        List<Passage> call = Said.call("agent: How old is your dog?", "caller: Four.");
        Vectors alone = EMBEDDER.passage(call.getLast(), null);
        Vectors after = EMBEDDER.passage(call.getLast(), call.getFirst());
        float[] question = EMBEDDER.question("the age of the dog").vector();

        assertThat(alone.pair()).isEqualTo(alone.turn());
        assertThat(after.turn()).isEqualTo(alone.turn());
        assertThat(dot(question, after.pair())).isGreaterThan(dot(question, after.turn()));
    }

    @Test
    void keepsTheNumberAndStateOfEachPiece() {
        Vectors vectors = vectors("caller: hello world");

        assertThat(vectors.tokens()).hasSize(4 * TokenBasis.TOKEN);
        int at = 2 * TokenBasis.TOKEN;
        assertThat((vectors.tokens()[at] & 0xff) | (vectors.tokens()[at + 1] << 8))
                .isEqualTo(7592);
        assertThat(EMBEDDER.question("what is the world").tokens())
                .as("of a question only what says something")
                .hasSize(TokenBasis.TOKEN);
        assertThat(EMBEDDER.model()).matches("e5-small-v2-q/250/64-[0-9a-f]+");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "?!", "the of", "😀", "\u0000\uD800"})
    void oddTextHasVectorsToo(String text) {
        Embedding question = EMBEDDER.question(text);

        assertThat(dot(question.vector(), question.vector())).isCloseTo(1, offset(1e-5));
        assertThat(match(text, vectors("caller: " + text))).isBetween(-1.1, 1.1);
    }

    @Test
    void ofVeryLongTextTheBeginIsRead() {
        String text = "a minute of speech ".repeat(600);

        assertThat(vectors("caller: " + text).tokens()).hasSize(250 * TokenBasis.TOKEN);
        assertThat(EMBEDDER.question(text).vector()).hasSize(TokenBasis.STATE);
    }

    @Test
    void manyThreadsGetTheSameVectors() throws Exception {
        List<Callable<float[]>> runs = new ArrayList<>();
        for (int i = 0; i < 32; i++) {
            int number = i % 4;
            runs.add(() -> EMBEDDER.question("question number " + number).vector());
        }
        try (var threads = Executors.newFixedThreadPool(4)) {
            List<Future<float[]>> done = threads.invokeAll(runs);
            for (int i = 0; i < done.size(); i++) {
                assertThat(done.get(i).get())
                        .isEqualTo(EMBEDDER.question("question number " + i % 4).vector());
            }
        }
    }

    @Test
    void aParaphraseIsFoundByItsMeaning() {
        List<Passage> call = Said.call(
                "agent: What can I do for you?",
                "caller: My purse was stolen on the tram.",
                "agent: I will block your card.",
                "caller: The garden is full of slugs.",
                "agent: I am sorry.");
        var vectors = new HashMap<UUID, Vectors>();
        for (int i = 0; i < call.size(); i++) {
            vectors.put(call.get(i).id(), EMBEDDER.passage(call.get(i), i == 0 ? null : call.get(i - 1)));
        }
        String text = "which animals eat vegetables";
        var question = new Question(text, EMBEDDER.question(text), Said.NOW);

        assertThat(CallerIndex.of(call).search(question, 5))
                .as("no word is shared")
                .isEmpty();
        assertThat(CallerIndex.of(call, Map.copyOf(vectors)).search(question, 1))
                .extracting(Said::number)
                .containsExactly(3);
    }

    private static Vectors vectors(String turn) {
        return EMBEDDER.passage(Said.call(turn).getFirst(), null);
    }

    private static double match(String question, Vectors passage) {
        int[] having = new int[1 << 16];
        TokenMatch.count(List.of(passage), having, 1);
        return new TokenMatch(EMBEDDER.question(question).tokens(), having, 1).score(passage.tokens());
    }

    private static double dot(float[] left, float[] right) {
        double sum = 0;
        for (int i = 0; i < left.length; i++) {
            sum += left[i] * right[i];
        }
        return sum;
    }
}
