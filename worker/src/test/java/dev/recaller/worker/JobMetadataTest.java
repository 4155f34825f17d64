package dev.recaller.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JobMetadataTest {

    @Test
    void overridesTheOrganizationAndTheFlow() {
        assertThat(JobMetadata.read("{\"organizationId\": \"acme\", \"flow\": \"sales.json\", \"x\": 1}", "default"))
                .isEqualTo(new JobMetadata("acme", "sales.json", true, List.of()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "{}", "{\"ticket\": 7}", "{\"organizationId\": null, \"flow\": null}"})
    void leavesTheDefaultsWhereNothingIsAskedFor(String text) {
        assertThat(JobMetadata.read(text, "default")).isEqualTo(new JobMetadata("default", null, true, List.of()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"organizationId\": \"acme\"",
                "organizationId=acme",
                "[]",
                "\"acme\"",
                "7",
                "{\"organizationId\": 7}",
                "{\"organizationId\": \"\"}",
                "{\"organizationId\": [\"acme\"]}"
            })
    void remembersNothingWhenItIsUnknownWhoseCallerItIs(String text) {
        JobMetadata metadata = JobMetadata.read(text, "default");

        assertThat(metadata.remembering()).isFalse();
        assertThat(metadata.organizationId()).isEqualTo("default");
        assertThat(metadata.flow()).isNull();
        assertThat(metadata.warnings()).singleElement().asString().contains("without memory");
    }

    @Test
    void refusesAnOrganizationTooLongForItsColumn() {
        String text = "{\"organizationId\": \"" + "o".repeat(65) + "\"}";

        assertThat(JobMetadata.read(text, "default").remembering()).isFalse();
    }

    @Test
    void runsTheDefaultFlowWhereTheNameIsNoText() {
        JobMetadata metadata = JobMetadata.read("{\"organizationId\": \"acme\", \"flow\": 7}", "default");

        assertThat(metadata.organizationId()).isEqualTo("acme");
        assertThat(metadata.remembering()).isTrue();
        assertThat(metadata.flow()).isNull();
        assertThat(metadata.warnings()).singleElement().asString().contains("default flow");
    }
}
