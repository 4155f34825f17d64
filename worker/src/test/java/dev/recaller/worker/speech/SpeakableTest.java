package dev.recaller.worker.speech;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SpeakableTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', ignoreLeadingAndTrailingWhitespace = true, textBlock = """
                    en-US | Plain text, Dr. Smith: 3.5 or 1,250 of the 3rd. | Plain text, Dr. Smith: 3.5 or 1,250 of the 3rd.
                    en-US | **Hi** _there_, `now`!                   | Hi there, now!
                    en-US | ## Our hours                             | Our hours
                    en-US | - one *thing*                            | one thing
                    en-US | 1. Open the door                         | 1, Open the door
                    en-US | See [our page](https://a.com/x?y=1).     | See our page.
                    en-US | Great 😊👍🏽 then!                        | Great then!
                    en-US | Come on 2026-12-03.                      | Come on December 3, 2026.
                    en-US | Come on 12/03/2026.                      | Come on December 3, 2026.
                    en-GB | Come on 12/03/2026.                      | Come on 12 March 2026.
                    en-US | Come on 13/14/2026.                      | Come on 13/14/2026.
                    en-US | At 3:30pm or 9 a.m. or 15:00.            | At 3:30 PM or 9 AM or 3 PM.
                    en-US | At 9:00, 9:05, 0:15 and 10:30.           | At 9 o'clock, 9 oh 5, 12:15 AM and 10:30.
                    en-US | We close at 5 p.m.                       | We close at 5 PM.
                    en-US | Call (415) 555-0199 now.                 | Call 4 1 5, 5 5 5, 0 1 9 9 now.
                    en-US | Call +1 415-555-0199.                    | Call plus 1, 4 1 5, 5 5 5, 0 1 9 9.
                    en-US | Your order is 123456789.                 | Your order is 1 2 3, 4 5 6, 7 8 9.
                    en-US | That is $4.50, not $1 or $1,200.00.      | That is 4 dollars and 50 cents, not 1 dollar or 1200 dollars.
                    en-US | It made $3.5 million, £2 billion.        | It made 3.5 million dollars, 2 billion pounds.
                    en-US | That is $1,200,000 or $150000.           | That is 1200000 dollars or 150000 dollars.
                    en-US | From 2019-2024, 10000 people.            | From 2019 to 2024, 10000 people.
                    en-US | That is 20% off, for 3 km & 5 kg.        | That is 20 percent off, for 3 kilometers and 5 kilograms.
                    en-US | From 9-5, room #12, e.g. today.          | From 9 to 5, room number 12, for example today.
                    en-US | Visit https://www.recaller.dev/docs?a=b. | Visit recaller dot dev slash docs.
                    en-US | Write to jo.doe@my-mail.com.             | Write to jo dot doe at my dash mail dot com.
                    en-US | See recaller.dev, please.                | See recaller dot dev, please.
                    de-DE | Am 03.12.2026 um 15:30 Uhr.              | Am 3. Dezember 2026 um 15 Uhr 30.
                    de-DE | Das kostet 4,50 €, z. B. 20 % weniger.   | Das kostet 4 Euro 50, zum Beispiel 20 Prozent weniger.
                    de-DE | Mail an a@b.de, von 9-17 Uhr.            | Mail an a ät b Punkt de, von 9 bis 17 Uhr.
                    fr-FR | Le 03/12/2026 à 15 h 30 pour 20 €.       | Le 3 décembre 2026 à 15 heures 30 pour 20 euros.
                    es-ES | El 2026-12-03 a las 15:00.               | El 3 de diciembre de 2026 a las 15.
                    it-IT | Il 2026-12-03 alle 15:30, 20%.           | Il 3 dicembre 2026 alle 15 e 30, 20 per cento.
                    pt-PT | Às 15:30, 20%.                           | Às 15 horas e 30, 20 por cento.
                    nl-NL | Om 15:30 uur, 9-17.                      | Om 15 uur 30, 9 tot 17.
                    ja-JP | **東京**は 10:30 です。                       | 東京は 10:30 です。
                    """)
    void saysWhatIsWritten(String locale, String written, String said) {
        assertThat(new Speakable(Locale.forLanguageTag(locale)).of(written).text())
                .isEqualTo(said);
    }

    @Test
    void readsATableRowByItsCells() {
        var speakable = new Speakable(Locale.US);
        assertThat(speakable.of("| Monday | 9 to 5 |").text()).isEqualTo("Monday, 9 to 5");
        assertThat(speakable.of("|---|:--|").isAnything()).isFalse();
        assertThat(speakable.of("```json").isAnything()).isFalse();
    }

    @Test
    void tellsWhatWasHeardInTheWordsThatWereWritten() {
        Spoken spoken = new Speakable(Locale.US).of("It is **$4.50**, call (415) 555-0199 please.");
        assertThat(spoken.text()).isEqualTo("It is 4 dollars and 50 cents, call 4 1 5, 5 5 5, 0 1 9 9 please.");
        assertThat(heardOf(spoken, "It is ")).isEqualTo("It is");
        assertThat(heardOf(spoken, "It is 4 dollars and")).isEqualTo("It is");
        assertThat(heardOf(spoken, "It is 4 dollars and 50 cents, ")).isEqualTo("It is **$4.50**,");
        assertThat(heardOf(spoken, "It is 4 dollars and 50 cents, call 4 1 5, 5 5"))
                .isEqualTo("It is **$4.50**, call");
        assertThat(heardOf(spoken, "It is 4 dollars and 50 cents, call 4 1 5, 5 5 5, 0 1 9 9 "))
                .isEqualTo("It is **$4.50**, call (415) 555-0199");
        assertThat(heardOf(spoken, spoken.text())).isEqualTo("It is **$4.50**, call (415) 555-0199 please.");
    }

    private static String heardOf(Spoken spoken, String said) {
        assertThat(spoken.text()).startsWith(said);
        return spoken.heard(said.length());
    }
}
