package dev.recaller.flow.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recaller.flow.EndReason;
import dev.recaller.flow.engine.ScriptedLine.Act;
import dev.recaller.flow.line.Transferred;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Transfers to somebody who is asked first. */
final class WarmTransferTest {

    private static final String QUESTION = "To take the call, say yes or press 1. Otherwise press 2.";

    private static final String FLOW = """
            { "schemaVersion": 1, "id": "warm", "version": 1, "name": "Warm", "start": "ask",
              "variables": { "wish": { "type": "string", "default": "" }, "status": { "type": "integer", "default": 0 } },
              "nodes": [
                { "id": "ask", "type": "say", "text": "What is it about?" },
                { "id": "hear", "type": "listen", "into": "wish" },
                { "id": "xfer", "type": "transfer", "to": "+15550123", "into": "status", "say": "One moment.",
                  "warm": { "say": "Somebody asks about {{wish}}" } },
                { "id": "unwanted", "type": "say", "text": "They cannot talk now, {{status}}." },
                { "id": "sorry", "type": "say", "text": "Nobody is there, {{status}}." },
                { "id": "bye", "type": "hangup", "say": "Goodbye." } ],
              "edges": [
                { "from": "ask", "to": "hear" }, { "from": "hear", "to": "xfer" },
                { "from": "xfer", "port": "done", "to": "bye" }, { "from": "xfer", "port": "declined", "to": "unwanted" },
                { "from": "xfer", "to": "sorry" }, { "from": "unwanted", "to": "bye" }, { "from": "sorry", "to": "bye" } ] }""";

    private static final String SUMMED_UP = FLOW.replace("{ \"say\": \"Somebody asks about {{wish}}\" }", "{}");

    @ParameterizedTest
    @ValueSource(strings = {"Yes.", "yeah, sure", "OK, put her through", "1"})
    void whoTakesTheCallIsJoinedWithTheCaller(String answer) throws InterruptedException {
        var call = flow(FLOW).picksUp(said(answer)).run();

        assertThat(call.acted())
                .containsExactly(
                        "plays music",
                        "consults +15550123",
                        "ends the music",
                        "joins them",
                        "tells them: Somebody asks about a red chair To take the call, say yes or press 1.",
                        "tells them: Otherwise press 2.");
        assertThat(call.said()).containsExactly("What is it about?", "One moment.");
        assertThat(call.result().reason()).isEqualTo(EndReason.TRANSFERRED);
        assertThat(call.result().path()).containsExactly("ask", "hear", "xfer", "bye");
        assertThat(call.hungUpByAgent()).isFalse();
        assertThat(call.turns()).as("of the caller's conversation").hasSize(3);
    }

    @ParameterizedTest
    @CsvSource({
        "No., They cannot talk now",
        "not now, They cannot talk now",
        "2, They cannot talk now",
        "(hangs up), They cannot talk now",
        "(silence), Nobody is there",
        "'You have reached the voicemail of John Miller. Yes, please leave a message.', Nobody is there"
    })
    void whoDoesNotTakeItIsLetGoAndTheCallerHearsSo(String answer, String heard) throws InterruptedException {
        var call = flow(FLOW).picksUp(said(answer), said(answer)).run();

        assertThat(call.acted()).contains("ends the music", "hangs up on them").doesNotContain("joins them");
        assertThat(call.said()).contains(heard + ", 200.", "Goodbye.");
        assertThat(call.result().reason()).isEqualTo(EndReason.AGENT_HANGUP);
    }

    @Test
    void whoIsNotUnderstoodIsAskedOnceMore() throws InterruptedException {
        var call = flow(FLOW).picksUp(said("Who is this?"), said("1")).run();

        assertThat(call.acted())
                .contains("joins them")
                .containsOnlyOnce("tells them: Somebody asks about a red chair To take the call, say yes or press 1.")
                .contains("tells them: To take the call, say yes or press 1.");
    }

    @Test
    void whoeverIsNotReachedLeavesTheCallerWithUs() throws InterruptedException {
        assertThat(flow(FLOW).transfers(new Transferred.Busy(486)).run().said()).contains("Nobody is there, 486.");
        assertThat(flow(FLOW).transfers(new Transferred.Declined(603)).run().said())
                .contains("They cannot talk now, 603.");
        var failed = flow(FLOW).transfers(new Transferred.Failed("no trunk")).run();
        assertThat(failed.said()).contains("Nobody is there, 0.");
        assertThat(failed.acted()).containsExactly("plays music", "consults +15550123", "ends the music");
    }

    @Test
    void theCallerMayHangUpMeanwhile() throws InterruptedException {
        var call = flow(FLOW).transfers(new Transferred.HungUp()).run();

        assertThat(call.result().reason()).isEqualTo(EndReason.CALLER_HANGUP);
    }

    @Test
    void whereNothingIsWrittenAModelSumsUpTheCall() throws InterruptedException {
        var model = new ScriptedModel().answers("A caller wants", " a red chair.");

        assertThat(flow(SUMMED_UP).model(model).picksUp(said("1")).run().acted())
                .contains(
                        "tells them: A caller wants a red chair.", "tells them: To take the call, say yes or press 1.");
        assertThat(model.requests().getFirst().messages().toString()).contains("a red chair");
    }

    @Test
    void whereThereIsNoModelTheyAreToldThatThereIsACaller() throws InterruptedException {
        assertThat(flow(SUMMED_UP).picksUp(said("1")).run().acted()).contains("tells them: I have a caller for you.");
    }

    @Test
    void aFlowMayPlayMusicWhileTheCallerWaits() throws InterruptedException {
        var call = Scenario.flow("""
                { "schemaVersion": 1, "id": "waits", "version": 1, "name": "Waits", "start": "wait",
                  "nodes": [ { "id": "wait", "type": "wait", "ms": 5000, "music": true }, { "id": "bye", "type": "hangup" } ],
                  "edges": [ { "from": "wait", "to": "bye" } ] }""").silence().run();

        assertThat(call.acted()).isEqualTo(List.of("plays music", "ends the music"));
    }

    private static Scenario flow(String json) {
        return Scenario.flow(json).hears("a red chair");
    }

    private static Act said(String answer) {
        return switch (answer) {
            case "1", "2" -> new Act.Keys(answer);
            case "(silence)" -> new Act.IsSilent();
            case "(hangs up)" -> new Act.HangsUpWhileListening(0);
            default -> new Act.Speaks(answer);
        };
    }
}
