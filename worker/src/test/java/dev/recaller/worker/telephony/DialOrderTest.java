package dev.recaller.worker.telephony;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DialOrderTest {

    @Test
    void isReadAsItWasWritten() {
        var order = new DialOrder("+15105550100", "ST_1", "+15105550199");

        String metadata = order.metadata(Map.of("flow", "reminder"));

        assertThat(DialOrder.of(metadata)).contains(order);
        assertThat(metadata).contains("\"flow\":\"reminder\"");
        assertThat(DialOrder.of(new DialOrder("+15105550100", "ST_1", "").metadata(Map.of())))
                .contains(new DialOrder("+15105550100", "ST_1", ""));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "{}",
                "{\"flow\":\"reception\"}",
                "{\"dial\":null}",
                "not JSON",
                "[1]",
                "{\"check\":true}"
            })
    void isNotInTheMetadataOfAJobForACaller(String metadata) {
        assertThat(DialOrder.of(metadata)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"dial\":{}}",
                "{\"dial\":{\"to\":\"+15105550100\"}}",
                "{\"dial\":\"+15105550100\"}",
                "{\"dial\":{\"to\":1,\"trunkId\":\"\"}}"
            })
    void mustSayWhomAndHow(String metadata) {
        assertThatThrownBy(() -> DialOrder.of(metadata))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'to' and 'trunkId'");
    }
}
