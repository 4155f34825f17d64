package dev.recaller.livekit.room;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recaller.livekit.ffi.proto.ParticipantInfo;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ParticipantTest {

    private final Participant caller = new Participant(ParticipantInfo.newBuilder()
            .setSid("PA_1")
            .setName("Phone")
            .setIdentity("sip_1")
            .putAllAttributes(Map.of("sip.callStatus", "active", "a", "b"))
            .setKind(3)
            .build());

    @ParameterizedTest
    @CsvSource({
        "sip.callStatus, active, true",
        "sip.callStatus, hangup, false",
        "sip.callStatus, '', false",
        "removed, '', true",
        "missing, here, false"
    })
    void knowsWhetherAChangeOfAttributesShows(String key, String value, boolean shows) {
        assertThat(caller.has(Map.of("a", "b", key, value))).isEqualTo(shows);
    }

    @Test
    void aChangeShowsOnceItsEventCame() {
        caller.replaceAttributes(Map.of("sip.callStatus", "hangup"));

        assertThat(caller.has(Map.of("sip.callStatus", "hangup", "a", ""))).isTrue();
    }
}
