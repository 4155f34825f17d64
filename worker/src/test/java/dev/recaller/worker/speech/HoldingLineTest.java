package dev.recaller.worker.speech;

import static dev.recaller.worker.speech.RealSpeech.joined;
import static dev.recaller.worker.speech.RealSpeech.silence;
import static org.assertj.core.api.Assertions.assertThat;

import dev.recaller.flow.EndReason;
import dev.recaller.flow.FlowContext;
import dev.recaller.flow.FlowListener;
import dev.recaller.flow.FlowResult;
import dev.recaller.flow.FlowStore;
import dev.recaller.flow.definition.Flow;
import dev.recaller.flow.engine.FlowRunner;
import dev.recaller.memory.Assurance;
import dev.recaller.memory.Turn;
import dev.recaller.worker.openai.NoMemory;
import dev.recaller.worker.openai.OpenAi;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A caller who asks to be waited for, on a line with a real voice and a real transcriber. */
@Timeout(120)
class HoldingLineTest implements FlowListener {

    private static final String FLOW = """
            { "schemaVersion": 1, "id": "visit", "version": 1, "name": "Visit", "start": "ask",
              "nodes": [
                { "id": "ask", "type": "say", "text": "When would you like to come?" },
                { "id": "hear", "type": "listen" },
                { "id": "bye", "type": "hangup", "say": "Thank you." } ],
              "edges": [ { "from": "ask", "to": "hear" }, { "from": "hear", "to": "bye" } ] }
            """;

    private final List<String> turns = new CopyOnWriteArrayList<>();
    private OpenAi server;
    private TextToSpeech voice;
    private TestCall call;

    @BeforeEach
    void connect() {
        server = RealSpeech.server();
        voice = server.speech("tts-1", "alloy");
        call = new TestCall(server.transcription("whisper-1", "en-US"), voice).answered();
    }

    @AfterEach
    void close() {
        if (server != null) {
            call.close();
            server.close();
        }
    }

    @Test
    void isNotAskedForHalfAMinuteWhetherTheyAreThere() throws Exception {
        var runner = new FlowRunner(new NoMemory(), null, this, FlowStore.NONE);
        var context = new FlowContext(UUID.randomUUID(), "acme", null, Map.of(), Assurance.ANONYMOUS);
        Future<FlowResult> ended = call.flow(() -> runner.run(Flow.parse(FLOW), context, call.line));

        silenceUntilTurns(1);
        call.exchange(joined(RealSpeech.said(voice, "Hold on, please."), silence(2_500)));
        silenceUntilTurns(3);
        call.exchange(silence(30_000));
        call.exchange(joined(RealSpeech.said(voice, "I would like to come on Friday."), silence(2_500)));

        assertThat(call.playUntil(ended).reason()).isEqualTo(EndReason.AGENT_HANGUP);
        assertThat(turns).hasSize(5);
        assertThat(turns.get(1)).is(SoundsLike.words("hold on please"));
        assertThat(turns.get(2)).isEqualTo("Of course, take your time.");
        assertThat(turns.get(3)).is(SoundsLike.words("come on friday"));
    }

    private void silenceUntilTurns(int count) throws InterruptedException {
        for (int sent = 0; turns.size() < count; sent += 20) {
            assertThat(sent).as("of silence, after " + turns).isLessThan(60_000_000);
            call.exchange(silence(20));
        }
    }

    @Override
    public void turnEnded(FlowContext context, Turn turn) {
        turns.add(turn.text());
    }
}
