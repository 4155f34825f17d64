package dev.recaller.worker;

import static org.assertj.core.api.Assertions.anyOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.recaller.livekit.testing.LiveKitServerFixture;
import dev.recaller.worker.speech.SoundsLike;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Whole calls: a real livekit-server, real PostgreSQL, real speech models, the worker as it is started in production. */
final class FirstCallTest {
    @RegisterExtension
    static final LiveKitServerFixture liveKit = new LiveKitServerFixture();

    /** Samples that hold the last word, the pause before it and the silence after it. */
    private static final int LAST_WORDS = 16_000 * 3;

    private static RunningWorker worker;

    @BeforeAll
    static void start() throws Exception {
        worker = RunningWorker.start(liveKit);
    }

    @AfterAll
    static void stop() {
        worker.close();
    }

    @Test
    void greetsWithWhatTheFlowChoseOfRoomParticipantAndJob() throws Exception {
        worker.addFlow("told.json", """
                { "schemaVersion": 1, "id": "told", "version": 1, "name": "Told", "start": "hello",
                  "configuration": { "metadata": { "campaign": "room.campaign", "company": "participant.sip.h.X-Company",
                    "color": "job.color", "nothing": "room.nothing" } },
                  "nodes": [ { "id": "hello", "type": "say", "text": "The campaign is {{metadata.campaign}}. The company is {{metadata.company}}. The color is {{metadata.color}}{{metadata.nothing}}." },
                    { "id": "bye", "type": "hangup" } ],
                  "edges": [ { "from": "hello", "to": "bye" } ] }""");
        var told = new SimulatedPhone.Told(
                "{\"flow\": \"told.json\", \"color\": \"yellow\"}",
                "{\"campaign\": \"summer\"}",
                Map.of("sip.h.x-company", "mountain"));
        try (var phone = worker.phone("+14155550132", told).answered()) {
            phone.agentFinishes();
            assertThat(worker.words(phone.heard()))
                    .is(SoundsLike.words("campaign is summer"))
                    .is(SoundsLike.words("company is mountain"))
                    .is(SoundsLike.words("color is yellow"));
        }
        worker.awaitNoCalls();
    }

    @Test
    void ringsUntilItIsKnownWhichFlowAnswersAndItsFirstWordsAreReady() throws Exception {
        worker.addFlow("echo.json", """
                { "schemaVersion": 1, "id": "echo", "version": 1, "name": "Echo", "start": "hello",
                  "nodes": [ { "id": "hello", "type": "say", "text": "Please say something." },
                    { "id": "hear", "type": "listen", "into": "words" },
                    { "id": "echo", "type": "say", "text": "You said: {{words}}" },
                    { "id": "bye", "type": "hangup" } ],
                  "variables": { "words": { "type": "string" } },
                  "edges": [ { "from": "hello", "to": "hear" }, { "from": "hear", "to": "echo" }, { "from": "echo", "to": "bye" } ] }""");
        short[] words = worker.voice("I have a question about my garden.");
        worker.expectError("Unhandled exception. Will keep running."); // the scheduler cannot ask for jobs
        worker.postgres().freeze(); // which flow of this name the organization has is asked for two seconds
        try (var phone =
                worker.phone("+14155550134", "{\"flow\": \"echo.json\"}").answered()) {
            phone.agentFinishes();
            assertThat(firstSound(phone.heard())).isLessThan(Duration.ofMillis(500));
            phone.say(words);
            phone.agentFinishes();
            assertThat(worker.words(phone.heard())).is(SoundsLike.words("question about my garden"));
        } finally {
            worker.postgres().thaw();
        }
        worker.awaitNoCalls();
    }

    private static Duration firstSound(short[] heard) {
        int silent = 0;
        while (silent < heard.length && Math.abs(heard[silent]) < 300) {
            silent++;
        }
        return Duration.ofMillis(silent * 1000L / 16_000);
    }

    @Test
    void greetsAWithheldNumberAsAStrangerAndKeepsNothing() throws Exception {
        long before = worker.rowsOfMemory();
        try (var phone = worker.phone("anonymous").answered()) {
            phone.agentFinishes();
            phone.say(worker.voice("My name is Mary."));
            phone.agentFinishes();
            assertThat(worker.words(phone.heard()))
                    .is(SoundsLike.words("who am i talking to"))
                    .isNot(SoundsLike.words("hi mary"));
            phone.hangUp();
        }
        worker.awaitNoCalls();
        assertThat(worker.rowsOfMemory()).isEqualTo(before);
    }

    @Test
    void keepsACallOfAnUnknownOrganizationWithoutMemory() throws Exception {
        long before = worker.rowsOfMemory();
        try (var phone = worker.phone("+14155550124", "{\"organizationId\": ").answered()) {
            phone.agentFinishes();
            phone.say(worker.voice("My name is John."));
            phone.agentFinishes();
            phone.hangUp();
        }
        worker.awaitNoCalls();
        assertThat(worker.rowsOfMemory()).isEqualTo(before);
    }

    @Test
    void apologizesWhenTheFlowItShallRunDoesNotExist() throws Exception {
        worker.expectError("a job names flow");
        try (var phone =
                worker.phone("+14155550125", "{\"flow\": \"no-such-flow\"}").answered()) {
            assertThat(phone.awaitHungUp(Duration.ofSeconds(60))).isTrue();
            assertThat(worker.words(phone.heard())).is(SoundsLike.words("something went wrong"));
        }
        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(worker.metrics())
                        .contains("recaller_calls_total{end_reason=\"flow_error\",flow=\"front-desk\"} 1.0"));
    }

    @Test
    void apologizesWhenTheSpeechServerDiesInACallAndTakesTheNextCall() throws Exception {
        worker.expectError("the flow broke");
        try (var phone = worker.phone("+14155550127").answered()) {
            phone.agentFinishes();
            int heard = phone.heard().length;
            short[] name = worker.voice("My name is John.");
            worker.speech().kill();
            phone.say(name);
            assertThat(phone.awaitHungUp(Duration.ofSeconds(60))).isTrue();
            worker.speech().revive();
            assertThat(worker.words(Arrays.copyOfRange(phone.heard(), heard, phone.heard().length)))
                    .is(SoundsLike.words("something went wrong"));
        }
        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(worker.metrics())
                        .contains("recaller_calls_total{end_reason=\"transcription_error\",flow=\"front-desk\"} 1.0"));
        try (var phone = worker.phone("+14155550128").answered()) {
            phone.agentFinishes();
            assertThat(worker.words(phone.heard())).is(SoundsLike.words("front desk"));
        }
        worker.awaitNoCalls();
    }

    @Test
    void goesOnWithTheFallbackWhenTheSpeechServerDiesInACall() throws Exception {
        worker.addFlow("careful.json", """
                { "schemaVersion": 1, "id": "careful", "version": 1, "name": "Careful", "start": "hello",
                  "configuration": { "models": {
                    "speechFallback": [ { "model": "spare/tts-1" } ], "transcriptionFallback": [ "spare/whisper-1" ] } },
                  "nodes": [ { "id": "hello", "type": "say", "text": "Hello, this is the front desk." },
                    { "id": "hear", "type": "listen" },
                    { "id": "thanks", "type": "say", "text": "Thank you, I have noted that." },
                    { "id": "more", "type": "listen" },
                    { "id": "bye", "type": "hangup", "say": "Thank you for calling." } ],
                  "edges": [ { "from": "hello", "to": "hear" }, { "from": "hear", "to": "thanks" },
                    { "from": "thanks", "to": "more" }, { "from": "more", "to": "bye" } ] }""");
        try (var phone =
                worker.phone("+14155550133", "{\"flow\": \"careful.json\"}").answered()) {
            phone.agentFinishes();
            worker.speech().kill();
            try {
                phone.say(worker.voice("Please move my appointment to Friday."));
                phone.agentFinishes();
                phone.say(worker.voice("No, that is all."));
                assertThat(phone.awaitHungUp(Duration.ofSeconds(60))).isTrue();
            } finally {
                worker.speech().revive();
            }
            assertThat(worker.words(phone.heard()))
                    .is(SoundsLike.words("front desk"))
                    .is(SoundsLike.words("noted that"))
                    .is(SoundsLike.words("for calling"))
                    .isNot(SoundsLike.words("something went wrong"));
        }
        worker.awaitNoCalls();
        assertThat(worker.metrics())
                .contains("recaller_calls_total{end_reason=\"agent_hangup\",flow=\"careful\"} 1.0")
                .containsPattern(
                        "recaller_provider_errors_total\\{operation=\"transcription\",[^}]*provider=\"openai\"} [1-9]")
                .doesNotContainPattern("recaller_provider_errors_total\\{[^}]*provider=\"spare\"} [1-9]");
    }

    @Test
    void hangsUpRightAfterGoodbyeThoughTheDatabaseHangs() throws Exception {
        worker.expectError("4 turns are lost");
        worker.expectError("Unhandled exception. Will keep running."); // the scheduler cannot ask for jobs either
        try (var phone = worker.phone("+14155550130").answered()) {
            phone.agentFinishes();
            worker.postgres().freeze();
            try {
                phone.say(worker.voice("My name is John."));
                phone.agentFinishes();
                phone.say(worker.voice("Please move my appointment to Friday."));
                phone.agentFinishes();
                assertThat(phone.awaitHungUp(Duration.ofSeconds(30))).isTrue();
                assertThat(phone.silence()).isLessThan(Duration.ofSeconds(4));
                short[] heard = phone.heard();
                String all = worker.words(heard);
                String last = worker.words(Arrays.copyOfRange(heard, heard.length - LAST_WORDS, heard.length));
                assertThat(all).is(SoundsLike.words("thank you for calling"));
                assertThat(List.of(all, last))
                        .as("a small model may miss the last word of one of them")
                        .areAtLeastOne(anyOf(SoundsLike.words("goodbye"), SoundsLike.words("bye")));
            } finally {
                worker.postgres().thaw();
            }
        }
        worker.awaitNoCalls();
    }

    @Test
    void stopsSpeakingWhenTheCallerInterruptsAndListens() throws Exception {
        try (var phone = worker.phone("+14155550131").answered()) {
            phone.agentBegins();
            phone.say(worker.voice("My name is John and I have a question."));
            phone.agentFinishes();
            assertThat(worker.words(phone.heard())).is(SoundsLike.words("john")).doesNotContain("talking to");
            phone.hangUp();
        }
        worker.awaitNoCalls();
        assertThat(worker.metrics()).contains("recaller_interruptions_total{kind=\"barge_in\"} 1.0");
    }

    @Test
    void takesTheNextCallAfterTheServerWasRestarted() throws Exception {
        liveKit.kill();
        await().atMost(Duration.ofSeconds(60)).until(() -> !worker.ready());
        liveKit.start();
        await().atMost(Duration.ofSeconds(60)).until(worker::ready);
        try (var phone = worker.phone("+14155550129").answered()) {
            phone.agentFinishes();
            assertThat(worker.words(phone.heard())).is(SoundsLike.words("front desk"));
        }
        worker.awaitNoCalls();
    }
}
