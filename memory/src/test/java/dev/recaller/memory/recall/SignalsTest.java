package dev.recaller.memory.recall;

import static dev.recaller.memory.recall.Said.by;
import static dev.recaller.memory.recall.Said.call;
import static dev.recaller.memory.recall.Said.fact;
import static dev.recaller.memory.recall.Said.found;
import static dev.recaller.memory.recall.Said.question;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each signal by itself. */
final class SignalsTest {

    private static final CallerIndex DOG = CallerIndex.of(call(
            "agent: Good morning.",
            "caller: My dog is ill.",
            "agent: How old is your dog?",
            "caller: Four.",
            "agent: I see.",
            "caller: He likes carrots."));

    @Test
    void aBareAnswerIsFoundByTheWordsOfItsQuestion() {
        assertThat(by(Signal.PAIR_WORDS, DOG, question("how old is the dog")))
                .contains(3)
                .doesNotContain(0, 5);
        assertThat(by(Signal.WORDS, DOG, question("how old is the dog"))).doesNotContain(3);
        assertThat(found(DOG, "how old is the dog")).startsWith(3);
    }

    @Test
    void neighboursAreThoseOfTheSameCall() {
        assertThat(by(Signal.WORDS, DOG, question("carrots"))).containsExactly(5);
        assertThat(by(Signal.WORDS_BEFORE, DOG, question("ill"))).containsExactly(2);
        assertThat(by(Signal.WORDS_AFTER, DOG, question("ill"))).containsExactly(0);
        assertThat(by(Signal.WORDS_TWO_BEFORE, DOG, question("ill"))).containsExactly(3);
        assertThat(by(Signal.AROUND_WORDS, DOG, question("ill"))).containsExactlyInAnyOrder(0, 1, 2);

        List<Passage> twoAtOnce = new ArrayList<>(call("caller: My dog is ill."));
        twoAtOnce.addAll(call(10, Said.NOW, "caller: Something else."));
        assertThat(by(Signal.WORDS_BEFORE, CallerIndex.of(twoAtOnce), question("ill")))
                .isEmpty();
    }

    @Test
    void allOfACallSpeaksForEachOfItsTurns() {
        List<Passage> two = new ArrayList<>(call("caller: The oven is broken.", "caller: It smells of gas."));
        two.addAll(call(10, Said.NOW, "caller: The parcel is late.", "caller: It holds a vase."));
        assertThat(by(Signal.CALL_WORDS, CallerIndex.of(two), question("parcel")))
                .containsExactlyInAnyOrder(10, 11);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    did I say it              | caller
                    what is my number         | caller
                    what did the caller want  | caller
                    what did you tell me      | agent
                    what did you promise me   | agent
                    do you remember my name   | caller
                    what is it                | nobody
                    the caller and the agent  | nobody
                    """)
    void theSpeakerIsWhoTheQuestionIsAbout(String asked, String speaker) {
        CallerIndex index = CallerIndex.of(call("caller: I say it, number, name.", "agent: I promise, want, tell."));
        assertThat(by(Signal.SPEAKER, index, question(asked + " say promise")))
                .isEqualTo(
                        switch (speaker) {
                            case "caller" -> List.of(0);
                            case "agent" -> List.of(1);
                            default -> List.of();
                        });
    }

    @Test
    void ofSeveralWhoShareAPhoneTheOneNamedIsMeant() {
        CallerIndex index = CallerIndex.of(call("Anna: I sing.", "Omar: I sing.", "agent: You sing."));
        assertThat(by(Signal.SPEAKER, index, question("what does Omar sing"))).containsExactly(1);
        assertThat(by(Signal.SPEAKER, index, question("what do I sing"))).containsExactlyInAnyOrder(0, 1);
    }

    @Test
    void aDateMeansWhatWasSaidThen() {
        List<Passage> calls =
                new ArrayList<>(call(0, Said.NOW.minus(Duration.ofDays(7)), "caller: The delivery came."));
        calls.addAll(call(10, Said.NOW.minus(Duration.ofDays(200)), "caller: The delivery came."));
        CallerIndex index = CallerIndex.of(calls);
        assertThat(by(Signal.DATE, index, question("the delivery last week"))).containsExactly(0);
        assertThat(by(Signal.DATE, index, question("the delivery in September")))
                .containsExactly(10);
        assertThat(by(Signal.DATE, index, question("the delivery"))).isEmpty();
    }

    @Test
    void turnsAreKnownByWhatTheyLookLike() {
        CallerIndex index = CallerIndex.of(call(
                "agent: Is the tap dripping?",
                "caller: My tap leaks since Tuesday.",
                "agent: where is the tap",
                "caller: The tap? There are 3."));
        assertThat(by(Signal.ASKS, index, question("tap"))).containsExactlyInAnyOrder(0, 2);
        assertThat(by(Signal.FIRST, index, question("tap"))).containsExactly(0);
        assertThat(by(Signal.PERSONAL, index, question("tap"))).containsExactly(1);
        assertThat(by(Signal.TIME, index, question("tap"))).containsExactly(1);
        assertThat(by(Signal.TIME_ASKED, index, question("tap"))).isEmpty();
        assertThat(by(Signal.TIME_ASKED, index, question("since when did the tap leak")))
                .containsExactly(1);
        assertThat(by(Signal.NUMBER_ASKED, index, question("tap"))).isEmpty();
        assertThat(by(Signal.NUMBER_ASKED, index, question("how many taps"))).containsExactly(3);
    }

    @Test
    void misheardWordsAndPhrasesAreFound() {
        CallerIndex index = CallerIndex.of(
                call("caller: Doctor Lindqvist, please.", "caller: The bus stop.", "caller: Stop the bus driver."));
        assertThat(by(Signal.WORDS, index, question("lindkvist"))).isEmpty();
        assertThat(by(Signal.LETTERS, index, question("lindkvist"))).containsExactly(0);
        assertThat(by(Signal.PHRASES, index, question("bus driver"))).containsExactly(2);
    }

    @Test
    void aFactSpeaksForTheTurnsItCameFrom() {
        List<Passage> all = new ArrayList<>(call("agent: What pet is it?", "caller: Rex.", "caller: It rains."));
        all.add(fact(20, "The dog of the caller is called Rex.", 1));
        assertThat(by(Signal.FACT, CallerIndex.of(all), question("dog"))).containsExactly(1);
        assertThat(found(CallerIndex.of(all), "dog")).contains(1).doesNotContain(20);
    }

    @Test
    void aFactWithoutItsTurnsIsFoundItself() {
        List<Passage> all = new ArrayList<>(call("caller: It rains.", "caller: A dog barks at night, I think."));
        all.add(fact(20, "The dog of the caller is called Rex."));
        all.add(fact(21, "The cat of the caller is called Tom.", 99));
        assertThat(found(CallerIndex.of(all), "what is the dog called")).startsWith(20);
        assertThat(found(CallerIndex.of(all), "what is the cat called")).startsWith(21);
    }
}
