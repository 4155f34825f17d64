package dev.recaller.worker;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.recaller.livekit.testing.LiveKitServerFixture;
import dev.recaller.sql.Database;
import dev.recaller.worker.speech.SoundsLike;
import dev.recaller.worker.store.NumberBook;
import dev.recaller.worker.store.NumberBook.Entry;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Calls over a real livekit-server to numbers that are listed, by callers who are known, withheld and blocked. */
@Timeout(180)
final class NumberCallTest {
    @RegisterExtension
    static final LiveKitServerFixture liveKit = new LiveKitServerFixture();

    private static final Duration SOON = Duration.ofSeconds(30);
    private static final String SALES = "+15550101";
    private static final String SCREENED = "+15550102";
    private static final String QUIET = "+15550103";

    private static @Nullable RunningWorker started;
    private static @Nullable Database database;
    private static long dialled;

    @BeforeAll
    static void start() throws Exception {
        started = RunningWorker.start(liveKit);
        database = worker().database();
        speaking("sales.json", "sales", "Welcome to the sales department.");
        speaking("refusal.json", "refusal", "Please call with your number shown.");
        worker().addFlow("quiet.json", """
                { "schemaVersion": 1, "id": "quiet", "version": 1, "name": "Quiet", "start": "bye",
                  "nodes": [ { "id": "bye", "type": "hangup" } ], "edges": [] }""");
        NumberBook numbers = NumberBook.in(database());
        numbers.set("acme", new Entry(SALES, "sales.json", true, "refusal.json", null));
        numbers.set("default", new Entry(SCREENED, null, true, null, null));
        numbers.set("default", new Entry(QUIET, "quiet.json", false, null, null));
    }

    @AfterAll
    static void stop() {
        if (database != null) {
            database.close();
        }
        if (started != null) {
            started.close();
        }
    }

    @Test
    void theNumberThatIsCalledAnswersWithItsOrganizationsFlow() throws Exception {
        try (var phone = dial("+14155550151", SALES, Map.of()).answered()) {
            assertThat(phone.awaitHungUp(SOON)).isTrue();
            assertThat(worker().words(phone.heard())).is(SoundsLike.words("sales department"));
        }
        worker().awaitNoCalls();
        assertThat(lastCall("acme", "flow_id, end_reason")).isEqualTo("sales|agent_hangup");
    }

    @Test
    void aWithheldCallerIsNotAnsweredWhereTheNumberSaysSo() throws Exception {
        long before = worker().rowsOfMemory();
        try (var phone = dial("anonymous", SCREENED, Map.of())) {
            assertThat(phone.awaitHungUp(SOON)).isTrue();
            assertThat(phone.heard()).as("our track is the answer").isEmpty();
        }
        worker().awaitNoCalls();
        assertThat(lastCall("default", "end_reason, answered_at is null, number_hash is null"))
                .isEqualTo("rejected_anonymous|true|true");
        assertThat(worker().rowsOfMemory()).isEqualTo(before);
        assertThat(worker().metrics()).containsPattern("end_reason=\"rejected_anonymous\"[^}]*} [1-9]");
    }

    @Test
    void aWithheldCallerHearsWhyWhereTheNumberHasAFlowForIt() throws Exception {
        long before = worker().rowsOfMemory();
        try (var phone = dial("anonymous", SALES, Map.of()).answered()) {
            assertThat(phone.awaitHungUp(SOON)).isTrue();
            assertThat(worker().words(phone.heard())).is(SoundsLike.words("call with your number"));
        }
        worker().awaitNoCalls();
        assertThat(lastCall("acme", "flow_id, end_reason, answered_at is null"))
                .isEqualTo("refusal|rejected_anonymous|false");
        assertThat(worker().rowsOfMemory()).isEqualTo(before);
    }

    @Test
    void aBlockedCallerIsNotAnsweredUntilUnblocked() throws Exception {
        String caller = "+14155550152";
        try (var phone = dial(caller, QUIET, Map.of())) {
            assertThat(phone.awaitHungUp(SOON)).isTrue();
        }
        worker().awaitNoCalls();
        String hash = lastCall("default", "number_hash");
        NumberBook.in(database()).block("default", hash, null);
        try (var phone = dial(caller, SCREENED, Map.of())) {
            assertThat(phone.awaitHungUp(SOON)).isTrue();
            assertThat(phone.heard()).isEmpty();
        }
        worker().awaitNoCalls();
        assertThat(lastCall("default", "end_reason, answered_at is null, number_hash"))
                .isEqualTo("rejected_blocked|true|" + hash);
        NumberBook.in(database()).unblock("default", hash);
        try (var phone = dial(caller, SCREENED, Map.of()).answered()) {
            phone.hangUp();
        }
        worker().awaitNoCalls();
    }

    @Test
    void aNumberIsTheSameHoweverItReachesUs() throws Exception {
        String hash = hashOf("+12345678900", Map.of());
        assertThat(hash).isNotEqualTo("null");
        assertThat(hashOf("+12345678900;verstat=TN-Validation-Passed", Map.of()))
                .isEqualTo(hash);
        assertThat(hashOf("%2B12345678900", Map.of())).isEqualTo(hash);
        assertThat(hashOf("", Map.of("sip.hostname", "+1-234-567-8900"))).isEqualTo(hash);
        assertThat(hashOf("1001", Map.of("recaller.trusted", "true", "recaller.pai", "<tel:+12345678900>")))
                .isEqualTo(hash);
        assertThat(hashOf("", Map.of("sip.hostname", "203.0.113.100")))
                .as("an address that looks like a number")
                .isEqualTo("null");
        assertThat(hashOf("", Map.of())).as("no number at all").isEqualTo("null");
    }

    @Test
    void whoCallsAndWhyItIsBelievedIsOneLineWithoutTheNumber() throws Exception {
        int before = worker().logged("call from").size();
        String hash = hashOf(
                "+12345678900;verstat=TN-Validation-Passed-A",
                Map.of(
                        "recaller.trusted", "true",
                        "sip.telnyx.callLegID", "428c31b6-7af4-4bcb-b7f5-5013ef9657c1",
                        "sip.telnyx.callSessionID", "428c31b6-abf3-3bc1-b7f4-5013ef9657c1"));
        var lines = worker().logged("call from");
        assertThat(lines).hasSize(before + 1);
        assertThat(lines.getLast())
                .contains("kind valid, attested, because from, attested; hash " + hash)
                .contains("call 428c31b6-7af4-4bcb-b7f5-5013ef9657c1, session 428c31b6-abf3-3bc1-b7f4-5013ef9657c1")
                .doesNotContain("2345678900");
        assertThat(worker().metrics()).contains("recaller_caller_identity_total{kind=\"attested\"} 1.0");
    }

    @Test
    void aUserOfATrustedTrunkIsGreetedFromAnyNumberAndTheCallIsFoundAtTheCarrier() throws Exception {
        var told = Map.of(
                "recaller.trusted", "true",
                "recaller.userId", "C-4711",
                "sip.twilio.callSid", "CA0123456789abcdef0123456789abcdef");
        try (var phone = dial("+14155550153", "+15550199", told).answered()) {
            phone.agentFinishes();
            phone.say(worker().voice("My name is John."));
            phone.agentFinishes();
            phone.hangUp();
        }
        worker().awaitNoCalls();
        assertThat(lastCall("default", "carrier_call_id")).isEqualTo("CA0123456789abcdef0123456789abcdef");
        try (var phone = dial("anonymous", "+15550199", told).answered()) {
            phone.agentFinishes();
            assertThat(worker().words(phone.heard())).is(SoundsLike.words("hi john"));
        }
        worker().awaitNoCalls();
        assertThat(worker().metrics()).contains("recaller_caller_identity_total{kind=\"verified\"} 2.0");
    }

    private static String hashOf(String from, Map<String, String> attributes) throws Exception {
        try (var phone = dial(from, QUIET, attributes)) {
            assertThat(phone.awaitHungUp(SOON)).isTrue();
        }
        worker().awaitNoCalls();
        return lastCall("default", "number_hash");
    }

    private static SimulatedPhone dial(String from, String called, Map<String, String> attributes)
            throws InterruptedException {
        Map<String, String> all = new HashMap<>(attributes);
        all.put("sip.trunkPhoneNumber", called);
        dialled++;
        return worker().phone(from, new SimulatedPhone.Told("", "", all));
    }

    private static void speaking(String file, String id, String text) throws Exception {
        worker().addFlow(file, """
                { "schemaVersion": 1, "id": "%s", "version": 1, "name": "%s", "start": "hello",
                  "nodes": [ { "id": "hello", "type": "say", "text": "%s" }, { "id": "bye", "type": "hangup" } ],
                  "edges": [ { "from": "hello", "to": "bye" } ] }""".formatted(id, id, text));
    }

    /** Columns of an organization's newest row, when all calls have ended. */
    private static String lastCall(String organization, String columns) throws Exception {
        await("the ends of all calls' rows").atMost(SOON).until(() -> worker().callsEnded() == dialled);
        try (var connection = database().connection();
                var statement = connection.createStatement()) {
            statement.execute("select set_config('recaller.organization_id', '" + organization + "', true)");
            try (var rows = statement.executeQuery(
                    "select concat_ws('|', " + nullable(columns) + ") from calls order by started_at desc limit 1")) {
                rows.next();
                return rows.getString(1);
            }
        }
    }

    /** A column that is null says so. */
    private static String nullable(String columns) {
        return columns.replaceAll("([^,]+)", "coalesce(($1)::text, 'null')");
    }

    private static RunningWorker worker() {
        return requireNonNull(started);
    }

    private static Database database() {
        return requireNonNull(database);
    }
}
