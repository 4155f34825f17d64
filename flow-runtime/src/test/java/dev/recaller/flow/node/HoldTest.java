package dev.recaller.flow.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What asks to be waited for, and what only sounds like it. */
class HoldTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Hold on.",
                "Hold on, please.",
                "One moment please.",
                "Just a second.",
                "Um, just a sec.",
                "Okay, hang on a minute.",
                "Sorry, could you hold on for a moment?",
                "Wait, wait.",
                "Can you hold the line, please?",
                "Give me two minutes, okay?",
                "Bear with me. I\u2019ll be right back.",
                "Let me check.",
                "Let me just look it up, one second.",
                "Please hold."
            })
    void asksToBeWaitedFor(String words) {
        assertThat(Hold.isAll(words, Locale.US, false)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Hold on, that's wrong, I meant Friday.",
                "Wait, make it two.",
                "I was put on hold.",
                "Can you hold the table for me?",
                "One moment, my number is 555.",
                "Two minutes.",
                "The second.",
                "Second.",
                "Yes, one moment.",
                "No, wait.",
                "Let me get a large pizza.",
                "Please.",
                "Okay.",
                "Thank you, sorry.",
                "",
                "Hold on hold on hold on hold on hold on hold on hold on hold on hold on hold on hold on"
            })
    void saysMoreOrSomethingElse(String words) {
        assertThat(Hold.isAll(words, Locale.US, false)).isFalse();
    }

    @Test
    void yesSaysNoMoreToWhoAskedWhetherTheCallerIsThere() {
        assertThat(Hold.isAll("Yes, one moment.", Locale.US, true)).isTrue();
        assertThat(Hold.isAll("I'm still here, just a second.", Locale.US, true))
                .isTrue();
        assertThat(Hold.isAll("Yes.", Locale.US, true)).isFalse();
        assertThat(Hold.isAll("Ja, einen Moment noch.", Locale.GERMANY, true)).isTrue();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            de | Einen Moment bitte. | Moment, das stimmt nicht.
            de | Warten Sie mal kurz. | Warten Sie auf mich?
            de | Ich schaue kurz nach. | Ich schaue mir das an.
            de | Bleiben Sie bitte dran. | Zwei Minuten.
            es | Un momento, por favor. | Un momento, no es el lunes.
            es | Sí, espere un segundo... | Segundo.
            es | Déjeme ver. | Espere, quiero dos.
            fr | Un instant, s'il vous plaît. | Un instant plus tard.
            fr | Attendez une seconde. | Attendez, c'est mardi.
            fr | Ne quittez pas, je reviens. | Deux minutes.
            it | Un attimo, per favore. | Un attimo, non è giusto.
            it | Aspetti un momento. | Secondo.
            it | Mi faccia controllare. | Mi faccia un favore.
            nl | Een ogenblikje alstublieft. | Een ogenblik, dat klopt niet.
            nl | Wacht even. | Ik wacht op maandag.
            nl | Eén moment, ik ben zo terug. | Eén.
            pt | Só um momento, por favor. | Só um, por favor.
            pt | Espera aí, já volto. | Espera, é terça.
            pt | Não desligue. | Segundo.
            """)
    void knowsTheLanguagesOfTheStockPhrases(String language, String hold, String more) {
        Locale locale = Locale.forLanguageTag(language);
        boolean afterYes = hold.startsWith("Sí");
        assertThat(Hold.isAll(hold, locale, afterYes)).as(hold).isTrue();
        assertThat(Hold.isAll(more, locale, false)).as(more).isFalse();
    }

    @Test
    void ofOtherLanguagesNothingIsKnown() {
        assertThat(Hold.isAll("Hold on.", Locale.JAPAN, false)).isFalse();
    }
}
