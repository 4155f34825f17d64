package dev.recaller.worker.telephony;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DestinationsTest {

    @ParameterizedTest(name = "{1} from {0}: {2}")
    @CsvSource({
        "+15105550100, +14155550123, may",
        "+15105550100, (415) 555-0123, may",
        "+15105550100, tel:+14155550123, may",
        "+15105550100, +1 416 555 0123, may",
        "+15105550100, +15550199, may",
        "+15105550100, 4711, may",
        "+15105550100, sip:ann@pbx.example.com, may",
        "+15105550100, sip:pbx.example.com, may",
        "+15105550100, +18765550123, may not",
        "+15105550100, +19005550123, may not",
        "+15105550100, 1-900-555-0123, may not",
        "+15105550100, +4930123456, may not",
        "+15105550100, 011 49 30 123456, may not",
        "+15105550100, sip:+19005550123@carrier.example, may not",
        "+15105550100, sips:011491234567890@carrier.example, may not",
        "+15105550100, +881612345678, may not",
        "+15105550100, ann, may not",
        "+493012345678, 0301234567, may",
        "+493012345678, 0900 1 123456, may not",
        "+493012345678, +4918051234567, may not",
        "'', +14155550123, may not",
        "'', 4711, may",
    })
    void withoutAListTheCountriesOfOurNumbersMayBeCalledButWhatCostsExtra(String own, String to, String what) {
        List<String> ours = own.isEmpty() ? List.of() : List.of(own);
        assertThat(Destinations.STANDARD.refused(to, ours).isEmpty()).isEqualTo(what.equals("may"));
    }

    @Test
    void aListSaysWhatElseMayBeCalledAndAWholeCountryLeavesOutWhatCostsExtra() {
        var list = new Destinations(List.of("home", "+44", "+1900555"));
        List<String> own = List.of("+493012345678");
        assertThat(list.refused("+442071234567", own)).isEmpty();
        assertThat(list.refused("+449012345678", own)).contains("it costs extra");
        assertThat(list.refused("+19005550123", own)).isEmpty();
        assertThat(list.refused("+33142345678", own)).contains("it is in none of the countries that may be called");
        assertThat(list.refused("+493012345679", own)).isEmpty();
        assertThat(new Destinations(List.of("+44")).refused("+493012345679", own))
                .as("a list without home leaves it out")
                .isPresent();
        assertThat(new Destinations(List.of("*")).refused("+449012345678", List.of()))
                .isEmpty();
    }

    @Test
    void whyNotDoesNotTellTheNumber() {
        assertThat(Destinations.STANDARD.refused("+449012345678", List.of()).orElseThrow())
                .doesNotContain("4490");
    }

    @Test
    void nonsenseIsNoList() {
        for (String wrong : List.of("", "49", "+", "+0", "germany")) {
            assertThatIllegalArgumentException().as(wrong).isThrownBy(() -> new Destinations(List.of(wrong)));
        }
    }
}
