package dev.recaller.flow.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recaller.flow.model.ChatModel;
import dev.recaller.flow.model.ModelException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What of an answer may be spoken while its model still writes. */
class AnswerSentencesTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    en | Your appointment on Friday is at three in the afternoon.  | Your appointment on Friday/is at three in the afternoon.
                    en | We have got an opening tomorrow, and one on Monday.       | We have got an opening tomorrow,/and one on Monday.
                    en | The office in Main Street was closed. It opens now.       | The office in Main Street/was closed./It opens now.
                    en | I looked everything up because you asked me to.           | I looked everything up/because you asked me to.
                    en | We have three free places tomorrow morning between lunch and tea. | We have three free places tomorrow morning/between lunch and tea.
                    en | Sure, I can do that.                                      | Sure, I can do that.
                    en | It costs exactly 3,500, or 4.20, or 1, 2, 3 dollars.      | It costs exactly 3,500, or 4.20, or 1, 2, 3 dollars.
                    en | My good colleague Anna, Berta and Carl called.            | My good colleague Anna, Berta and Carl called.
                    en | He plainly said "take the left one, then go" when I asked. | He plainly said "take the left one, then go"/when I asked.
                    en | Our little house (the red one, which is old) is far.      | Our little house (the red one, which is old)/is far.
                    en | Please tell me what you would like.                       | Please tell me what you would like.
                    de | Ihr Termin am Freitag ist um drei Uhr nachmittags.        | Ihr Termin am Freitag/ist um drei Uhr nachmittags.
                    fr | Votre rendez-vous de vendredi est à trois heures.         | Votre rendez-vous de vendredi/est à trois heures.
                    es | Su próxima cita del viernes es a las tres.                | Su próxima cita del viernes/es a las tres.
                    it | Il suo appuntamento di venerdì è alle tre.                | Il suo appuntamento di venerdì/è alle tre.
                    pt | A sua consulta de sexta é às três da tarde.               | A sua consulta de sexta/é às três da tarde.
                    nl | Uw afspraak op vrijdag is om drie uur.                    | Uw afspraak op vrijdag/is om drie uur.
                    zh | 您星期五的预约在下午三点，请准时到。                             | 您星期五的预约在下午三点，/请准时到。
                    xx | A language nobody knows is spoken here, as it is.         | A language nobody knows is spoken here,/as it is.
                    """)
    void givesOutTheBeginningOfTheFirstSentenceAtANaturalPlace(String language, String text, String expected) {
        assertThat(all(Locale.of(language), text.split(language.equals("zh") ? "" : "(?= )")))
                .isEqualTo(List.of(expected.split("/")));
    }

    @Test
    void theFirstClauseIsOutAfterHalfOfTheWords() {
        var model = new Model("Your appointment on Friday is at three in the afternoon.".split("(?= )"), false);
        assertThat(new AnswerSentences(events(model), Locale.US).next()).isEqualTo("Your appointment on Friday");
        assertThat(model.given).as("the verb shows that the clause ended").isEqualTo(5);
    }

    @Test
    void laterSentencesComeWhole() {
        assertThat(all(Locale.US, "Hello! Your appointment on Friday is at three.".split("(?= )")))
                .containsExactly("Hello!", "Your appointment on Friday is at three.");
    }

    @Test
    void aSentenceThatComesInOnePieceIsNotCut() {
        assertThat(all(Locale.US, "Your appointment on Friday is at three. ", "Bye."))
                .containsExactly("Your appointment on Friday is at three.", "Bye.");
    }

    @Test
    void ofAnAnswerThatBreaksBeforeAClauseWasCompleteNothingIsGivenOut() {
        var broken = new Model(new String[] {"Your appointment", " on Friday"}, true);
        AnswerEvents events = events(broken);
        assertThat(new AnswerSentences(events, Locale.US)).isExhausted();
        assertThat(events.failure()).containsInstanceOf(ModelException.class);
    }

    private static List<String> all(Locale locale, String... deltas) {
        List<String> all = new ArrayList<>();
        new AnswerSentences(events(new Model(deltas, false)), locale).forEachRemaining(all::add);
        return all;
    }

    private static AnswerEvents events(Model model) {
        return new AnswerEvents(() -> model, () -> false);
    }

    /** A model that writes what it is told, and may then break. */
    private static final class Model implements ChatModel.Answer {
        private final Iterator<String> deltas;
        private final boolean breaks;
        private int given;

        Model(String[] deltas, boolean breaks) {
            this.deltas = Stream.of(deltas).iterator();
            this.breaks = breaks;
        }

        @Override
        public boolean hasNext() {
            if (breaks && !deltas.hasNext()) {
                throw new ModelException("broke", new IllegalStateException("cut"));
            }
            return deltas.hasNext();
        }

        @Override
        public ChatModel.Event next() {
            given++;
            return new ChatModel.Event.Text(deltas.next());
        }

        @Override
        public void close() {}
    }
}
