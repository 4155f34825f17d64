package dev.recaller.worker;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.recaller.livekit.server.ApiKey;
import dev.recaller.livekit.server.LiveKitSip;
import dev.recaller.livekit.server.OutboundTrunk;
import dev.recaller.livekit.testing.LiveKitServerFixture;
import dev.recaller.worker.control.ControlClient.Dialled;
import dev.recaller.worker.phone.Phone;
import dev.recaller.worker.phone.Ringing;
import dev.recaller.worker.speech.SoundsLike;
import dev.recaller.worker.store.NumberBook;
import dev.recaller.worker.store.NumberBook.Entry;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What a telephone does to the worker, by whichever telephone an {@link Exchange} has: a simulated participant of kind SIP
 * everywhere, one that speaks SIP and G.711 where there is a livekit-sip. What is heard is judged by a listener.
 */
@Timeout(180)
@TestInstance(Lifecycle.PER_CLASS)
@TestMethodOrder(OrderAnnotation.class)
abstract class TelephoneSuite {
    static final String DESK = "+15550100";
    static final String MENU = "+15550101";
    static final String PATIENT = "+15550102";
    static final String STRICT = "+15550103";
    static final String TRANSFER = "+15550104";
    static final String WARM = "+15550105";
    /** What a bridge's trunk has to take. */
    static final List<String> NUMBERS = List.of(DESK, MENU, PATIENT, STRICT, TRANSFER, WARM);

    static final ApiKey KEY = new ApiKey(LiveKitServerFixture.KEY, LiveKitServerFixture.SECRET);
    /** Whom a worker telephones. */
    static final String COLLEAGUE = "+15550199";

    private static final Duration SOON = Duration.ofSeconds(30);
    private static final int MANY = 10;

    private @Nullable Exchange opened;

    /** A running worker and telephones that can call it. */
    interface Exchange extends AutoCloseable {
        RunningWorker worker();

        /** Dials; {@code from} is the user part of the caller's address, as it is sent. */
        Phone dial(String from, String called) throws Exception;

        /** The trunk by which the worker telephones. */
        String trunk();

        /** The telephone that the worker dials next, as soon as it rings. */
        Ringing called() throws InterruptedException;

        /** What becomes of it, in SIP's words, when this caller is to be transferred by REFER. */
        void transferred(Phone caller, int status, String reason);

        @Override
        void close();
    }

    abstract Exchange open() throws Exception;

    /** Makes the trunk by which the worker telephones; its id. */
    static String trunkTo(String address, OutboundTrunk.Transport transport, URI liveKit) {
        try (var trunks = new LiveKitSip(liveKit, KEY, Duration.ofSeconds(10))) {
            var out = new OutboundTrunk("", "out", address, transport, List.of(DESK, WARM), null, Map.of());
            return trunks.create(out).id();
        }
    }

    @BeforeAll
    void start() throws Exception {
        opened = open();
        worker().addFlow("menu.json", """
                { "schemaVersion": 1, "id": "menu", "version": 1, "name": "Menu", "start": "ask",
                  "nodes": [
                    { "id": "ask", "type": "collect_digits", "into": "key", "min": 2, "max": 2, "say": "Please enter the two digits of your order." },
                    { "id": "flowers", "type": "say", "text": "Your flowers will come on Friday." },
                    { "id": "unknown", "type": "say", "text": "There is no such order." },
                    { "id": "bye", "type": "hangup" } ],
                  "edges": [
                    { "from": "ask", "port": "complete", "to": "flowers", "when": "key == '42'" }, { "from": "ask", "to": "unknown" },
                    { "from": "flowers", "to": "bye" }, { "from": "unknown", "to": "bye" } ] }""");
        worker().addFlow("patient.json", """
                { "schemaVersion": 1, "id": "patient", "version": 1, "name": "Patient", "start": "hello",
                  "nodes": [
                    { "id": "hello", "type": "say", "text": "Welcome to the garden center." },
                    { "id": "hear", "type": "listen", "turns": { "silence": { "promptAfterMs": 1000, "maxPrompts": 1 } } },
                    { "id": "bye", "type": "hangup", "say": "Thank you for calling." } ],
                  "edges": [ { "from": "hello", "to": "hear" }, { "from": "hear", "to": "bye" } ] }""");
        worker().addFlow("transfer.json", """
                { "schemaVersion": 1, "id": "transfer", "version": 1, "name": "Transfer", "start": "hear",
                  "variables": { "status": { "type": "integer", "default": 0 } },
                  "nodes": [
                    { "id": "hear", "type": "collect_digits", "into": "key", "min": 1, "max": 1, "say": "Press a key." },
                    { "id": "xfer", "type": "transfer", "to": "+15550199", "into": "status", "ringSeconds": 5, "say": "I connect you." },
                    { "id": "busy", "type": "say", "text": "They are talking with somebody else." },
                    { "id": "sorry", "type": "say", "text": "That did not work. The code is {{status}}." },
                    { "id": "bye", "type": "hangup" } ],
                  "edges": [
                    { "from": "hear", "to": "xfer" }, { "from": "xfer", "port": "done", "to": "bye" },
                    { "from": "xfer", "port": "busy", "to": "busy" }, { "from": "xfer", "to": "sorry" },
                    { "from": "busy", "to": "bye" }, { "from": "sorry", "to": "bye" } ] }""");
        worker().addFlow("warm.json", """
                { "schemaVersion": 1, "id": "warm", "version": 1, "name": "Warm", "start": "hello",
                  "nodes": [
                    { "id": "hello", "type": "say", "text": "I will get a gardener." },
                    { "id": "xfer", "type": "transfer", "to": "+15550199", "ringSeconds": 20, "warm": { "say": "Somebody asks about red roses." } },
                    { "id": "busy", "type": "say", "text": "The gardener is on the telephone." },
                    { "id": "unwanted", "type": "say", "text": "Please water the trees in the evening." },
                    { "id": "away", "type": "say", "text": "The gardener is not at home." },
                    { "id": "bye", "type": "hangup" } ],
                  "edges": [
                    { "from": "hello", "to": "xfer" }, { "from": "xfer", "port": "done", "to": "bye" },
                    { "from": "xfer", "port": "busy", "to": "busy" }, { "from": "xfer", "port": "declined", "to": "unwanted" },
                    { "from": "xfer", "to": "away" },
                    { "from": "busy", "to": "bye" }, { "from": "unwanted", "to": "bye" }, { "from": "away", "to": "bye" } ] }""");
        worker().addFlow("keys.json", """
                { "schemaVersion": 1, "id": "keys", "version": 1, "name": "Keys", "start": "hello",
                  "nodes": [
                    { "id": "hello", "type": "say", "text": "Welcome to the garden center." },
                    { "id": "press", "type": "send_digits", "digits": "1w2#" },
                    { "id": "bye", "type": "hangup" } ],
                  "edges": [ { "from": "hello", "to": "press" }, { "from": "press", "to": "bye" } ] }""");
        try (var database = worker().database()) {
            NumberBook numbers = NumberBook.in(database);
            numbers.set("default", new Entry(MENU, "menu.json", false, null, null));
            numbers.set("default", new Entry(PATIENT, "patient.json", false, null, null));
            numbers.set("default", new Entry(TRANSFER, "transfer.json", false, null, null));
            numbers.set("default", new Entry(WARM, "warm.json", false, null, null));
            numbers.set("default", new Entry(STRICT, null, true, null, null));
        }
    }

    @AfterAll
    void stop() {
        if (opened != null) {
            opened.close();
        }
    }

    @Test
    void aCallerIsGreetedByNameTheSecondTime() throws Exception {
        String number = "+1234567890";
        try (var phone = dial(number, DESK).answered()) {
            phone.agentFinishes();
            assertThat(words(phone)).is(SoundsLike.words("hello this is the front desk who am i talking to"));
            phone.say(worker().voice("My name is John."));
            phone.agentFinishes();
            phone.hangUp();
        }
        worker().awaitNoCalls();
        try (var phone = dial(number, DESK).answered()) {
            phone.agentFinishes();
            assertThat(words(phone)).is(SoundsLike.words("hi john"));
        }
        worker().awaitNoCalls();
        assertThat(worker().metrics())
                .containsPattern("recaller_calls_total\\{end_reason=\"caller_hangup\",flow=\"front-desk\"} [1-9]")
                .containsPattern("recaller_caller_identity_total\\{kind=\"plausible\"} [1-9]");
    }

    @Test
    void keysChooseInAMenuAndTheAgentHangsUp() throws Exception {
        try (var phone = dial("+14155550161", MENU).answered()) {
            phone.agentFinishes();
            phone.press("42");
            assertThat(phone.awaitHungUp(SOON)).isTrue();
            assertThat(words(phone))
                    .is(SoundsLike.words("two digits of your order"))
                    .is(SoundsLike.words("flowers will come on friday"));
        }
        worker().awaitNoCalls();
        assertThat(worker().metrics()).contains("recaller_calls_total{end_reason=\"agent_hangup\",flow=\"menu\"} 1.0");
    }

    @Test
    void aCallerWhoNeverSpeaksIsAskedOnceMoreAndLetGo() throws Exception {
        try (var phone = dial("+14155550162", PATIENT).answered()) {
            assertThat(phone.awaitHungUp(SOON)).isTrue();
            assertThat(words(phone))
                    .is(SoundsLike.words("welcome to the garden center"))
                    .is(SoundsLike.words("are you still there"))
                    .is(SoundsLike.words("thank you for calling"));
        }
        worker().awaitNoCalls();
    }

    @Test
    void aPhoneThatIsPutDownWhileRingingWasNeverAnswered() throws Exception {
        try (var phone = dial("+14155550163", DESK)) {
            phone.hangUp();
        }
        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(() ->
                        assertThat(worker().metrics()).containsPattern("end_reason=\"never_answered\"[^}]*} [1-9]"));
        worker().awaitNoCalls();
    }

    @Test
    void aCallerWhoIsNotWantedHearsNothing() throws Exception {
        try (var phone = dial("anonymous", STRICT)) {
            assertThat(phone.awaitHungUp(SOON)).isTrue();
            assertThat(phone.heard()).isEmpty();
        }
        worker().awaitNoCalls();
        assertThat(worker().metrics()).containsPattern("end_reason=\"rejected_anonymous\"[^}]*} [1-9]");
    }

    @Test
    void aCallerIsHandedToSomebodyElse() throws Exception {
        try (var phone = transferring("+14155550166", 200, "OK")) {
            assertThat(phone.awaitHungUp(SOON)).isTrue();
            assertThat(words(phone)).is(SoundsLike.words("i connect you"));
        }
        worker().awaitNoCalls();
        assertThat(ended("transferred", "transfer")).isPositive();
    }

    @Test
    void aCallerWhoCannotBeHandedOnIsStillThereAndHearsSo() throws Exception {
        try (var phone = transferring("+14155550167", 486, "Busy Here")) {
            assertThat(phone.awaitHungUp(SOON)).isTrue();
            assertThat(words(phone)).is(SoundsLike.words("talking with somebody else"));
        }
        try (var phone = transferring("+14155550168", 603, "Decline")) {
            assertThat(phone.awaitHungUp(SOON)).isTrue();
            assertThat(words(phone).replaceAll("\\W", ""))
                    .as("the SIP code")
                    .containsAnyOf("603", "6003", "sixhundred");
        }
        worker().awaitNoCalls();
        assertThat(ended("agent_hangup", "transfer")).isGreaterThanOrEqualTo(2);
    }

    @Test
    void whoTakesACallIsToldWhatItIsAboutAndThenTalksWithTheCaller() throws Exception {
        try (var phone = dial("+14155550169", WARM).answered()) {
            var ringing = called();
            assertThat(ringing.number()).isEqualTo(COLLEAGUE);
            try (var colleague = ringing.pickUp()) {
                colleague.say(worker().voice("Hello?"));
                colleague.agentFinishes();
                assertThat(words(colleague))
                        .is(SoundsLike.words("somebody asks about red roses"))
                        .is(SoundsLike.words("press one"));
                colleague.press("1");

                int before = phone.heard().length;
                int theirs = colleague.heard().length;
                colleague.say(worker().voice("Good morning, this is the gardener."));
                heardOut(phone);
                phone.say(worker().voice("I would like to buy red roses."));
                heardOut(colleague);
                assertThat(words(after(before, phone)))
                        .is(SoundsLike.words("this is the gardener"))
                        .isNot(SoundsLike.words("press one"));
                assertThat(words(after(theirs, colleague))).is(SoundsLike.words("like to buy red roses"));
                assertThat(worker().activeCalls()).isEqualTo(1);
                phone.press("7");
                await("the caller's key")
                        .atMost(SOON)
                        .until(() -> colleague.keys().contains("7"));

                colleague.hangUp();
            }
            assertThat(phone.awaitHungUp(SOON)).isTrue();
        }
        worker().awaitNoCalls();
        assertThat(ended("transferred", "warm")).isPositive();
    }

    @Test
    void whoeverIsNotReachedOrDoesNotWantTheCallLeavesTheCallerWithUs() throws Exception {
        try (var phone = dial("+14155550170", WARM).answered()) {
            called().refuse(486, "Busy Here");
            hears(phone, "gardener is on the telephone");
        }
        try (var phone = dial("+14155550171", WARM).answered();
                var colleague = called().pickUp()) {
            colleague.say(worker().voice("Hello?"));
            colleague.agentFinishes();
            colleague.say(worker().voice("No, not now."));
            assertThat(colleague.awaitHungUp(SOON)).isTrue();
            hears(phone, "please water the trees in the evening");
        }
        try (var phone = dial("+14155550172", WARM).answered();
                var machine = called().pickUp()) {
            machine.say(worker().voice("You have reached the voicemail of John Miller. Please leave a message."));
            assertThat(machine.awaitHungUp(SOON)).isTrue();
            hears(phone, "gardener is not at home");
        }
        worker().awaitNoCalls();
        assertThat(ended("agent_hangup", "warm")).isGreaterThanOrEqualTo(3);
    }

    @Test
    void aCallerWhoHangsUpTakesWhoeverIsConsultedAlong() throws Exception {
        try (var phone = dial("+14155550173", WARM).answered()) {
            var ringing = called();
            phone.hangUp();
            assertThat(ringing.awaitGivenUp(SOON)).isTrue();
        }
        try (var phone = dial("+14155550174", WARM).answered();
                var colleague = called().pickUp()) {
            colleague.say(worker().voice("Hello?"));
            colleague.agentBegins();
            phone.hangUp();
            assertThat(colleague.awaitHungUp(SOON)).isTrue();
        }
        worker().awaitNoCalls();
        assertThat(ended("caller_hangup", "warm")).isGreaterThanOrEqualTo(2);
    }

    @Test
    void whoIsTelephonedPicksUpAndTheFlowTalksAndPressesKeys() throws Exception {
        short[] hello = worker().voice("Hello?");
        try (var control = worker().control("default", "operator")) {
            String id = control.dial(COLLEAGUE, DESK, trunk(), "keys.json", Map.of(), Map.of());
            Ringing ringing = called();
            assertThat(ringing.number()).isEqualTo(COLLEAGUE);
            try (var phone = ringing.pickUp()) {
                phone.say(hello);
                assertThat(phone.awaitHungUp(SOON)).isTrue();
                assertThat(words(phone)).is(SoundsLike.words("welcome to the garden center"));
                assertThat(phone.keys()).isEqualTo("12#");
            }
            assertThat(control.awaitAnswer(id, _ -> {}).state()).isEqualTo("answered");
        }
        worker().awaitNoCalls();
        assertThat(ended("agent_hangup", "keys")).isPositive();
    }

    @ParameterizedTest
    @CsvSource({
        "486, Busy Here, busy, busy",
        "480, Temporarily Unavailable, no_answer, no_answer",
        "603, Decline, declined, declined",
        "404, Not Found, failed, dial_failed"
    })
    void whoIsTelephonedAndNotReachedIsNotSpokenTo(int status, String reason, String state, String end)
            throws Exception {
        List<Dialled> told = new ArrayList<>();
        try (var control = worker().control("default", "operator")) {
            String id = control.dial(COLLEAGUE, DESK, trunk(), "keys.json", Map.of(), Map.of());
            called().refuse(status, reason);
            assertThat(control.awaitAnswer(id, told::add)).isEqualTo(new Dialled(state, status, end));
            assertThat(told).endsWith(new Dialled(state, status, end));
        }
        worker().awaitNoCalls();
        assertThat(ended(end, "keys")).isPositive();
    }

    @Test
    void tenWhoCallAtOnceAreAllGreeted() throws Exception {
        List<Phone> phones = new ArrayList<>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<Phone>> callers = IntStream.range(0, MANY)
                    .<Callable<Phone>>mapToObj(i -> () -> {
                        Phone phone = dial("+1415555018" + i, DESK).answered();
                        phone.agentFinishes();
                        return phone;
                    })
                    .toList();
            for (Future<Phone> caller : threads.invokeAll(callers)) {
                phones.add(caller.get());
            }
            assertThat(worker().activeCalls()).isEqualTo(MANY);
        } finally {
            phones.forEach(Phone::close);
        }
        for (Phone phone : phones) {
            assertThat(words(phone)).is(SoundsLike.words("this is the front desk"));
        }
        worker().awaitNoCalls();
    }

    @Test
    @Order(Integer.MAX_VALUE)
    void aCallGoesOnWhileTheWorkerDrainsAndTheNextIsNotTaken() throws Exception {
        try (var phone = dial("+14155550164", DESK).answered()) {
            phone.agentFinishes();
            worker().drain();
            await("draining").atMost(Duration.ofSeconds(60)).until(() -> !worker().ready());
            try (var late = dial("+14155550165", DESK)) {
                phone.say(worker().voice("My name is John."));
                phone.agentFinishes();
                assertThat(words(phone)).is(SoundsLike.words("nice to meet you"));
                assertThat(late.heard()).isEmpty();
            }
            phone.hangUp();
        }
    }

    /** Has the caller transferred, which ends so. */
    private Phone transferring(String from, int status, String reason) throws Exception {
        Phone phone = dial(from, TRANSFER).answered();
        requireNonNull(opened).transferred(phone, status, reason);
        phone.agentFinishes();
        phone.press("1");
        return phone;
    }

    private String trunk() {
        return requireNonNull(opened).trunk();
    }

    private Ringing called() throws InterruptedException {
        return requireNonNull(opened).called();
    }

    /** After the music, until the agent hangs up. */
    private void hears(Phone phone, String words) throws InterruptedException {
        assertThat(phone.awaitHungUp(SOON)).isTrue();
        short[] heard = phone.heard();
        assertThat(worker().words(Arrays.copyOfRange(heard, Math.max(0, heard.length - 4 * 16_000), heard.length)))
                .is(SoundsLike.words(words));
    }

    /** Waits for what was said on the other side, up to a pause. */
    private static void heardOut(Phone phone) {
        await("a pause").atMost(SOON).until(() -> phone.silence().toMillis() > 700);
    }

    private static short[] after(int samples, Phone phone) {
        short[] heard = phone.heard();
        return Arrays.copyOfRange(heard, samples, heard.length);
    }

    private String words(short[] pcm) throws InterruptedException {
        return worker().words(pcm);
    }

    private double ended(String reason, String flow) {
        String series = "recaller_calls_total{end_reason=\"" + reason + "\",flow=\"" + flow + "\"} ";
        return worker().metrics()
                .lines()
                .filter(line -> line.startsWith(series))
                .mapToDouble(line -> Double.parseDouble(line.substring(series.length())))
                .sum();
    }

    final Phone dial(String from, String called) throws Exception {
        return requireNonNull(opened).dial(from, called);
    }

    private String words(Phone phone) throws InterruptedException {
        return worker().words(phone.heard());
    }

    private RunningWorker worker() {
        return requireNonNull(opened).worker();
    }
}
