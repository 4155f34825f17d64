package dev.recaller.flow.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
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
                    en | Hi John! How can I help you today? | Hi John!/How can I help you today?
                    en | Mr. Brown is in. Shall I call him? | Mr. Brown is in./Shall I call him?
                    en | It is 3.5 km. Walk.                | It is 3.5 km./Walk.
                    en | J. Smith called. Really?           | J. Smith called./Really?
                    en | That was I. You knew.              | That was I./You knew.
                    en | Wait... what?! No way.             | Wait... what?!/No way.
                    en | Wait... What?                      | Wait.../What?
                    en | Well… fine. Bye.                   | Well… fine./Bye.
                    en | "Come in." she said. Fine.         | "Come in." she said./Fine.
                    en | "Come in." She left.               | "Come in."/She left.
                    en | (He is in.) Go.                    | (He is in.)/Go.
                    en | That is it                         | That is it
                    en | It is $4.50. Pay now.              | It is $4.50./Pay now.
                    en | 1. Open the door. 2. Go in.        | 1. Open the door./2. Go in.
                    en | Come at 3. Bring a friend.         | Come at 3./Bring a friend.
                    en | It is on the 5. floor. Yes.        | It is on the 5. floor./Yes.
                    en | Take no. 5. No. Really, no. Bye.   | Take no. 5./No./Really, no./Bye.
                    en | We close on Dec. 3. Merry us.      | We close on Dec. 3./Merry us.
                    en | We open at 8 a.m. on Monday.       | We open at 8 a.m. on Monday.
                    en | We open at 8 a.m. Come in.         | We open at 8 a.m./Come in.
                    en | We open at 8a.m. Come in.          | We open at 8a.m./Come in.
                    en | Bring ID, keys, etc. Thanks.       | Bring ID, keys, etc./Thanks.
                    en | Ask Acme Inc. about it. Bye.       | Ask Acme Inc. about it./Bye.
                    en | The U.S. Senate met. Yes.          | The U.S. Senate met./Yes.
                    en | Snacks, e.g. fruit. Yes.           | Snacks, e.g. fruit./Yes.
                    en | See example.com. Then call.        | See example.com./Then call.
                    en | See www.a.com/b.c?d=e! Then call.  | See www.a.com/b.c?d=e!/Then call.
                    en | Write to a.b@c.de. Thanks.         | Write to a.b@c.de./Thanks.
                    en | Version 2.0.1 is out. Get it.      | Version 2.0.1 is out./Get it.
                    en | Great! 😊 Bye.                     | Great!/😊 Bye.
                    en | !?!                                |
                    en | --- ***                            |
                    de | Er kommt am 5. Mai. Gut.           | Er kommt am 5. Mai./Gut.
                    de | Das ist z. B. gut, z.B. hier. Ja.  | Das ist z. B. gut, z.B. hier./Ja.
                    de | Hr. Dr. Maier, Nr. 7. Stock. Ja.   | Hr. Dr. Maier, Nr. 7. Stock./Ja.
                    de | Äpfel usw. Birnen gibt es. Ja.     | Äpfel usw. Birnen gibt es./Ja.
                    de | Das macht 4,50 €. Danke.           | Das macht 4,50 €./Danke.
                    de | „Komm.“ Er ging.                   | „Komm.“/Er ging.
                    fr | Vous êtes là ? Oui !               | Vous êtes là ?/Oui !
                    fr | M. Dupont et Mme. Roy. Merci.      | M. Dupont et Mme. Roy./Merci.
                    fr | « Bonjour. » Il part.              | « Bonjour. »/Il part.
                    es | ¿Qué? ¡Hola! Sra. Gil, pase.       | ¿Qué?/¡Hola!/Sra. Gil, pase.
                    es | EE.UU. es grande. Sí.              | EE.UU. es grande./Sí.
                    it | Il sig. Rossi, pag. 3. Bene.       | Il sig. Rossi, pag. 3./Bene.
                    pt | A Sra. Silva chegou. Sim.          | A Sra. Silva chegou./Sim.
                    nl | Mevr. Bakker, d.w.z. zij. Ja.      | Mevr. Bakker, d.w.z. zij./Ja.
                    zh | 你好。再见！「好。」是吗？！              | 你好。/再见！/「好。」/是吗？！
                    hi | यह है। ठीक।                         | यह है।/ठीक।
                    """)
    void cutsAtTheEndsOfSentencesWhereverTheTextIsCutOnItsWay(String language, String text, String expected) {
        Locale locale = Locale.of(language);
        List<String> sentences = expected == null ? List.of() : List.of(expected.split("(?<![a-z])/|/(?![a-z])"));
        assertThat(SentenceSplitter.split(text, locale)).isEqualTo(sentences);
        for (int at = 1; at < text.length(); at++) {
            assertThat(streamed(locale, List.of(text.substring(0, at), text.substring(at))))
                    .as("cut after '%s'", text.substring(0, at))
                    .isEqualTo(sentences);
        }
        assertThat(streamed(locale, List.of(text.split("")))).isEqualTo(sentences);
    }

    @Test
    void keepsTheTextAsItIsButForLinesAndWhatCannotBePrinted() {
        assertThat(SentenceSplitter.split("**Hi**  {{name}},\n- one\n\n- _two_ `x`\u0007", Locale.US))
                .containsExactly("**Hi** {{name}},", "- one", "- _two_ `x`");
    }

    @Test
    void doesNotWaitForTheNextSentenceWhenTheEndIsClear() {
        var splitter = new SentenceSplitter(Locale.US);
        splitter.add("We are open. ");
        assertThat(splitter.next()).contains("We are open.");
        splitter.add("It is at 3. ");
        assertThat(splitter.next()).isEmpty();
        splitter.add("B");
        assertThat(splitter.next()).contains("It is at 3.");
    }

    @Test
    void cutsEndlessTextAtACommaOrSpace() {
        assertThat(SentenceSplitter.split("word ".repeat(1_000), Locale.US))
                .hasSizeGreaterThan(10)
                .allMatch(it -> it.length() <= 301);
        assertThat(SentenceSplitter.split("x".repeat(1_000), Locale.US)).hasSizeBetween(3, 5);
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void piecesOfAnySizeGiveTheSameSentences(long seed) {
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
        List<String> deltas = new ArrayList<>();
        for (int at = 0; at < LONG.length(); ) {
            int end = Math.min(LONG.length(), at + random.nextInt(1, 9));
            deltas.add(LONG.substring(at, end));
            at = end;
        }
        assertThat(streamed(Locale.US, deltas))
                .isEqualTo(SentenceSplitter.split(LONG, Locale.US))
                .hasSizeGreaterThan(5);
    }

    private static List<String> streamed(Locale locale, List<String> deltas) {
        SentenceSplitter splitter = new SentenceSplitter(locale);
        List<String> sentences = new ArrayList<>();
        for (String delta : deltas) {
            splitter.add(delta);
            for (Optional<String> next = splitter.next(); next.isPresent(); next = splitter.next()) {
                sentences.add(next.get());
            }
        }
        splitter.rest().ifPresent(sentences::add);
        return sentences;
    }
}
