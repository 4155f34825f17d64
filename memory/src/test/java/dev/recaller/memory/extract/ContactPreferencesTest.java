package dev.recaller.memory.extract;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ContactPreferencesTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    Please text me.                                       | contact_channel=sms
                    please text me                                        | contact_channel=sms
                    Could you send me a text?                             | contact_channel=sms
                    Texting is best.                                      | contact_channel=sms
                    I'd prefer a text message.                            | contact_channel=sms
                    Email is best.                                        | contact_channel=email
                    My email is nora dot b at example dot net.            | email=nora.b@example.net
                    My new e-mail address is Nora@Example.org.            | email=nora@example.org
                    Call me back at four one five, five five five, oh one nine nine. | callback_number=4155550199
                    Just e-mail me the invoice.                           | contact_channel=email
                    I prefer email.                                       | contact_channel=email
                    You can reach me by email.                            | contact_channel=email
                    I'd rather have a phone call.                         | contact_channel=phone
                    A call is better for me.                              | contact_channel=phone
                    WhatsApp me                                           | contact_channel=whatsapp
                    Don't call me.                                        | contact_avoid=phone
                    don't call me please                                  | contact_avoid=phone
                    Please don't call me, email me instead.               | contact_avoid=phone contact_channel=email
                    No calls please.                                      | contact_avoid=phone
                    Stop texting me.                                      | contact_avoid=sms
                    Never email me again.                                 | contact_avoid=email
                    Call me after five.                                   | contact_time=after five
                    Please call me back after 5:30 pm.                    | contact_time=after 5:30 pm
                    call me in the morning                                | contact_time=in the morning
                    You can call me on weekdays, please.                  | contact_time=on weekdays
                    Don't call me before nine.                            | contact_time=not before nine
                    Evenings are best.                                    | contact_time=evenings
                    Call me back at 510-555-0100.                         | callback_number=5105550100
                    My number is +1 510 555 0100.                         | callback_number=+15105550100
                    I'd prefer to speak Spanish.                          | language=spanish
                    Can we speak German?                                  | language=german
                    """)
    void hearsHowTheCallerWantsToBeReached(String said, String expected) {
        String found = ContactPreferences.in(new Utterance(0, true, said)).stream()
                .map(preference -> preference.key().key() + "=" + preference.value())
                .reduce((one, other) -> one + " " + other)
                .orElse("");

        assertThat(found).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "You call me every day.",
                "They text me all the time.",
                "Did you text me yesterday?",
                "Don't call me John.",
                "I got your email.",
                "My text editor is broken.",
                "I speak German.",
                "Call me.",
                "Call me Bob.",
                "The best email client is mutt."
            })
    void takesNothingElseForAPreference(String said) {
        assertThat(ContactPreferences.in(new Utterance(0, true, said))).as(said).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"Please text me.", "Email is best."})
    void theAgentsTurnsAreNoEvidence(String said) {
        assertThat(ContactPreferences.in(new Utterance(0, false, said))).isEmpty();
    }
}
