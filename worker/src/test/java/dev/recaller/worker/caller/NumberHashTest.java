package dev.recaller.worker.caller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class NumberHashTest {

    @Test
    void dependsOnTheNumberAndTheKey() {
        NumberHash hash = new NumberHash("0123456789abcdef");

        assertThat(hash.of("+12345678900"))
                .matches("[0-9a-f]{32}")
                .isEqualTo(new NumberHash("0123456789abcdef").of("+12345678900"))
                .isNotEqualTo(hash.of("+12345678901"))
                .isNotEqualTo(new NumberHash("0123456789abcdeg").of("+12345678900"));
    }

    @Test
    void refusesAKeyThatCanBeGuessed() {
        assertThatThrownBy(() -> new NumberHash("short")).hasMessageNotContaining("short");
    }
}
