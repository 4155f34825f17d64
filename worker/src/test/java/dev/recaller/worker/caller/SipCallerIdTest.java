package dev.recaller.worker.caller;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.recaller.livekit.server.ApiKey;
import dev.recaller.livekit.server.DispatchRule;
import dev.recaller.livekit.server.LiveKitSip;
import dev.recaller.livekit.testing.LiveKitServerFixture;
import dev.recaller.worker.caller.CallerForms.Form;
import dev.recaller.worker.caller.CallerForms.Outcome;
import dev.recaller.worker.phone.SipExchange;
import dev.recaller.worker.phone.SipPhone;
import dev.recaller.worker.phone.SipPhone.Dialling;
import dev.recaller.worker.telephony.TrunkSetup;
import dev.recaller.worker.telephony.Wanted;
import io.livekit.server.RoomServiceClient;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import livekit.LivekitModels.ParticipantInfo;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The forms of the table as SIP says them, by trunks of {@code telephony setup}: what livekit-sip makes of them, and we of that. */
@Timeout(60)
class SipCallerIdTest {
    /** What a form has for the trunk that it comes by. */
    private record By(String region, boolean trusted) {}

    private static final Map<By, String> NUMBERS = new HashMap<>();
    private static final Set<String> SEEN = new HashSet<>();

    private static SipExchange exchange;
    private static RoomServiceClient rooms;

    static List<Form> forms() {
        return CallerForms.all().stream()
                .filter(form -> Said.of(form.attributes()).isPresent())
                .toList();
    }

    @BeforeAll
    static void open() throws IOException {
        exchange = SipExchange.open("nobody", List.of("+15550100"));
        rooms = RoomServiceClient.createClient(
                exchange.liveKit().toString().replaceFirst("^ws", "http"),
                LiveKitServerFixture.KEY,
                LiveKitServerFixture.SECRET);
        var key = new ApiKey(LiveKitServerFixture.KEY, LiveKitServerFixture.SECRET);
        try (var sip = new LiveKitSip(exchange.liveKit(), key, Duration.ofSeconds(10))) {
            for (Form form : forms()) {
                By by = by(form);
                if (!NUMBERS.containsKey(by)) {
                    NUMBERS.put(by, "+1555020" + NUMBERS.size());
                    TrunkSetup.apply(wanted(by), sip);
                }
            }
        }
    }

    @AfterAll
    static void close() {
        if (exchange != null) {
            exchange.close();
        }
    }

    @ParameterizedTest
    @MethodSource("forms")
    void isReadFromWhatComesOverSip(Form form) throws Exception {
        Said said = Said.of(form.attributes()).orElseThrow();
        Map<String, String> attributes = calling(new Dialling(said.from(), number(by(form)), said.headers()));
        Outcome outcome = Outcome.of(CallerId.of(attributes, form.region()));
        assertThat(outcome).as(attributes.toString()).isEqualTo(form.outcome());
    }

    @Test
    void whatTelnyxAndTwilioCallTheCallComesOverSip() throws Exception {
        String from = "<sip:+12345678900@carrier.example>";
        String called = NUMBERS.values().iterator().next();
        String leg = "428c31b6-7af4-4bcb-b7f5-5013ef9657c1";
        String session = "428c31b6-abf3-3bc1-b7f4-5013ef9657c1";
        String twilio = "CA0123456789abcdef0123456789abcdef";
        CarrierCall telnyxCall = CarrierCall.of(
                calling(new Dialling(from, called, List.of("X-call_leg_id: " + leg, "X-call_session_id: " + session))));
        CarrierCall twilioCall =
                CarrierCall.of(calling(new Dialling(from, called, List.of("X-Twilio-CallSid: " + twilio))));
        assertThat(telnyxCall.callId()).isEqualTo(leg);
        assertThat(telnyxCall.sessionId()).isEqualTo(session);
        assertThat(twilioCall.callId()).isEqualTo(twilio);
    }

    /** The caller's attributes in the room, while it rings. */
    private static Map<String, String> calling(Dialling dialling) throws Exception {
        try (var _ = SipPhone.dial(exchange.sip(), dialling)) {
            return await(dialling.toString())
                    .atMost(Duration.ofSeconds(20))
                    .until(SipCallerIdTest::caller, Optional::isPresent)
                    .orElseThrow();
        }
    }

    /**
     * A form as it stands in an INVITE.
     *
     * @param from the From header without tag
     */
    private record Said(String from, List<String> headers) {
        private static final Map<String, String> HEADERS = Map.of(
                "recaller.pai", "P-Asserted-Identity",
                "recaller.privacy", "Privacy",
                "recaller.verstat", "X-Twilio-VerStat",
                "recaller.userId", "X-Customer-Id");
        /** What only a trunk that was set up otherwise has. */
        private static final Set<String> OTHERWISE =
                Set.of("privacy", "sip.h.privacy", "sip.h.p-asserted-identity", "sip.h.x-twilio-verstat");

        /** Empty: it cannot be said in SIP, or not by our trunks. */
        static Optional<Said> of(Map<String, String> attributes) {
            String user = attributes.getOrDefault("sip.phoneNumber", "");
            String host = attributes.getOrDefault("sip.hostname", "carrier.example");
            if (attributes.keySet().stream().anyMatch(OTHERWISE::contains)
                    || user.matches("%|.* .*|.*%")
                    || host.contains("::")) {
                return Optional.empty();
            }
            String uri = user.isEmpty() ? (host.startsWith("+") ? "tel:" : "sip:") + host : "sip:" + user + "@" + host;
            var headers = new ArrayList<String>();
            HEADERS.forEach((attribute, header) -> {
                if (attributes.containsKey(attribute)) {
                    headers.add(header + ": " + attributes.get(attribute));
                }
            });
            String from = attributes.getOrDefault("recaller.from", "<" + uri + ">");
            return Optional.of(new Said(from.replaceFirst(";tag=.*", ""), headers));
        }
    }

    private static String number(By by) {
        return requireNonNull(NUMBERS.get(by));
    }

    private static By by(Form form) {
        return new By(
                form.attributes().getOrDefault("recaller.region", form.region()).toUpperCase(Locale.ROOT),
                "true".equals(form.attributes().get("recaller.trusted")));
    }

    private static Wanted wanted(By by) {
        return new Wanted(
                by.toString(),
                List.of(number(by)),
                List.of(),
                null,
                by.region(),
                by.trusted(),
                "X-Customer-Id",
                new DispatchRule.Agent("nobody", ""),
                null);
    }

    /** Who has come since this was last asked and somebody had. */
    private static Optional<Map<String, String>> caller() throws IOException {
        for (var room : requireNonNull(rooms.listRooms().execute().body())) {
            for (ParticipantInfo participant : requireNonNull(
                    rooms.listParticipants(room.getName()).execute().body())) {
                if (participant.getKind() == ParticipantInfo.Kind.SIP && SEEN.add(participant.getSid())) {
                    return Optional.of(participant.getAttributesMap());
                }
            }
        }
        return Optional.empty();
    }
}
