package dev.recaller.memory.extract;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class IntroductionsTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    My name is John.                                              | John
                    my name is john                                               | John
                    MY NAME IS JOHN                                               | John
                    Hi, my name is John Smith and I need a plumber.               | John Smith
                    hello my name is john smith and i need a plumber              | John Smith
                    My name's Jo.                                                 | Jo
                    my names john                                                 | John
                    My name’s John                                                | John
                    My name is Will.                                              | Will
                    The name's Bond.                                              | Bond
                    This is John Smith.                                           | John Smith
                    hi this is john                                               | John
                    Hey, this is Sarah from Acme Plumbing.                        | Sarah
                    This is John speaking.                                        | John
                    This is Doctor Patel speaking.                                | Doctor Patel
                    That's John without an h.                                     | Jon
                    It's spelled Juliet, Oscar, Hotel, November.                  | John
                    I'm John                                                      | John
                    i'm john                                                      | John
                    im john and i want to book a table                            | John
                    I am Ana María López.                                         | Ana María López
                    I'm called Xanthippe.                                         | Xanthippe
                    I am named Peter                                              | Peter
                    You can call me Jo.                                           | Jo
                    Please call me Bob, everybody does.                           | Bob
                    I go by Kit.                                                  | Kit
                    John speaking.                                                | John
                    Hello, John Smith speaking, good morning.                     | John Smith
                    Yes, hi, Mary here.                                           | Mary
                    john here                                                     | John
                    John is my name.                                              | John
                    Hi, it's Peter.                                               | Peter
                    It's Maria again.                                             | Maria
                    You're speaking with Anna Novak.                              | Anna Novak
                    This is Dr. Smith.                                            | Dr Smith
                    My name is Ludwig van Beethoven.                              | Ludwig van Beethoven
                    My name is Sinéad O'Connor                                    | Sinéad O'Connor
                    my name is sinead o'connor                                    | Sinead O'Connor
                    My name is Jean-Luc                                           | Jean-Luc
                    my name is john calling about my order                        | John
                    My name is John, is Mary there?                               | John
                    My name is John Smith, J-O-H-N.                               | John Smith
                    My name is Jon, that's J-O-N.                                 | Jon
                    My name is John. J O N.                                       | Jon
                    My name is John Smith. That's S-M-Y-T-H.                      | John Smyth
                    My name is Ann, A as in Alpha, N as in Nancy, N like November, E | Anne
                    My name is J-O-H-N.                                           | John
                    it's spelled M-A-R-Y                                          | Mary
                    """)
    void hearsTheCallersOwnName(String said, String name) {
        assertThat(names(said, null)).as(said).containsExactly(name);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "I'm fine.",
                "I'm fine, thanks.",
                "I'm sorry, what?",
                "I'm calling about my order.",
                "I am looking for a plumber.",
                "I'm here.",
                "I'm not sure.",
                "I'm German.",
                "i'm hungry",
                "I'm John's wife.",
                "I'm with Acme.",
                "I'm from Boston.",
                "I'm Not Sure",
                "I'M FINE THANKS",
                "This is about the invoice.",
                "This is Bank of America.",
                "This is the third time I call.",
                "This is great.",
                "This is John's mother.",
                "this is urgent",
                "Is this John?",
                "Is John there?",
                "Can I speak to John?",
                "Do you know who this is?",
                "I wanted to know if this is Acme.",
                "My name is not important.",
                "What's my name?",
                "Is my name on the list?",
                "My friend John told me to call.",
                "Her name is Mary.",
                "My wife's name is Mary.",
                "My last name is Smith.",
                "Call me back tomorrow.",
                "Please call me after five.",
                "Call me tomorrow",
                "Don't call me John.",
                "Please don't call me.",
                "It's Friday.",
                "It's Visa.",
                "it's fine",
                "Generally speaking, yes.",
                "I'm speaking English.",
                "Nobody here.",
                "Over here.",
                "Right here",
                "Hello?",
                "The name is wrong on the invoice.",
                "My order is A-B-C-D.",
                "I'm going to be late.",
                "I'm interested in the room.",
                "No, I'm good.",
                "I'm done, thank you.",
                "I'm in a hurry",
                "I am very upset.",
                "I'm a doctor.",
                "I'm Monday to Friday at work.",
                "yes i'm ready",
            })
    void takesNothingElseForAName(String said) {
        assertThat(names(said, null)).as(said).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    Who am I talking to?                  | John.               | John
                    Hello, who am I speaking with?        | john                | John
                    May I have your name?                 | John Smith          | John Smith
                    May I have your name, please?         | Yes, it's John.     | John
                    What is your name?                    | Uh, Xanthippe.      | Xanthippe
                    What should I call you?               | Jo, please.         | Jo
                    Who's calling?                        | Maria from Acme.    | Maria
                    Can you spell your name?              | J-O-N.              | Jon
                    Could you spell that?                 | S M Y T H E         | Smythe
                    """)
    void hearsABareAnswerWhenAsked(String asked, String said, String name) {
        assertThat(names(said, asked)).containsExactly(name);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    Who am I talking to?                  | I'd rather not say.
                    Who am I talking to?                  | Nobody.
                    Who am I talking to?                  | Why?
                    What is your name?                    | None of your business.
                    What is your name?                    | Sorry?
                    What is your name?                    | Can you repeat that?
                    What is your name?                    | A customer.
                    Am I speaking with John?              | Yes.
                    What day suits you?                   | Friday.
                    What can I do for you?                | Plumbing.
                    """)
    void anAnswerThatIsNoNameIsNone(String asked, String said) {
        assertThat(names(said, asked)).isEmpty();
    }

    @Test
    void theAgentsTurnsAreNoEvidence() {
        assertThat(Introductions.in(new Utterance(0, false, "My name is Ada, how can I help?"), null))
                .isEmpty();
    }

    @Test
    void namesInOneTurnComeInTheirOrder() {
        assertThat(names("My name is John. No, sorry, it's Jim.", null)).containsExactly("John", "Jim");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "No, it is Peter.",
                "no it's peter",
                "Actually, my name is Peter.",
                "Actually, I'm Peter.",
                "I changed my name to Peter.",
                "I changed my name, it's Peter now.",
                "My name is not John, it's Peter.",
                "No, my name is Peter.",
                "You got my name wrong, my name is Peter."
            })
    void wordsOfCorrectionTakeTheEarlierNameBack(String said) {
        assertThat(Introductions.in(new Utterance(3, true, said), null)).last().satisfies(introduction -> {
            assertThat(introduction.name()).isEqualTo("Peter");
            assertThat(introduction.correction()).isTrue();
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"My name is Peter.", "This is Peter.", "No, this is Peter.", "No, Peter speaking.", "I'm Peter."
            })
    void anotherPersonOnTheLineIsNoCorrection(String said) {
        assertThat(Introductions.in(new Utterance(3, true, said), null))
                .containsExactly(new Introduction(3, "Peter", false, false));
    }

    private static List<String> names(String said, @Nullable String before) {
        return Introductions.in(new Utterance(0, true, said), before).stream()
                .map(Introduction::name)
                .toList();
    }
}
