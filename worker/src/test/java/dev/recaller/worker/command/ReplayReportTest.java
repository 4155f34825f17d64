package dev.recaller.worker.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recaller.flow.EndReason;
import dev.recaller.flow.FlowResult;
import dev.recaller.flow.testing.Exchange;
import dev.recaller.flow.testing.FlowReplay.Replayed;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ReplayReportTest {

    private static final Exchange HELLO = exchange(null, "Hello.");
    private static final Exchange END = exchange("Bye.", "Goodbye.");

    @Test
    void goesOnComparingAfterTheyPart() {
        ReplayReport report = report(
                List.of(HELLO, exchange("Tea?", "No."), END),
                List.of(HELLO, exchange("Tea?", "Yes. " + "Tea ".repeat(20)), END));

        assertThat(report.same()).isFalse();
        assertThat(printed(report)).isEqualTo("""
                  agent:  Hello.
                  caller: Tea?
                - agent:  No.
                + agent:  Yes. Tea Tea Tea Tea Tea Tea Tea Tea Tea Tea Tea Tea Tea Tea Tea Tea
                          Tea Tea Tea Tea
                         by hear > tell
                  caller: Bye.
                  agent:  Goodbye.

                They part after the caller said "Tea?"; 1 of 3 exchanges differ.
                Way: hello > bye
                End: agent_hangup
                From the flow's tests: find: GET https://api.example.com was answered 200
                ! talk: no model
                """);
    }

    @Test
    void whatOneOfThemDoesNotComeToIsItsOwn() {
        assertThat(printed(report(List.of(HELLO, END), List.of(HELLO))))
                .contains("- caller: Bye.\n- agent:  Goodbye.\n\nThey part after the caller said \"Bye.\"; 1 of 2");
        assertThat(printed(report(List.of(HELLO), List.of(HELLO, END))))
                .contains("+ caller: Bye.\n+ agent:  Goodbye.\n         by hear > tell\n");
    }

    @Test
    void theSameWordsAreTheSameWhateverTheWay() {
        ReplayReport report = report(List.of(HELLO, END), List.of(HELLO, END));

        assertThat(report.same()).isTrue();
        assertThat(printed(report)).contains("The same is said in all 2 exchanges.");
        assertThat(report.json()).containsEntry("same", true).containsEntry("path", List.of("hello", "bye"));
    }

    private static ReplayReport report(List<Exchange> stored, List<Exchange> now) {
        return new ReplayReport(
                stored,
                new Replayed(
                        now,
                        new FlowResult(EndReason.AGENT_HANGUP, List.of("hello", "bye"), null),
                        List.of("find: GET https://api.example.com was answered 200"),
                        List.of("talk: no model")));
    }

    private static Exchange exchange(@Nullable String caller, String agent) {
        return new Exchange(caller, List.of(agent), List.of("hear", "tell"));
    }

    private static String printed(ReplayReport report) {
        var bytes = new ByteArrayOutputStream();
        report.print(new PrintStream(bytes, true, StandardCharsets.UTF_8));
        return bytes.toString(StandardCharsets.UTF_8).replace(System.lineSeparator(), "\n");
    }
}
