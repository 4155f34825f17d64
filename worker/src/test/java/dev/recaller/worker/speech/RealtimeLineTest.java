package dev.recaller.worker.speech;

import static dev.recaller.worker.speech.RealSpeech.joined;
import static dev.recaller.worker.speech.RealSpeech.silence;
import static org.assertj.core.api.Assertions.assertThat;

import dev.recaller.flow.line.Heard;
import dev.recaller.worker.openai.OpenAi;
import dev.recaller.worker.openai.RealtimeServer;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A line whose caller is heard over the Realtime API; behind it listens the real transcriber. */
@Timeout(120)
class RealtimeLineTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private OpenAi real;
    private TextToSpeech voice;
    private RealtimeServer server;
    private OpenAi client;
    private TestCall call;

    @BeforeEach
    void connect() {
        real = RealSpeech.server();
        voice = real.speech("tts-1", "alloy");
        SpeechToText ear = real.transcription("whisper-1", "en-US");
        server = new RealtimeServer(pcm -> ear.transcribe(RealSpeech.to16k(pcm)).text());
        client = server.client(PATIENCE);
        call = new TestCall(client.transcription("realtime:gpt-4o-transcribe", "en-US"), voice).answered();
    }

    @AfterEach
    void close() {
        if (real != null) {
            call.close();
            client.close();
            server.close();
            real.close();
        }
    }

    @Test
    void hearsTurnsOneAfterTheOther() throws Exception {
        call.exchange(joined(silence(500), said("My name is John."), silence(3_000)));
        assertThat(heard()).is(SoundsLike.words("my name is john"));
        call.exchange(joined(said("What time do you open?"), silence(3_000)));
        assertThat(heard()).is(SoundsLike.words("what time do you open"));
        assertThat(server.handshakes).hasSize(1);
    }

    @Test
    void mergesATurnWithAPauseInIt() throws Exception {
        call.exchange(joined(said("I would like an appointment and"), silence(600)));
        call.exchange(joined(said("please call me on Monday."), silence(3_000)));
        assertThat(heard())
                .is(SoundsLike.words("i would like an appointment"))
                .is(SoundsLike.words("call me on monday"));
    }

    @Test
    void hearsATurnDuringWhichTheConnectionIsLost() throws Exception {
        short[] name = said("My name is John.");
        call.exchange(joined(silence(500), name));
        server.cutAll();
        call.exchange(silence(3_000));
        assertThat(heard()).is(SoundsLike.words("my name is john"));
    }

    private String heard() throws Exception {
        return ((Heard.Speech) call.line.listen(PATIENCE)).text();
    }

    private short[] said(String text) throws InterruptedException {
        return RealSpeech.said(voice, text);
    }
}
