package dev.recaller.flow.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recaller.flow.EndReason;
import dev.recaller.flow.line.Transferred;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Transfers, keys and audio, by what the line says of them. */
final class PhoneNodesTest {

    private static final String TRANSFERS = """
            { "schemaVersion": 1, "id": "transfers", "version": 1, "name": "Transfers", "start": "xfer",
              "variables": { "queue": { "type": "string", "default": "+15550123" } },
              "nodes": [
                { "id": "xfer", "type": "transfer", "to": "{{queue}}", "say": "I connect you." },
                { "id": "busy", "type": "say", "text": "They are busy." },
                { "id": "away", "type": "say", "text": "Nobody answers." },
                { "id": "sorry", "type": "say", "text": "That did not work." },
                { "id": "after", "type": "condition" },
                { "id": "bye", "type": "hangup", "say": "Goodbye." }
              ],
              "edges": [
                { "from": "xfer", "port": "done", "to": "after" },
                { "from": "xfer", "port": "busy", "to": "busy" },
                { "from": "xfer", "port": "no_answer", "to": "away" },
                { "from": "xfer", "port": "failed", "to": "sorry" },
                { "from": "busy", "to": "after" }, { "from": "away", "to": "after" }, { "from": "sorry", "to": "after" },
                { "from": "after", "to": "bye" }
              ] }""";

    private static final String PIN = """
            { "schemaVersion": 1, "id": "pin", "version": 1, "name": "PIN", "start": "ask",
              "nodes": [
                { "id": "ask", "type": "collect_digits", "into": "pin", "min": 4, "max": 6, "say": "Your PIN?", SECRET },
                { "id": "good", "type": "say", "text": "{{pin}}" },
                { "id": "again", "type": "say", "text": "Too short." },
                { "id": "late", "type": "say", "text": "Nothing came." },
                { "id": "bye", "type": "hangup" }
              ],
              "edges": [
                { "from": "ask", "port": "complete", "to": "good" },
                { "from": "ask", "port": "invalid", "to": "again" },
                { "from": "ask", "port": "timeout", "to": "late" },
                { "from": "good", "to": "bye" }, { "from": "again", "to": "bye" }, { "from": "late", "to": "bye" }
              ] }""".replace(", SECRET", "");

    @Test
    void aTransferThatWorksEndsTheCallAsTransferredAndTheFlowGoesOnUnheard() throws InterruptedException {
        var call = Scenario.flow(TRANSFERS).transfers(new Transferred.Done()).run();

        assertThat(call.acted()).containsExactly("transfers to +15550123");
        assertThat(call.result().path()).containsExactly("xfer", "after", "bye");
        assertThat(call.result().reason()).isEqualTo(EndReason.TRANSFERRED);
        assertThat(call.said()).containsExactly("I connect you.");
        assertThat(call.hungUpByAgent()).as("the other two are talking").isFalse();
    }

    @Test
    void eachFailureOfATransferHasItsPort() throws InterruptedException {
        Map<Transferred, String> spoken = Map.of(
                new Transferred.Busy(486), "They are busy.",
                new Transferred.NoAnswer(480), "Nobody answers.",
                new Transferred.Failed("603 Decline"), "That did not work.");
        for (Map.Entry<Transferred, String> how : spoken.entrySet()) {
            var call = Scenario.flow(TRANSFERS).transfers(how.getKey()).run();
            assertThat(call.said()).containsExactly("I connect you.", how.getValue(), "Goodbye.");
            assertThat(call.result().reason()).isEqualTo(EndReason.AGENT_HANGUP);
        }
    }

    @Test
    void whyATransferFailedIsToldToTheOperator() throws InterruptedException {
        Scenario scenario = Scenario.flow(TRANSFERS).transfers(new Transferred.Failed("603 Decline"));
        scenario.run();

        assertThat(scenario.warnings).containsExactly("xfer: the transfer failed: 603 Decline");
    }

    @Test
    void theFlowMayAskWhichSipStatusATransferEndedWith() throws InterruptedException {
        String asking = TRANSFERS
                .replace("\"type\": \"transfer\",", "\"type\": \"transfer\", \"into\": \"status\",")
                .replace("That did not work.", "Status {{status}}.");

        assertThat(asking).isNotEqualTo(TRANSFERS);
        assertThat(Scenario.flow(asking)
                        .transfers(new Transferred.Failed(603, "SIP status 603 (Decline)"))
                        .run()
                        .said())
                .contains("Status 603.");
        assertThat(Scenario.flow(asking)
                        .transfers(new Transferred.Failed("this line cannot transfer"))
                        .run()
                        .said())
                .contains("Status 0.");
    }

    @Test
    void nobodyIsDialledWhenTheNumberIsEmpty() throws InterruptedException {
        var call = Scenario.flow(TRANSFERS.replace("+15550123", "")).run();

        assertThat(call.acted()).isEmpty();
        assertThat(call.said()).containsExactly("That did not work.", "Goodbye.");
    }

    @Test
    void theCallerMayHangUpWhileItRings() throws InterruptedException {
        var call = Scenario.flow(TRANSFERS).transfers(new Transferred.HungUp()).run();

        assertThat(call.result().reason()).isEqualTo(EndReason.CALLER_HANGUP);
        assertThat(call.result().path()).containsExactly("xfer");
    }

    @ParameterizedTest
    @CsvSource({
        "1 2 3 4 #, 1234",
        "1234#, 1234",
        "12 3456, 123456",
        "1 2 3 4 (silence), 1234",
        "1 2 (silence), Too short.",
        "12#, Too short.",
        "(silence), Nothing came."
    })
    void keysAreTakenUntilThereAreEnough(String acts, String said) throws InterruptedException {
        Scenario scenario = Scenario.flow(PIN);
        for (String act : acts.split(" ", -1)) {
            if (act.equals("(silence)")) {
                scenario.silence();
            } else {
                scenario.keys(act);
            }
        }

        assertThat(scenario.run().said()).containsExactly("Your PIN?", said);
    }

    @Test
    void wordsBetweenKeysArePassedOver() throws InterruptedException {
        var call = Scenario.flow(PIN)
                .keys("12")
                .hears("Wait a moment.")
                .keys("34#")
                .run();

        assertThat(call.said()).containsExactly("Your PIN?", "1234");
        assertThat(call.turns()).hasSize(2);
    }

    @Test
    void secretKeysAreMarkedSo() throws InterruptedException {
        var open = Scenario.flow(PIN).keys("1234#").run();
        var secret = Scenario.flow(PIN.replace("\"min\": 4", "\"secret\": true, \"min\": 4"))
                .keys("1234#")
                .run();

        assertThat(open.context().isSecret("pin")).isFalse();
        assertThat(secret.context().isSecret("pin")).isTrue();
        assertThat(secret.context().variables()).containsEntry("pin", "1234");
    }

    @Test
    void playsPressesAndWaits() throws InterruptedException {
        Scenario scenario = Scenario.flow("""
                { "schemaVersion": 1, "id": "acts", "version": 1, "name": "Acts", "start": "play",
                  "variables": { "digits": { "type": "string", "default": "1-2 w#" }, "bad": { "type": "string", "default": "one" } },
                  "nodes": [
                    { "id": "play", "type": "play", "audio": "hold/music.wav" },
                    { "id": "miss", "type": "play", "audio": "missing.wav" },
                    { "id": "press", "type": "send_digits", "digits": "{{digits}}" },
                    { "id": "wrong", "type": "send_digits", "digits": "{{bad}}" },
                    { "id": "wait", "type": "wait", "ms": 5000 },
                    { "id": "failed", "type": "say", "text": "No." },
                    { "id": "bye", "type": "hangup", "say": "Goodbye." } ],
                  "edges": [
                    { "from": "play", "to": "miss" }, { "from": "miss", "to": "press" },
                    { "from": "press", "port": "done", "to": "wrong" }, { "from": "press", "to": "bye" },
                    { "from": "wrong", "port": "failed", "to": "failed" }, { "from": "wrong", "to": "bye" },
                    { "from": "failed", "to": "wait" }, { "from": "wait", "to": "bye" } ] }""").hears("Are you there?").silence();
        var begun = scenario.clock.instant();
        var call = scenario.run();

        assertThat(call.acted()).containsExactly("plays hold/music.wav", "plays missing.wav", "presses 12w#");
        assertThat(call.said()).containsExactly("No.", "Goodbye.");
        assertThat(call.turns().get(1).text()).as("said into the wait").isEqualTo("Are you there?");
        assertThat(scenario.clock.instant()).isAfterOrEqualTo(begun.plusSeconds(5));
        assertThat(scenario.warnings)
                .containsExactly(
                        "miss: 'missing.wav' cannot be played on this line",
                        "wrong: 'digits' must be 1 to 128 of 0-9, A-D, *, # and w");
    }

    @Test
    void theCallEndsWhenTheCallerHangsUpWhileItWaits() throws InterruptedException {
        var call = Scenario.flow("""
                { "schemaVersion": 1, "id": "waits", "version": 1, "name": "Waits", "start": "wait",
                  "nodes": [ { "id": "wait", "type": "wait", "ms": 5000 }, { "id": "bye", "type": "hangup" } ],
                  "edges": [ { "from": "wait", "to": "bye" } ] }""").run();

        assertThat(call.result().reason()).isEqualTo(EndReason.CALLER_HANGUP);
        assertThat(call.result().path()).isEqualTo(List.of("wait"));
    }
}
