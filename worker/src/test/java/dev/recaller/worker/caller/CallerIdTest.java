package dev.recaller.worker.caller;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recaller.memory.Assurance;
import dev.recaller.worker.caller.Caller.Kind;
import dev.recaller.worker.caller.CallerForms.Form;
import dev.recaller.worker.caller.CallerForms.Outcome;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class CallerIdTest {

    static List<Form> forms() {
        return CallerForms.all();
    }

    @ParameterizedTest
    @MethodSource("forms")
    void readsWhoCalls(Form form) {
        assertThat(Outcome.of(CallerId.of(form.attributes(), form.region()))).isEqualTo(form.outcome());
    }

    @Test
    void keepsWhatWasSent() {
        assertThat(CallerId.of(Map.of("sip.phoneNumber", "+1 (234) 567-8900"), "US")
                        .raw())
                .isEqualTo("+1 (234) 567-8900");
    }

    @Test
    void readsTheNumberSomebodyTypesAsOneThatCalls() {
        assertThat(CallerId.of("2345678900", "US").phoneNumber()).isEqualTo("+12345678900");
        assertThat(CallerId.of((String) null, "US").kind()).isEqualTo(Kind.ANONYMOUS);
        assertThat(CallerId.of("anonymous", "US").assurance()).isEqualTo(Assurance.ANONYMOUS);
    }

    @ParameterizedTest
    @CsvSource({
        "+15550100,, +15550100",
        "15105550100,, +15105550100",
        "5105550100, US, +15105550100",
        "+15105550100;user=phone,, +15105550100",
        "reception,,",
        "100, US,",
        ",,",
    })
    void readsTheNumberThatIsCalled(@Nullable String called, @Nullable String region, @Nullable String expected) {
        Map<String, String> attributes = new HashMap<>();
        if (called != null) {
            attributes.put("sip.trunkPhoneNumber", called);
        }
        if (region != null) {
            attributes.put("recaller.region", region);
        }

        assertThat(CallerId.called(attributes).orElse(null)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "428c31b6-7af4-4bcb-b7f5-5013ef9657c1, 428c31b6-abf3-3bc1-b7f4-5013ef9657c1,,"
                + " 428c31b6-7af4-4bcb-b7f5-5013ef9657c1, 428c31b6-abf3-3bc1-b7f4-5013ef9657c1",
        ",, CA0123456789abcdef0123456789abcdef, CA0123456789abcdef0123456789abcdef,",
        "+12345678900, +12345678900, +12345678900,,",
        ",,,,",
    })
    void knowsWhatTheCarrierCallsTheCallWhereItHasTheCarriersForm(
            @Nullable String leg,
            @Nullable String session,
            @Nullable String twilio,
            @Nullable String call,
            @Nullable String within) {
        Map<String, String> attributes = new HashMap<>();
        attributes.put("sip.telnyx.callLegID", leg == null ? "" : leg);
        attributes.put("sip.telnyx.callSessionID", session == null ? "" : session);
        attributes.put("sip.twilio.callSid", twilio == null ? "" : twilio);

        assertThat(CarrierCall.of(attributes)).isEqualTo(new CarrierCall(call, within));
    }

    @Test
    void hasNoNumberInItsText() {
        assertThat(CallerId.of("+12345678900", "US").toString()).doesNotContain("2345");
    }
}
