package dev.recaller.worker.speech;

import static dev.recaller.worker.speech.RealSpeech.joined;
import static dev.recaller.worker.speech.RealSpeech.silence;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.type;
import static org.awaitility.Awaitility.await;

import dev.recaller.flow.line.Heard;
import dev.recaller.flow.line.Line;
import dev.recaller.flow.line.Said;
import dev.recaller.worker.openai.OpenAi;
import dev.recaller.worker.speech.SpeechListener.Interruption;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A line with a real voice, a real transcriber and the real voice detector. */
@Timeout(120)
class PhoneLineTest {

    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final String LONG_TEXT =
            "We are open from Monday to Friday, from nine in the morning until six in the"
                    + " evening, and on Saturdays until noon, except on public holidays.";

    private OpenAi server;
    private SpeechToText transcription;
    private TextToSpeech voice;
    private TestCall call;

    @BeforeEach
    void connect() {
        server = RealSpeech.server();
        transcription = server.transcription("whisper-1", "en-US");
        voice = server.speech("tts-1", "alloy");
        call = new TestCall(transcription, voice);
    }

    @AfterEach
    void close() {
        if (server != null) {
            call.close();
            server.close();
        }
    }

    @Test
    void saysWhatATranscriberUnderstands() throws Exception {
        var said = call.answered().flow(() -> call.line.say("Hi John! How can I help you today?"));
        assertThat(call.playUntil(said)).isEqualTo(new Said.Whole("Hi John! How can I help you today?"));
        String heard = transcription
                .transcribe(RealSpeech.to16k(call.played.toArray()))
                .text();
        assertThat(heard).is(SoundsLike.words("hi john how can i help you"));
        assertThat(call.firstAudio).hasSize(1);
    }

    @Test
    void aClauseAndItsRestAreUnderstoodAsTheSentenceTheyAre() throws Exception {
        for (var pieces : List.of(
                List.of("Your appointment on Friday", "is at three in the afternoon."),
                List.of("We have got an opening tomorrow,", "and another one on Monday morning."),
                List.of("I looked everything up", "because you asked me to do so."))) {
            String sentence = String.join(" ", pieces);
            try (var one = new TestCall(transcription, voice)) {
                var said = one.answered().flow(() -> one.line.say(pieces.iterator()));
                assertThat(one.playUntil(said)).isEqualTo(new Said.Whole(sentence));
                short[] heard = RealSpeech.to16k(one.played.toArray());
                assertThat(transcription.transcribe(heard).text()).is(SoundsLike.words(sentence));
            }
        }
    }

    @Test
    void numbersAndAddressesAreUnderstood() throws Exception {
        var said = call.answered()
                .flow(() -> call.line.say("Please **call** (312) 684-0197 at 3:30pm, or visit recaller.dev."));
        assertThat(call.playUntil(said).heard())
                .isEqualTo("Please **call** (312) 684-0197 at 3:30pm, or visit recaller.dev.");
        String heard = transcription
                .transcribe(RealSpeech.to16k(call.played.toArray()))
                .text()
                .replaceAll("\\D+", "");
        assertThat(heard).isEqualTo("3126840197330");
    }

    @Test
    void preparesTheFirstWordsWhileItRingsAndPlaysThemWhenAnswered() throws Exception {
        var said = call.flow(() -> call.line.say("Hello, this is the front desk."));
        await().until(() -> call.playout.prepared() > 24_000);
        assertThat(call.pull()).isFalse();
        assertThat(said.isDone()).isFalse();
        call.playout.answered();
        assertThat(call.pull()).isTrue();
        assertThat(call.playUntil(said)).isInstanceOf(Said.Whole.class);
    }

    @Test
    void hearsATurn() throws Exception {
        call.answered().exchange(joined(silence(500), said("My name is John."), silence(3_000)));
        assertThat(call.line.listen(PATIENCE))
                .asInstanceOf(type(Heard.Speech.class))
                .extracting(Heard.Speech::text)
                .asString()
                .is(SoundsLike.words("my name is john"));
    }

    @Test
    void tellsWhatTheCallerHasProbablySaidAndThatTheyGoOn() throws Exception {
        var foreseen = new CopyOnWriteArrayList<String>();
        var slow = new TurnSettings(
                Locale.US,
                Duration.ofSeconds(1),
                Duration.ofMillis(2500),
                true,
                Duration.ofMillis(300),
                Duration.ofSeconds(2));
        try (var patient = new TestCall(slow, transcription, voice, () -> 0)) {
            var heard = patient.answered()
                    .flow(() -> patient.line.listen(PATIENCE, new Line.Foresight() {
                        @Override
                        public void probably(String text) {
                            foreseen.add(text);
                        }

                        @Override
                        public void doubted() {
                            foreseen.add("no");
                        }
                    }));
            patient.exchange(joined(silence(500), said("What time do you open?"), silence(160)));
            await().until(() -> foreseen.size() == 1);
            patient.exchange(said("On Sundays, please."));
            await().until(() -> foreseen.size() >= 2);
            patient.exchange(silence(3_000));

            String text = ((Heard.Speech) TestCall.result(heard)).text();
            assertThat(foreseen.getFirst()).is(SoundsLike.words("what time do you open"));
            assertThat(foreseen.get(1)).as("the caller went on").isEqualTo("no");
            assertThat(text).is(SoundsLike.words("what time do you open on sundays"));
        }
    }

    @Test
    void mergesATurnWithAPauseInIt() throws Exception {
        call.answered().exchange(joined(said("I would like an appointment and"), silence(600)));
        call.exchange(joined(said("please call me on Monday."), silence(3_000)));
        assertThat(((Heard.Speech) call.line.listen(PATIENCE)).text())
                .is(SoundsLike.words("i would like an appointment"))
                .is(SoundsLike.words("call me on monday"));
        assertThat(call.silenceUntil(call.flow(() -> call.line.listen(Duration.ofSeconds(2)))))
                .isInstanceOf(Heard.Silence.class);
    }

    @Test
    void noticesSilence() throws Exception {
        var heard = call.answered().flow(() -> call.line.listen(PATIENCE));
        assertThat(call.silenceUntil(heard)).isEqualTo(new Heard.Silence(PATIENCE));
    }

    @Test
    void noticesSilenceWhenNoAudioComesAtAll() throws Exception {
        assertThat(call.answered().line.listen(Duration.ofMillis(200)))
                .isEqualTo(new Heard.Silence(Duration.ofMillis(200)));
    }

    @Test
    void stopsWhenTheCallerInterrupts() throws Exception {
        short[] interruption = said("Excuse me, I have got another question about my bill.");
        var said = call.answered().flow(() -> call.line.say(LONG_TEXT));
        call.playSound(1_500);
        int before = call.played.length();
        call.exchange(interruption);
        assertThat(TestCall.result(said))
                .asInstanceOf(type(Said.Interrupted.class))
                .satisfies(part -> assertThat(LONG_TEXT).startsWith(part.heard()))
                .satisfies(part -> assertThat(part.heard().split(" ")).hasSizeBetween(2, 14));
        short[] after = call.played.toArray();
        int lastSound = after.length;
        while (after[lastSound - 1] == 0) {
            lastSound--;
        }
        assertThat((lastSound - before) / 24)
                .as("ms from the caller's first sound to silence")
                .isBetween(300, 700);
        assertThat(call.interruptions).containsExactly(Interruption.BARGE_IN);

        call.exchange(silence(3_000));
        assertThat(((Heard.Speech) call.line.listen(PATIENCE)).text())
                .is(SoundsLike.words("another question about my bill"));
    }

    @Test
    void takesItsAnswerBackWhenTheCallerGoesOnBeforeAnyOfItWasHeard() throws Exception {
        call.answered().exchange(joined(silence(500), said("I would like a table."), silence(3_000)));
        assertThat(((Heard.Speech) call.line.listen(PATIENCE)).text()).is(SoundsLike.words("i would like a table"));

        var said = call.flow(() -> call.line.say("For how many people, and when?"));
        await().until(() -> call.playout.prepared() > 12_000);
        short[] more = said("For two people, please.");
        for (int at = 0; at < more.length; at += 320) {
            call.line.hear(Arrays.copyOfRange(more, at, Math.min(at + 320, more.length)), System.nanoTime());
            if (at > 16 * 250) {
                assertThat(call.pull()).as("over the caller").isFalse();
            }
        }
        call.exchange(silence(1_000));

        assertThat(TestCall.result(said)).isEqualTo(new Said.Interrupted(""));
        assertThat(((Heard.Speech) call.line.listen(PATIENCE)).text()).is(SoundsLike.words("for two people please"));
    }

    @Test
    void goesOnAfterAnAcknowledgement() throws Exception {
        short[] okay = said("Okay.");
        var said = call.answered().flow(() -> call.line.say(LONG_TEXT));
        call.playSound(1_500);
        call.exchange(joined(okay, silence(400)));
        await().until(() -> call.interruptions.contains(Interruption.ACKNOWLEDGEMENT));
        assertThat(call.playUntil(said)).isEqualTo(new Said.Whole(LONG_TEXT));
        assertThat(call.silenceUntil(call.flow(() -> call.line.listen(Duration.ofSeconds(2)))))
                .isInstanceOf(Heard.Silence.class);
    }

    @ParameterizedTest
    @ValueSource(ints = {1_430, 2_000, 2_700})
    void goesOnWithTheWordThatWasCutWhenTheCallerOnlySeemedToSpeak(int millis) throws Exception {
        String text =
                "You can come on Monday, you can come on Tuesday, you can come on Thursday, you can come on Friday,"
                        + " and you can come on Sunday.";
        short[] murmur = said("Okay then.");
        try (var deaf = new TestCall(hearsNothing(), voice)) {
            var said = deaf.answered().flow(() -> deaf.line.say(text));
            deaf.playSound(millis);
            deaf.exchange(joined(murmur, silence(600)));
            await().until(() -> deaf.interruptions.contains(Interruption.FALSE));
            int resumed = deaf.played.length();
            assertThat(deaf.playUntil(said)).as("is heard as a whole").isEqualTo(new Said.Whole(text));

            short[] all = deaf.played.toArray();
            String rest = transcription
                    .transcribe(RealSpeech.to16k(Arrays.copyOfRange(all, resumed, all.length)))
                    .text();
            assertThat(rest)
                    .as("begins with a word")
                    .matches("(?i)^(and|you|can|come|on|mon|tues|thurs|fri|sun)(day)?\\b.*");
            String before = transcription
                    .transcribe(RealSpeech.to16k(Arrays.copyOf(all, resumed)))
                    .text();
            for (String day : List.of("monday", "tuesday", "thursday", "friday", "sunday")) {
                assertThat(before + " " + rest).is(SoundsLike.words(day));
            }
        }
    }

    private static SpeechToText hearsNothing() {
        return () -> new SpeechToText.Turn() {
            @Override
            public void add(short[] pcm) {}

            @Override
            public SpeechToText.Transcript transcribe() {
                return new SpeechToText.Transcript("", Duration.ZERO);
            }

            @Override
            public void close() {}
        };
    }

    @Test
    void keepsWhatTheCallerSaidAtTheEndOfOurSentence() throws Exception {
        short[] yes = said("Yes, please do that.");
        var said = call.answered().flow(() -> call.line.say("Shall I book it?"));
        await().until(() -> call.playout.prepared() > 12_000);
        while (call.playout.prepared() > 4_800) {
            call.pull();
        }
        call.exchange(joined(yes, silence(3_000)));
        call.playUntil(said);
        assertThat(((Heard.Speech) call.line.listen(PATIENCE)).text()).is(SoundsLike.words("yes please"));
    }

    @Test
    void doesNotStopWhenTheFlowForbidsInterruption() throws Exception {
        short[] interruption = said("Excuse me, I have got another question.");
        var settings = new TurnSettings(
                Locale.US,
                Duration.ofMillis(300),
                Duration.ofMillis(2500),
                false,
                Duration.ofMillis(300),
                Duration.ofSeconds(2));
        try (var strict = new TestCall(settings, transcription, voice)) {
            var said = strict.answered().flow(() -> strict.line.say(LONG_TEXT));
            strict.playSound(1_000);
            strict.exchange(interruption);
            assertThat(strict.playUntil(said)).isEqualTo(new Said.Whole(LONG_TEXT));
            assertThat(strict.interruptions).isEmpty();
        }
    }

    @Test
    void hearsKeysAndStopsTalking() throws Exception {
        var said = call.answered().flow(() -> call.line.say(LONG_TEXT));
        call.playSound(500);
        call.line.keyed('4');
        call.line.keyed('2');
        assertThat(call.playUntil(said)).isInstanceOf(Said.Interrupted.class);
        assertThat(call.line.listen(PATIENCE)).isEqualTo(new Heard.Digits("42"));
    }

    @Test
    void endsSayingAndListeningWhenTheCallerHangsUp() throws Exception {
        var said = call.answered().flow(() -> call.line.say(LONG_TEXT));
        call.playSound(1_500);
        assertThat(call.line.gone()).isFalse();
        call.line.hungUp();
        assertThat(call.line.gone()).isTrue();
        assertThat(call.playUntil(said))
                .asInstanceOf(type(Said.HungUp.class))
                .satisfies(part -> assertThat(LONG_TEXT).startsWith(part.heard()))
                .satisfies(part -> assertThat(part.heard()).isNotEmpty());
        assertThat(call.line.listen(PATIENCE)).isEqualTo(new Heard.HungUp());
        assertThat(call.line.say("Hello?")).isEqualTo(new Said.HungUp(""));
    }

    @Test
    void endsASayThatWaitsForAnAnswerThatNeverComes() throws Exception {
        var said = call.flow(() -> call.line.say("Hello."));
        call.line.hungUp();
        assertThat(TestCall.result(said)).isEqualTo(new Said.HungUp(""));
    }

    @Test
    void hearsTheLastWordsOfACallerWhoHangsUpRightAfterThem() throws Exception {
        call.answered().exchange(joined(silence(500), said("My name is John.")));
        call.line.hungUp();
        assertThat(((Heard.Speech) call.line.listen(PATIENCE)).text()).is(SoundsLike.words("my name is john"));
        assertThat(call.line.listen(PATIENCE)).isEqualTo(new Heard.HungUp());
    }

    @Test
    void hearsTheWordsOfACallerWhoSpeaksOverUsAndHangsUp() throws Exception {
        var saying = call.answered().flow(() -> call.line.say(LONG_TEXT));
        call.playSound(500);
        call.exchange(said("My name is John."));
        call.line.hungUp();
        assertThat(call.playUntil(saying)).isInstanceOf(Said.Interrupted.class);
        assertThat(((Heard.Speech) call.line.listen(PATIENCE)).text()).is(SoundsLike.words("my name is john"));
        assertThat(call.line.say("Nice to meet you.")).isEqualTo(new Said.HungUp(""));
    }

    @Test
    void hangsUpOnce() throws Exception {
        call.answered().line.hangUp();
        call.line.hangUp();
        assertThat(call.hangUps).hasValue(1);
        assertThat(call.line.listen(PATIENCE)).isEqualTo(new Heard.HungUp());
    }

    @Test
    void measuresATurn() throws Exception {
        call.answered().exchange(joined(said("What time do you open?"), silence(3_000)));
        assertThat(call.line.listen(PATIENCE)).isInstanceOf(Heard.Speech.class);
        call.playUntil(
                call.flow(() -> call.line.say(List.of("At nine.", "Every day.").iterator())));
        assertThat(call.timings).singleElement().satisfies(turn -> {
            assertThat(turn.transcriptionRequest()).isGreaterThan(turn.transcription());
            assertThat(turn.transcription()).isPositive();
            assertThat(turn.speechFirstByte()).isPositive();
            assertThat(turn.total()).isGreaterThan(turn.endOfTurn().plus(turn.speechFirstByte()));
        });
    }

    @Test
    void playsAPhraseToItsEnd() throws Exception {
        var pcm = new short[24_000];
        Arrays.fill(pcm, (short) 1_000);
        call.answered();
        var played = call.flow(() -> {
            call.line.play(pcm);
            return true;
        });
        call.playUntil(played);
        assertThat(Arrays.equals(Arrays.copyOfRange(withoutSilence(), 0, pcm.length), pcm))
                .isTrue();
    }

    private short[] withoutSilence() {
        short[] all = call.played.toArray();
        int start = 0;
        while (all[start] == 0) {
            start++;
        }
        return Arrays.copyOfRange(all, start, all.length);
    }

    private short[] said(String text) throws InterruptedException {
        return RealSpeech.said(voice, text);
    }
}
