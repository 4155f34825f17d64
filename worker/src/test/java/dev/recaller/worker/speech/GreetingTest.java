package dev.recaller.worker.speech;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recaller.worker.openai.OpenAi;
import dev.recaller.worker.speech.Greeting.AnsweredBy;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** With voices of the speech server, as a telephone's audio comes in. */
class GreetingTest {
    private static OpenAi server;
    private static TextToSpeech voice;

    @BeforeAll
    static void connect() {
        server = RealSpeech.server();
        voice = server.speech("tts-1", "alloy");
    }

    @AfterAll
    static void close() {
        if (server != null) {
            server.close();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Hello?",
                "Yes, hello?",
                "Hello, this is Mary.",
                "Good morning, John Miller speaking.",
                "Hi, who is this?",
                "Miller and sons, good afternoon."
            })
    void aPersonSaysAWordOrTwo(String greeting) throws Exception {
        assertThat(heard(RealSpeech.said(voice, greeting), 4_000)).isEqualTo(AnsweredBy.PERSON);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "You have reached the voicemail of John Miller. Please leave a message after the tone.",
                "Hi, this is Mary. I can't come to the phone right now. Leave me a message and I will call you back.",
                "The person you are calling is not available. At the tone, please record your message.",
                "Your call has been forwarded to an automatic voice message system."
            })
    void aMachineSpeaksOnAndOn(String greeting) throws Exception {
        assertThat(heard(RealSpeech.said(voice, greeting), 4_000)).isEqualTo(AnsweredBy.MACHINE);
    }

    @Test
    void whoSaysNothingIsUnknown() throws Exception {
        assertThat(heard(new short[0], 4_000)).isEqualTo(AnsweredBy.UNKNOWN);
    }

    @Test
    void whoHangsUpIsUnknown() throws Exception {
        try (var greeting = new Greeting(TestCall.VOICE_ACTIVITY)) {
            assertThat(greeting.await(() -> true)).isEqualTo(AnsweredBy.UNKNOWN);
        }
    }

    @Test
    void aMachineIsWaitedFor() throws Exception {
        short[] spoken = RealSpeech.said(
                voice, "You have reached the voicemail of John Miller. Please leave a message after the tone.");
        try (var greeting = new Greeting(TestCall.VOICE_ACTIVITY)) {
            var who = CompletableFuture.supplyAsync(() -> awaited(greeting), Thread::startVirtualThread);

            greeting.hear(spoken);
            assertThat(who).isNotDone();
            greeting.hear(RealSpeech.silence(3_500));
            assertThat(who.get()).isEqualTo(AnsweredBy.MACHINE);
        }
    }

    @Test
    void aBeepAfterAFewWordsIsAMachinesAndEndsTheWaiting() throws Exception {
        short[] tone = new short[SpeechToText.RATE / 2];
        for (int i = 0; i < tone.length; i++) {
            tone[i] = (short) (6_000 * Math.sin(2 * Math.PI * 1_000 * i / SpeechToText.RATE));
        }
        short[] spoken = RealSpeech.joined(RealSpeech.said(voice, "Leave a message."), RealSpeech.silence(200), tone);

        assertThat(heard(spoken, 200)).isEqualTo(AnsweredBy.MACHINE);
        assertThat(heard(tone, 4_000)).as("nobody spoke").isEqualTo(AnsweredBy.UNKNOWN);
    }

    private static AnsweredBy heard(short[] spoken, int silenceMillis) throws Exception {
        short[] all = RealSpeech.joined(RealSpeech.silence(400), spoken, RealSpeech.silence(silenceMillis));
        try (var greeting = new Greeting(TestCall.VOICE_ACTIVITY)) {
            for (int at = 0; at < all.length; at += 320) {
                greeting.hear(Arrays.copyOfRange(all, at, Math.min(at + 320, all.length)));
            }
            return greeting.await(() -> false);
        }
    }

    private static AnsweredBy awaited(Greeting greeting) {
        try {
            return greeting.await(() -> false);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
