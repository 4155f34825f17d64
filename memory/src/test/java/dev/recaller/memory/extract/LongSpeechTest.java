package dev.recaller.memory.extract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a caller says may be as long and as strange as it likes. */
final class LongSpeechTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1",
                "1 ",
                "one ",
                "one-",
                "a-",
                "a ",
                "hi ",
                "my name is ",
                "call me ",
                "my pin ",
                "my password is ",
                "no, it's ",
                "John ",
                "john, ",
                "'",
                "hello, ",
                "don't ",
                "between one ",
                "text me "
            })
    void isReadInTimeToo(String piece) {
        String text = piece.repeat(30_000 / piece.length());
        var said = new Utterance(0, true, text);

        assertTimeout(Duration.ofSeconds(10), () -> {
            assertThat(Redaction.apply(text, "What is your PIN?")).isNotNull();
            assertThat(Introductions.in(said, "What is your name?")).isNotNull();
            assertThat(ContactPreferences.in(said)).isNotNull();
            assertThat(Sensitivity.isSensitive(text)).isIn(true, false);
        });
    }
}
