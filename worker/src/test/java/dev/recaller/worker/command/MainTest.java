package dev.recaller.worker.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recaller.worker.command.RecallerProcess.Ended;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MainTest {

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "worker",
                "console",
                "flow validate",
                "flow put",
                "flow list",
                "flow show",
                "flow activate",
                "flow deactivate",
                "flow draw",
                "flow replay",
                "memory show",
                "memory search",
                "memory list",
                "memory export",
                "memory import",
                "memory erase",
                "memory share",
                "memory shared",
                "memory revoke",
                "memory merge",
                "memory undo-merge",
                "memory restore",
                "memory stats",
                "telephony setup",
                "telephony check",
                "telephony",
                "call",
                "psql",
                "db migrate",
                "db status",
                "prepare"
            })
    void teachesEachCommandByExample(String command) throws Exception {
        Ended help = recaller((command + " --help").strip().split(" ", -1));

        assertThat(help.exitCode()).isZero();
        assertThat(help.err()).isEmpty();
        assertThat(help.out()).contains("Usage: recaller " + command, "  recaller " + command);
    }

    @Test
    void suggestsTheCommandThatWasMeant() throws Exception {
        Ended refused = recaller("consol");

        assertThat(refused.exitCode()).isEqualTo(2);
        assertThat(refused.out()).isEmpty();
        assertThat(refused.err())
                .contains("Unmatched argument at index 0: 'consol'", "Did you mean: recaller console", "--help")
                .doesNotContain("\tat ");
    }

    @Test
    void namesTheCommandsWhenNoneIsGiven() throws Exception {
        Ended refused = recaller();

        assertThat(refused.exitCode()).isEqualTo(2);
        assertThat(refused.err()).contains("console", "flow", "psql");
    }

    @Test
    void saysItsVersion() throws Exception {
        assertThat(recaller("--version").out()).startsWith("recaller ");
    }

    @Test
    void listsMistakenSettingsBeforeDoingAnything() throws Exception {
        Ended refused = RecallerProcess.run(
                Map.of("RECALLER_HTTP", "x", "RECALLER_MAX_CALLS", "0", "RECALLER_HOME", "home"),
                folder,
                "",
                "psql",
                "SELECT 1");

        assertThat(refused.exitCode()).isEqualTo(2);
        assertThat(refused.err().lines())
                .containsExactly(
                        "These settings cannot be used:",
                        "  RECALLER_HTTP=x is not HOST:PORT, for example 127.0.0.1:8080 (port 0: any free one).",
                        "  RECALLER_MAX_CALLS=0 is not a whole number from 1 to 10000.");
        assertThat(folder.resolve("home")).doesNotExist();
    }

    @Test
    void failsInOneLineAndShowsWhereOnlyWhenAsked() throws Exception {
        Map<String, String> nowhere = Map.of("RECALLER_DATABASE_URL", "postgresql://me:hunter2@127.0.0.1:1/db");

        Ended failed = RecallerProcess.run(nowhere, folder, "", "psql", "SELECT 1");
        assertThat(failed.exitCode()).isEqualTo(1);
        assertThat(failed.err().lines()).singleElement().asString().startsWith("recaller: cannot connect");

        Ended verbose = RecallerProcess.run(nowhere, folder, "", "psql", "-v", "SELECT 1");
        assertThat(verbose.err()).contains("\tat dev.recaller.").doesNotContain("hunter2");
    }

    @Test
    void saysEverythingThatIsWrongWithAFlow() throws Exception {
        Files.writeString(folder.resolve("bad.json"), """
                {"schemaVersion": 1, "id": "bad", "version": 1, "name": "Bad", "start": "nowhere", "colour": "red",
                 "nodes": [{"id": "hello", "type": "say", "text": "Hello {{name}}"}, {"id": "x", "type": "dance"}],
                 "edges": [{"from": "hello", "to": "gone"}]}
                """);

        Ended refused = recaller("flow", "validate", "bad.json", "missing.json");

        assertThat(refused.exitCode()).isEqualTo(1);
        assertThat(refused.out().lines())
                .anyMatch(line -> line.startsWith("bad.json: /start: "))
                .anyMatch(line -> line.startsWith("bad.json: /colour: "))
                .anyMatch(line -> line.startsWith("bad.json: /nodes/1"))
                .anyMatch(line -> line.startsWith("bad.json: /edges/0"))
                .anyMatch(line -> line.equals("missing.json: there is no such file"))
                .allMatch(line -> line.startsWith("bad.json: /") || line.startsWith("missing.json: "));
    }

    private Ended recaller(String... arguments) throws Exception {
        return RecallerProcess.run(Map.of(), folder, "", arguments);
    }
}
