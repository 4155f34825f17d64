package dev.recaller.worker.speech;

import static org.assertj.core.api.Assertions.anyOf;
import static org.assertj.core.api.Assertions.assertThat;

import dev.recaller.worker.openai.OpenAi;
import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PhrasesTest {

    @TempDir
    private Path folder;

    @Test
    void keepsAPhraseForALaterStartWithoutAnyServer() throws Exception {
        short[] rendered;
        try (var server = RealSpeech.server()) {
            var voice = server.speech("tts-1", "alloy");
            var phrases = new Phrases(folder);
            phrases.prepare(OwnPhrase.APOLOGY.in(Locale.US), voice);
            rendered = phrases.audio(OwnPhrase.APOLOGY.in(Locale.US), voice);
            assertThat(server.transcription("whisper-1", "en-US")
                            .transcribe(RealSpeech.to16k(rendered))
                            .text())
                    .is(SoundsLike.words("something went wrong"))
                    .is(anyOf(SoundsLike.words("goodbye"), SoundsLike.words("bye")));
        }
        try (var nowhere = OpenAi.connect("http://127.0.0.1:1/v1", null)) {
            var voice = nowhere.speech("tts-1", "alloy");
            var later = new Phrases(folder);
            later.prepare(OwnPhrase.APOLOGY.in(Locale.US), voice);
            assertThat(later.audio(OwnPhrase.APOLOGY.in(Locale.US), voice)).isEqualTo(rendered);
            assertThat(later.audio(OwnPhrase.APOLOGY.in(Locale.US), nowhere.speech("tts-1", "echo")))
                    .isEqualTo(rendered);
        }
    }

    @Test
    void soundsATonePatternWhenThereIsNothingElse() throws Exception {
        try (var nowhere = OpenAi.connect("http://127.0.0.1:1/v1", null)) {
            var voice = nowhere.speech("tts-1", "alloy");
            var phrases = new Phrases(folder);
            phrases.prepare(OwnPhrase.APOLOGY.in(Locale.US), voice);
            short[] tone = phrases.audio(OwnPhrase.APOLOGY.in(Locale.US), voice);
            assertThat(tone.length).isGreaterThan(24_000);
            assertThat(RealSpeech.loudness(tone)).isGreaterThan(1_000);
        }
        assertThat(folder).isEmptyDirectory();
    }
}
