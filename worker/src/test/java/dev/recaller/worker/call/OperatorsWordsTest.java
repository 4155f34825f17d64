package dev.recaller.worker.call;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recaller.flow.line.Said;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class OperatorsWordsTest {

    private final OperatorsWords words = new OperatorsWords();
    private final List<String> said = new ArrayList<>();

    @Test
    void areSaidInTheirOrderButForThoseNobodyWaitsForAnyMore() throws Exception {
        var first = words.say("One.");
        var second = words.say("Two.");
        var third = words.say("Three.");
        assertThat(second.cancel(false)).isTrue();

        words.sayAll(this::voice);

        assertThat(said).containsExactly("One.", "Three.");
        assertThat(first).isCompletedWithValue(new Said.Whole("One."));
        assertThat(third).isCompletedWithValue(new Said.Whole("Three."));
    }

    @Test
    void endWithTheCall() throws Exception {
        var waiting = words.say("One.");
        words.end();
        var late = words.say("Two.");

        words.sayAll(this::voice);

        assertThat(said).isEmpty();
        assertThat(waiting).isCompletedWithValue(new Said.HungUp(""));
        assertThat(late).isCompletedWithValue(new Said.HungUp(""));
    }

    private Said voice(String text) {
        said.add(text);
        return new Said.Whole(text);
    }
}
