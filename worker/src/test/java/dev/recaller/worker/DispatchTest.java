package dev.recaller.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DispatchTest {

    private static final Dispatch NOTHING = new Dispatch(null, null, true, List.of());

    @Test
    void asksForAnOrganizationAndAFlow() {
        String text = "{\"organizationId\": \"acme\", \"flow\": \"sales.json\", \"x\": 1}";

        assertThat(Dispatch.ofJob(text)).isEqualTo(new Dispatch("acme", "sales.json", true, List.of()));
        assertThat(Dispatch.ofRoom(text)).isEqualTo(new Dispatch("acme", "sales.json", true, List.of()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "{}", "{\"ticket\": 7}", "{\"organizationId\": null, \"flow\": null}"})
    void leavesOpenWhatIsNotAskedFor(String text) {
        assertThat(Dispatch.ofJob(text)).isEqualTo(NOTHING);
        assertThat(Dispatch.ofRoom(text)).isEqualTo(NOTHING);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"organizationId\": \"acme\"",
                "organizationId=acme",
                "[\"organizationId\"]",
                "{\"organizationId\": 7}",
                "{\"organizationId\": \"\"}",
                "{\"organizationId\": [\"acme\"]}"
            })
    void remembersNothingWhenItIsUnknownWhoseCallerItIs(String text) {
        for (Dispatch dispatch : List.of(Dispatch.ofJob(text), Dispatch.ofRoom(text))) {
            assertThat(dispatch.remembering()).isFalse();
            assertThat(dispatch.organizationId()).isNull();
            assertThat(dispatch.flow()).isNull();
            assertThat(dispatch.warnings()).singleElement().asString().contains("without memory");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"[]", "\"acme\"", "7", "front desk", "{\"campaign\": "})
    void aJobsTextIsWrittenForUsAndARoomsMayBeSomebodyElses(String text) {
        assertThat(Dispatch.ofJob(text).remembering()).isFalse();
        assertThat(Dispatch.ofRoom(text)).isEqualTo(NOTHING);
    }

    @Test
    void refusesAnOrganizationTooLongForItsColumn() {
        String text = "{\"organizationId\": \"" + "o".repeat(65) + "\"}";

        assertThat(Dispatch.ofJob(text).remembering()).isFalse();
    }

    @Test
    void aFlowThatIsNoTextIsNotAskedFor() {
        Dispatch dispatch = Dispatch.ofJob("{\"organizationId\": \"acme\", \"flow\": 7}");

        assertThat(dispatch.organizationId()).isEqualTo("acme");
        assertThat(dispatch.remembering()).isTrue();
        assertThat(dispatch.flow()).isNull();
        assertThat(dispatch.warnings()).singleElement().asString().contains("flow");
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                // first: organization, flow; next: organization, flow; what comes of it
                "acme, sales, other, desk, acme, sales",
                "acme, -, other, desk, acme, -",
                "acme, -, acme, desk, acme, desk",
                "acme, -, -, desk, acme, desk",
                "-, sales, other, desk, other, sales",
                "-, -, other, desk, other, desk",
                "-, -, -, -, -, -",
            })
    void whatIsLeftOpenComesFromTheNextUnlessItIsForAnotherOrganization(
            @Nullable String organization,
            @Nullable String flow,
            @Nullable String nextOrganization,
            @Nullable String nextFlow,
            @Nullable String chosen,
            @Nullable String chosenFlow) {
        Dispatch first = new Dispatch(organization, flow, true, List.of());
        Dispatch next = new Dispatch(nextOrganization, nextFlow, true, List.of());

        assertThat(first.or(next)).isEqualTo(new Dispatch(chosen, chosenFlow, true, List.of()));
    }

    @Test
    void aStrangerOfTheFirstStaysOneWhateverTheNextSays() {
        Dispatch stranger = Dispatch.ofJob("{\"organizationId\": ");

        assertThat(stranger.or(new Dispatch("acme", "sales", true, List.of()))).isEqualTo(stranger);
        assertThat(NOTHING.or(stranger).remembering()).isFalse();
        assertThat(new Dispatch("acme", null, true, List.of()).or(stranger).remembering())
                .isTrue();
    }
}
