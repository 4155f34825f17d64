package dev.recaller.worker.caller;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recaller.memory.Assurance;
import dev.recaller.worker.caller.Caller.Kind;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The matrix is what livekit-sip really passed on for calls with these From headers. */
class CallerIdTest {

    @ParameterizedTest
    @CsvSource({
        // as dialled, in different countries
        "+12345678900, US, VALID, +12345678900",
        "0012345678900, US, VALID, +12345678900",
        "0012345678900, GB, VALID, +12345678900",
        "01112345678900, US, VALID, +12345678900",
        "011442079460123, US, VALID, +442079460123",
        "12345678900, US, VALID, +12345678900",
        "2345678900, US, VALID, +12345678900",
        "02079460123, GB, VALID, +442079460123",
        "02079460123, US, INVALID,",
        "030123456, DE, VALID, +4930123456",
        "0612345678, IT, VALID, +390612345678",
        // the plausible
        "+1234567890, US, PLAUSIBLE, +1234567890",
        "+1234567890, GB, PLAUSIBLE, +1234567890",
        "1234567890, US, INVALID,",
        "001234567890, US, INVALID,",
        "+1234567, US, PLAUSIBLE, +1234567",
        "+123456, US, INVALID,",
        "+999123456789012, US, PLAUSIBLE, +999123456789012",
        "+9991234567890123, US, INVALID,",
        "+0123456789, US, INVALID,",
        // parameters, escapes, separators
        "+12345678900;verstat=TN-Validation-Passed, US, VALID, +12345678900",
        "+12345678900;npdi;rn=+15550000, US, VALID, +12345678900",
        "+12345678900;ext=12, US, VALID, +12345678900",
        "+1(234)567-8900, US, VALID, +12345678900",
        "+1 234.567.8900, US, VALID, +12345678900",
        "%2B12345678900, US, VALID, +12345678900",
        "%2B1%20234%20567%208900, US, VALID, +12345678900",
        "+44(0)2079460123, US, VALID, +442079460123",
        "%, US, INVALID,",
        "+1234567%, US, INVALID,",
        // withheld, in words and in digits
        "anonymous, US, ANONYMOUS,",
        "Anonymous, US, ANONYMOUS,",
        "Restricted, US, ANONYMOUS,",
        "unavailable, US, ANONYMOUS,",
        "Unknown, US, ANONYMOUS,",
        "Private, US, ANONYMOUS,",
        "Blocked, US, ANONYMOUS,",
        "asserted, US, ANONYMOUS,",
        "+266696687, US, ANONYMOUS,",
        "266696687, US, ANONYMOUS,",
        "+2562533, US, ANONYMOUS,",
        "+7378742833, US, ANONYMOUS,",
        "7378742833, US, VALID, +17378742833",
        "7378742833, FR, ANONYMOUS,",
        "+86282452253, US, ANONYMOUS,",
        "0, US, ANONYMOUS,",
        "+0000000000, US, ANONYMOUS,",
        "+1111111111, US, ANONYMOUS,",
        "9999999999, US, ANONYMOUS,",
        // means something only inside one exchange
        "611, US, INVALID,",
        "1001, US, INVALID,",
        "911, US, INVALID,",
        "alice, US, INVALID,",
        "+alice, US, INVALID,",
        "alice2345678900, US, INVALID,",
        "+1800FLOWERS, US, INVALID,",
        "2345678900, ZZ, INVALID,",
        "+12345678900, ZZ, VALID, +12345678900",
        "1234567890123456789012345678901234567890123456789012345678901, US, INVALID,",
    })
    void readsTheNumberOf(String presented, String region, Kind kind, @Nullable String phoneNumber) {
        Caller caller = CallerId.of(Map.of("sip.phoneNumber", presented, "sip.hostname", "carrier.example"), region);

        assertThat(caller.kind()).isEqualTo(kind);
        assertThat(caller.phoneNumber()).isEqualTo(phoneNumber);
        assertThat(caller.raw()).isEqualTo(presented);
        assertThat(caller.assurance()).isEqualTo(phoneNumber == null ? Assurance.ANONYMOUS : Assurance.PRESENTED);
    }

    @ParameterizedTest
    @CsvSource({
        "+12345678900, VALID, +12345678900",
        "+1-234-567-8900;phone-context=example.com, VALID, +12345678900",
        "+1234567890, PLAUSIBLE, +1234567890",
        "203.0.113.100, ANONYMOUS,",
        "127.0.0.1, ANONYMOUS,",
        "carrier.example, ANONYMOUS,",
        "anonymous.invalid, ANONYMOUS,",
        "2001:db8::1, ANONYMOUS,",
    })
    void takesTheHostForTheNumberOnlyWhereATelUriPutItThere(String host, Kind kind, @Nullable String phoneNumber) {
        Caller caller = CallerId.of(Map.of("sip.hostname", host), "US");

        assertThat(caller.kind()).isEqualTo(kind);
        assertThat(caller.phoneNumber()).isEqualTo(phoneNumber);
    }

    @Test
    void prefersTheNumberToTheHost() {
        Caller caller = CallerId.of(Map.of("sip.phoneNumber", "+15105550100", "sip.hostname", "+12345678900"), "US");

        assertThat(caller.phoneNumber()).isEqualTo("+15105550100");
    }

    @ParameterizedTest
    @ValueSource(strings = {"sip.h.privacy", "sip.h.Privacy", "privacy", "sip.privacy", "Privacy"})
    void keepsAWithheldNumberUnknownWhateverElseIsReadable(String name) {
        for (String value : new String[] {"id", "ID", "id;critical", "header; id", "user"}) {
            Caller caller = CallerId.of(
                    Map.of(
                            "sip.phoneNumber",
                            "+12345678900",
                            "sip.h.p-asserted-identity",
                            "<sip:+12345678900@carrier.example>",
                            "sip.h.from",
                            "\"Ann Example\" <sip:+12345678900@carrier.example>",
                            name,
                            value),
                    "US");

            assertThat(caller.kind()).as(value).isEqualTo(Kind.ANONYMOUS);
            assertThat(caller.phoneNumber()).isNull();
            assertThat(caller.displayName()).isNull();
        }
    }

    @Test
    void readsTheNumberWherePrivacyIsNotAskedFor() {
        Caller caller = CallerId.of(Map.of("sip.phoneNumber", "+12345678900", "sip.h.privacy", "none"), "US");

        assertThat(caller.kind()).isEqualTo(Kind.VALID);
    }

    @Test
    void neverTakesTheNumberFromAssertedHeadersWhenTheFromHeaderWithholdsIt() {
        Caller caller = CallerId.of(
                Map.of(
                        "sip.phoneNumber", "anonymous",
                        "sip.hostname", "anonymous.invalid",
                        "sip.h.p-asserted-identity", "<tel:+12345678900>"),
                "US");

        assertThat(caller).isEqualTo(new Caller(Kind.ANONYMOUS, null, Assurance.ANONYMOUS, null, "anonymous"));
    }

    @Test
    void knowsNobodyWithoutAnySipAttribute() {
        assertThat(CallerId.of(Map.of(), "US")).isEqualTo(Caller.ANONYMOUS);
        assertThat(CallerId.of(Map.of("sip.phoneNumber", ""), "US").kind()).isEqualTo(Kind.ANONYMOUS);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"Ann Example\" <sip:+12345678900@carrier.example> | Ann Example",
                "Ann <sip:+12345678900@carrier.example>;tag=1 | Ann",
                "\"Zoë \\\"Z\\\" Müller\" <sip:+12345678900@carrier.example> | Zoë \"Z\" Müller",
                "<sip:+12345678900@carrier.example> |",
                "\"\" <sip:+12345678900@carrier.example> |",
                "sip:+12345678900@carrier.example |",
            })
    void keepsTheDisplayNameAsAHint(String from, @Nullable String expected) {
        Caller caller = CallerId.of(Map.of("sip.phoneNumber", "+12345678900", "sip.h.from", from), "US");

        assertThat(caller.displayName()).isEqualTo(expected);
        assertThat(caller.phoneNumber()).isEqualTo("+12345678900");
    }

    @Test
    void hasNoNumberInItsText() {
        assertThat(CallerId.of("+12345678900", "US").toString()).doesNotContain("2345");
    }
}
