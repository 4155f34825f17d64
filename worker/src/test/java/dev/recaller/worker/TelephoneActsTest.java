package dev.recaller.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.recaller.livekit.server.ApiKey;
import dev.recaller.livekit.server.LiveKitServer;
import dev.recaller.livekit.server.LiveKitSip;
import dev.recaller.livekit.server.OutboundTrunk;
import dev.recaller.livekit.testing.LiveKitServerFixture;
import dev.recaller.livekit.testing.SipStandIn;
import dev.recaller.livekit.testing.SipStandIn.Answer;
import dev.recaller.livekit.testing.SipStandIn.Referred;
import dev.recaller.worker.caller.NumberHash;
import dev.recaller.worker.command.RecallerProcess;
import dev.recaller.worker.control.ControlException;
import dev.recaller.worker.speech.SoundsLike;
import dev.recaller.worker.speech.TextToSpeech;
import dev.recaller.worker.store.NumberBook;
import dev.recaller.worker.telephony.DialOrder;
import dev.recaller.worker.telephony.WorkerProbe;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a telephone does beside talking and {@link TelephoneSuite} has not, over a real livekit-server; the SIP of it is a stand-in's. */
@Timeout(180)
final class TelephoneActsTest {
    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final ApiKey KEY = new ApiKey(LiveKitServerFixture.KEY, LiveKitServerFixture.SECRET);
    private static final String FLOW = """
            { "schemaVersion": 1, "id": "%s", "version": 1, "name": "Acts", "start": "hello",
              "nodes": [
                { "id": "hello", "type": "say", "text": "Welcome to the garden center." },
                %s,
                { "id": "sorry", "type": "say", "text": "I am sorry, the line is busy." },
                { "id": "bye", "type": "hangup" } ],
              "edges": [ { "from": "hello", "to": "act" }, %s, { "from": "act", "to": "bye" },
                { "from": "sorry", "to": "bye" } ] }
            """;

    @RegisterExtension
    static final LiveKitServerFixture liveKit = new LiveKitServerFixture();

    @TempDir
    private static Path folder;

    private static SipStandIn sip;
    private static RunningWorker worker;
    private static LiveKitServer server;
    private static String trunk;

    @BeforeAll
    static void start() throws Exception {
        sip = new SipStandIn(liveKit);
        server = new LiveKitServer(sip.url(), KEY, LIMIT);
        try (var trunks = new LiveKitSip(sip.url(), KEY, LIMIT)) {
            trunk = trunks.create(new OutboundTrunk(
                            "",
                            "out",
                            "carrier.example",
                            OutboundTrunk.Transport.AUTO,
                            List.of("+15550100"),
                            null,
                            Map.of()))
                    .id();
        }
        String transfer = FLOW.formatted(
                "transfers",
                "{ \"id\": \"act\", \"type\": \"transfer\", \"to\": \"+1 555 0199\", \"ringSeconds\": 5 }",
                "{ \"from\": \"act\", \"port\": \"busy\", \"to\": \"sorry\" }");
        worker = RunningWorker.start(sip, Files.writeString(folder.resolve("transfers.json"), transfer));
        worker.addFlow(
                "keys.json",
                FLOW.formatted(
                        "keys",
                        "{ \"id\": \"act\", \"type\": \"send_digits\", \"digits\": \"1w2#\" }",
                        "{ \"from\": \"act\", \"port\": \"failed\", \"to\": \"sorry\" }"));
        worker.addFlow(
                "waits.json",
                FLOW.formatted(
                        "waits",
                        "{ \"id\": \"act\", \"type\": \"wait\", \"ms\": 60000 }",
                        "{ \"from\": \"act\", \"to\": \"sorry\", \"when\": \"false\" }"));
    }

    @AfterAll
    static void stop() {
        if (worker != null) {
            worker.close();
        }
        server.close();
        sip.close();
    }

    @Test
    void aCallerWhoHangsUpMeanwhileHasHungUp() throws Exception {
        try (var phone = worker.phone("+14155550125").answered()) {
            sip.transferred(_ -> {
                phone.hangUp();
                await().until(() -> !server.participants(phone.roomName()).contains("sip_+14155550125"));
                return Answer.of(487, "Request Terminated");
            });
            worker.awaitNoCalls();
        }
        assertThat(ended("caller_hangup", "transfers")).isPositive();
    }

    @Test
    void somebodyIsTelephonedAndTheFlowBeginsWhenTheyPickUp() throws Exception {
        worker.addFlow("outbound.json", """
                { "schemaVersion": 1, "id": "outbound", "version": 1, "name": "Outbound", "start": "who",
                  "configuration": { "metadata": { "answeredBy": "participant.recaller.answeredBy" } },
                  "nodes": [
                    { "id": "who", "type": "condition" },
                    { "id": "person", "type": "say", "text": "Welcome to the garden center." },
                    { "id": "machine", "type": "say", "text": "Please call us back tomorrow." },
                    { "id": "bye", "type": "hangup" } ],
                  "edges": [
                    { "from": "who", "to": "machine", "when": "metadata.answeredBy == 'machine'" },
                    { "from": "who", "to": "person" },
                    { "from": "person", "to": "bye" }, { "from": "machine", "to": "bye" } ] }""");
        assertThat(answered("Hello?")).is(SoundsLike.words("welcome to the garden"));
        assertThat(answered("You have reached the voicemail of John Miller. Please leave a message."))
                .is(SoundsLike.words("call us back tomorrow"));
        worker.awaitNoCalls();
        assertThat(ended("agent_hangup", "outbound")).isEqualTo(2);
    }

    @Test
    void whoStopsWaitingForAnAnswerLeavesTheCallAlone() throws Exception {
        var stopped = new CountDownLatch(1);
        sip.dialled(call -> {
            try (var _ = worker.called(call).ringing()) {
                stopped.await();
                return Answer.of(486, "Busy Here");
            }
        });
        var calling = RecallerProcess.start(
                worker.controlSettings("default", "operator"),
                folder,
                "call",
                "--to=+15105550123",
                "--from-trunk=" + trunk,
                "--flow=keys.json");
        await().atMost(Duration.ofSeconds(30)).until(() -> calling.outSoFar().contains("It rings."));
        calling.process().toHandle().destroy(); // the process's own destroy() closes what it still says
        var ended = calling.end();
        assertThat(ended.exitCode()).isEqualTo(130);
        assertThat(ended.err()).contains("The call goes on");
        assertThat(worker.activeCalls()).isEqualTo(1);
        stopped.countDown();
        worker.awaitNoCalls();
    }

    @Test
    void aMessageIsLeftAfterTheBeep() throws Exception {
        short[] greeting = worker.voice("You have reached the voicemail of John Miller. Please leave a message.");
        var phone = new AtomicReference<SimulatedPhone>();
        sip.dialled(call -> {
            phone.set(worker.called(call).pickUp());
            return Answer.PICKED_UP;
        });
        worker.addFlow(
                "message.json",
                FLOW.formatted(
                        "message",
                        "{ \"id\": \"act\", \"type\": \"condition\" }",
                        "{ \"from\": \"act\", \"to\": \"sorry\", \"when\": \"false\" }"));
        telephone("out-beep", "message.json");
        await().atMost(Duration.ofSeconds(30)).until(() -> phone.get() != null);
        try (var machine = phone.get()) {
            machine.say(greeting);
            machine.say(new short[2 * TextToSpeech.RATE]);
            assertThat(loudest(machine.heard())).as("before the beep").isLessThan(100);
            machine.say(tone(1_000, TextToSpeech.RATE / 2));
            assertThat(loudest(machine.heard())).as("into the beep").isLessThan(100);
            assertThat(machine.awaitHungUp(Duration.ofSeconds(60))).isTrue();
            assertThat(worker.words(machine.heard())).is(SoundsLike.words("welcome to the garden center"));
        }
        worker.awaitNoCalls();
    }

    private static short[] tone(int hertz, int samples) {
        short[] tone = new short[samples];
        for (int i = 0; i < samples; i++) {
            tone[i] = (short) (8_000 * Math.sin(2 * Math.PI * hertz * i / TextToSpeech.RATE));
        }
        return tone;
    }

    private static int loudest(short[] pcm) {
        return IntStream.range(0, pcm.length).map(i -> Math.abs(pcm[i])).max().orElse(0);
    }

    /** What somebody hears who picks up and says this. */
    private static String answered(String greeting) throws Exception {
        short[] voice = worker.voice(greeting);
        var phone = new AtomicReference<SimulatedPhone>();
        sip.dialled(call -> {
            phone.set(worker.called(call).pickUp());
            return Answer.PICKED_UP;
        });
        var calling = RecallerProcess.start(
                worker.controlSettings("default", "operator"),
                folder,
                "call",
                "--to",
                "+1 510 555 0123",
                "--from-trunk",
                trunk,
                "--flow",
                "outbound.json");
        await().atMost(Duration.ofSeconds(30)).until(() -> phone.get() != null);
        try (var called = phone.get()) {
            called.say(voice);
            assertThat(calling.end().ok().out()).contains("A worker telephones +15105550123, call ", "Answered.");
            assertThat(called.awaitHungUp(Duration.ofSeconds(60))).isTrue();
            return worker.words(called.heard());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "486, Busy Here, busy",
        "480, Temporarily Unavailable, no_answer",
        "603, Decline, declined",
        "404, Not Found, dial_failed"
    })
    void aCallThatFailsBeforeAnybodyRingsIsKeptToo(int status, String reason, String end) throws Exception {
        sip.dialled(_ -> Answer.of(status, reason));
        telephone("out-at-once-" + status, "keys.json");

        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(
                        () -> assertThat(worker.endOf("out-at-once-" + status)).contains(end));
        worker.awaitNoCalls();
    }

    @Test
    void aJobThatDoesNotSayWhomToTelephoneIsKeptAsACallThatFailed() throws Exception {
        worker.expectError("nobody can be telephoned, the job's metadata: dial must have both 'to' and 'trunkId'");
        server.createDispatch(
                "out-nobody", SimulatedPhone.AGENT, "{\"flow\": \"keys.json\", \"dial\": {\"to\": \"\"}}");

        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(worker.endOf("out-nobody")).contains("dial_failed"));
        worker.awaitNoCalls();
    }

    @Test
    void anOperatorSendsTheAgentIntoARoomAndHandsTheCallerOn() throws Exception {
        try (var control = worker.control("default", "operator");
                var phone = worker.phoneWithoutAgent("+14155550127", "{\"organizationId\": \"default\"}")) {
            String id = control.join(phone.roomName(), "waits.json", Map.of(), Map.of());
            phone.answered().agentFinishes();
            sip.transferred(_ -> Answer.of(486, "Busy Here"));
            assertThat(control.transfer(id, "+1 555 0199").outcome()).isEqualTo("busy");
            var referred = new AtomicReference<Referred>();
            sip.transferred(call -> {
                referred.set(call);
                return Answer.PICKED_UP;
            });
            assertThat(control.transfer(id, "+1 555 0199").outcome()).isEqualTo("done");
            assertThat(phone.awaitHungUp(Duration.ofSeconds(30))).isTrue();
            assertThat(referred.get().to()).isEqualTo("tel:+15550199");
            assertThat(referred.get().identity()).isEqualTo("sip_+14155550127");
        }
        worker.awaitNoCalls();
        assertThat(ended("transferred", "waits")).isEqualTo(1);
    }

    @Test
    void whereNobodyMayBeCalledNobodyIs() throws Exception {
        var called = new AtomicInteger();
        sip.dialled(_ -> {
            called.incrementAndGet();
            return Answer.of(486, "Busy Here");
        });
        sip.transferred(_ -> {
            called.incrementAndGet();
            return Answer.PICKED_UP;
        });
        String premium = "+19005550123";
        server.createDispatch(
                "out-premium",
                SimulatedPhone.AGENT,
                new DialOrder(premium, trunk, "").metadata(Map.of("flow", "keys.json")));
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(worker.endOf("out-premium")).contains("dial_refused"));
        try (var control = worker.control("default", "operator");
                var phone = worker.phone("+14155550128", "{\"flow\": \"waits.json\"}")
                        .answered()) {
            assertThatThrownBy(() -> control.dial(premium, "", trunk, "keys.json", Map.of(), Map.of()))
                    .isInstanceOfSatisfying(
                            ControlException.class,
                            refused -> assertThat(refused.reason()).isEqualTo("DESTINATION_REFUSED"));
            phone.agentFinishes();
            String id = control.calls().getFirst().id();
            assertThat(control.transfer(id, premium).outcome()).isEqualTo("failed");
            assertThat(control.transfer(id, "sip:" + premium + "@carrier.example")
                            .message())
                    .contains("RECALLER_DESTINATIONS");
            phone.hangUp();
        }
        worker.awaitNoCalls();
        assertThat(called).hasValue(0);
        assertThat(worker.audited("call:destination")).isEqualTo(3);
    }

    @Test
    void whoIsBlockedIsNotDialled() throws Exception {
        var dialled = new AtomicInteger();
        sip.dialled(_ -> {
            dialled.incrementAndGet();
            return Answer.of(486, "Busy Here");
        });
        try (var database = worker.database()) {
            String key = DataFolder.open(worker.home()).hashKey();
            NumberBook.in(database).block("default", new NumberHash(key).of("+15105550199"), null);
        }
        server.createDispatch(
                "out-blocked",
                SimulatedPhone.AGENT,
                new DialOrder("+15105550199", trunk, "").metadata(Map.of("flow", "keys.json")));

        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(worker.endOf("out-blocked")).contains("rejected_blocked"));
        worker.awaitNoCalls();
        assertThat(dialled).hasValue(0);
    }

    @Test
    void aQuestionWhetherWorkersTakeCallsIsNoCall() throws Exception {
        long before = calls();

        assertThat(WorkerProbe.ask(server, SimulatedPhone.AGENT, LIMIT)).isPresent();

        worker.awaitNoCalls();
        assertThat(calls()).isEqualTo(before);
    }

    private static void telephone(String room, String flow) {
        server.createDispatch(
                room, SimulatedPhone.AGENT, new DialOrder("+15105550123", trunk, "").metadata(Map.of("flow", flow)));
    }

    private static double ended(String reason, String flow) {
        String series = "recaller_calls_total{end_reason=\"" + reason + "\",flow=\"" + flow + "\"} ";
        return worker.metrics()
                .lines()
                .filter(line -> line.startsWith(series))
                .mapToDouble(line -> Double.parseDouble(line.substring(series.length())))
                .sum();
    }

    private static long calls() {
        return (long) worker.metrics()
                .lines()
                .filter(line -> line.startsWith("recaller_calls_total{"))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
                .sum();
    }
}
