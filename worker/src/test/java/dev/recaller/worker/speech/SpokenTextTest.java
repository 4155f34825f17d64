package dev.recaller.worker.speech;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SpokenTextTest {

    private final SpokenText text = new SpokenText();

    @Test
    void hearsNothingBeforeTheFirstSample() {
        begin("Hi John!", 0);
        text.end(24_000);
        assertThat(text.heard(0)).isEmpty();
    }

    @Test
    void hearsWholeSentencesAndWholeWordsOfTheOneCutShort() {
        begin("Hi John!", 0);
        text.end(24_000);
        begin("one two three four", 24_000);
        text.end(24_000 + 18_000);
        assertThat(text.heard(24_000)).isEqualTo("Hi John!");
        assertThat(text.heard(24_000 + 2_900)).isEqualTo("Hi John!");
        assertThat(text.heard(24_000 + 3_100)).isEqualTo("Hi John! one");
        assertThat(text.heard(24_000 + 9_000)).isEqualTo("Hi John! one two");
        assertThat(text.heard(24_000 + 17_999)).isEqualTo("Hi John! one two three");
        assertThat(text.heard(42_000)).isEqualTo("Hi John! one two three four");
    }

    @Test
    void estimatesASentenceWhoseAudioIsStillComing() {
        begin("a sentence that is still being made", 0);
        assertThat(text.heard(24_000)).isEqualTo("a sentence that");
    }

    @Test
    void joinsAClauseAndItsRestAsTheyWereWritten() {
        begin("Your appointment", 0);
        text.end(100);
        begin("is at three.", 100);
        text.end(200);
        assertThat(text.heard(200)).isEqualTo("Your appointment is at three.");
    }

    @Test
    void putsNoSpaceBetweenChineseSentences() {
        begin("你好。", 0);
        text.end(100);
        begin("再见！", 100);
        text.end(200);
        assertThat(text.heard(200)).isEqualTo("你好。再见！");
    }

    private void begin(String sentence, long from) {
        text.begin(() -> Spoken.verbatim(sentence), from);
    }
}
