package dev.recaller.worker.call;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recaller.flow.definition.MetadataSource;
import dev.recaller.flow.definition.MetadataSource.Place;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class CallMetadataTest {

    private static final String NUMBER = "+14155550123";

    @Test
    void aFlowIsToldWhatItChoseAndTheNumber() {
        var call = new CallMetadata(
                "{\"order\": 4711, \"flow\": \"x\"}",
                "{\"a.b\": \"spring\", \"vip\": true, \"hidden\": \"x\"}",
                Map.of("account", "77", "sip.phoneNumber", "4155550123"));

        assertThat(call.forFlow(
                        Map.of(
                                "order", new MetadataSource(Place.JOB, "order"),
                                "campaign", new MetadataSource(Place.ROOM, "a.b"),
                                "vip", new MetadataSource(Place.ROOM, "vip"),
                                "account", new MetadataSource(Place.PARTICIPANT, "account")),
                        NUMBER))
                .isEqualTo(Map.of(
                        "order", "4711", "campaign", "spring", "vip", "true", "account", "77", "phoneNumber", NUMBER));
    }

    @Test
    void aHeaderIsFoundHoweverTheFlowWritesItsName() {
        var call = new CallMetadata("", "", Map.of("sip.h.x-account", "77", "Other", "1"));

        assertThat(told(call, Place.PARTICIPANT, "sip.h.X-Account")).containsEntry("value", "77");
        assertThat(told(call, Place.PARTICIPANT, "other")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "no JSON",
                "{\"key\": ",
                "[\"key\"]",
                "{}",
                "{\"key\": null}",
                "{\"key\": {\"a\": 1}}",
                "{\"key\": [1]}",
                "{\"key\": \" \"}"
            })
    void whatIsNoTextIsAbsent(String metadata) {
        var call = new CallMetadata(metadata, metadata, Map.of());

        assertThat(told(call, Place.ROOM, "key")).isEmpty();
        assertThat(told(call, Place.JOB, "key")).isEmpty();
        assertThat(told(call, Place.PARTICIPANT, "key")).isEmpty();
    }

    @Test
    void whatIsTooLongIsLeftOutWholeAsPartOfAnAccountIsAnother() {
        assertThat(told(account("7".repeat(1_000)), Place.PARTICIPANT, "account"))
                .hasSize(1);
        assertThat(told(account("7".repeat(1_001)), Place.PARTICIPANT, "account"))
                .isEmpty();
        assertThat(told(new CallMetadata("", "[".repeat(60_000), Map.of()), Place.ROOM, "key"))
                .isEmpty();
    }

    private static CallMetadata account(String account) {
        return new CallMetadata("", "", Map.of("account", account));
    }

    private static Map<String, String> told(CallMetadata call, Place place, String key) {
        return call.forFlow(Map.of("value", new MetadataSource(place, key)), null);
    }
}
