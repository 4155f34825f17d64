package dev.recaller.worker.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.recaller.sql.Database;
import dev.recaller.sql.EmbeddedDatabase;
import dev.recaller.sql.Folders;
import dev.recaller.worker.command.RecallerProcess.Ended;
import dev.recaller.worker.psql.Psql;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** The program as a script uses it: processes of their own, one after the other, on one data folder. */
class ConsoleTest {

    private static final Path FRONT_DESK =
            Path.of("../flows/front-desk.json").toAbsolutePath().normalize();
    private static final String NUMBER = "+1234567890";

    @TempDir(cleanup = CleanupMode.ALWAYS)
    private Path folder;

    @AfterEach
    void stopADatabaseLeftBehindByAKilledProcess() throws IOException {
        if (!Files.isDirectory(folder.resolve("home"))) {
            return;
        }
        for (Path file : runningServers()) {
            long id = Long.parseLong(Files.readAllLines(file).getFirst().strip());
            ProcessHandle.of(id).ifPresent(server -> {
                server.destroy();
                await().until(() -> !server.isAlive());
            });
        }
    }

    @Test
    void greetsByNameInTheSecondCallAndKeepsWhatWasSaid() throws Exception {
        Ended first = call("My name is John.\n", "--from", NUMBER);
        assertThat(first.exitCode()).as(first.err()).isZero();
        assertThat(first.out().lines())
                .containsExactly(
                        "Hello, this is the front desk. Who am I talking to?",
                        "Nice to meet you, John. How can I help you?");
        assertThat(first.err()).contains("(the call ended: caller_hangup)");
        assertThat(runningServers()).isEmpty();

        Ended second = call("No, thank you. Goodbye.\n", "--from", NUMBER);
        assertThat(second.out().lines())
                .containsExactly(
                        "Hi John! How can I help you today?",
                        "Thank you, I have noted that.",
                        "Thank you for calling. Goodbye.");
        assertThat(second.err()).contains("(the call ended: agent_hangup)").doesNotContain("Making the database");

        try (EmbeddedDatabase database = open()) {
            showsWhatIsRemembered(database);
        }
    }

    private void showsWhatIsRemembered(EmbeddedDatabase database) throws Exception {
        Ended rows = recaller("", "psql", "SELECT * FROM user_memory WHERE phone_number = '+1234567890'");
        assertThat(rows.exitCode()).as(rows.err()).isZero();
        assertThat(rows.out().lines()).hasSize(2).anyMatch(line -> line.contains("\t" + NUMBER + "\t"));
        String memory = column(database, "SELECT id FROM user_memory").getFirst();
        assertThat(recaller(
                                "SELECT * FROM memory_chunks WHERE memory_id = '" + memory
                                        + "';\nSELECT * FROM entities WHERE memory_id = '" + memory + "';",
                                "psql")
                        .out())
                .contains("\tMy name is John.\t", "\tJohn\tcaller\t");
        assertThat(column(
                        database,
                        "SELECT content FROM memory_chunks WHERE memory_id = '" + memory + "' AND type = 'conversation'"
                                + " AND speaker = 'caller' ORDER BY said_at"))
                .containsExactly("My name is John.", "No, thank you. Goodbye.");
        assertThat(column(database, "SELECT name FROM entities WHERE memory_id = '" + memory + "'"))
                .containsExactly("John");
        assertThat(column(
                        database,
                        "SELECT end_reason || ' ' || (memory_id = '" + memory + "') FROM calls ORDER BY started_at"))
                .containsExactly("caller_hangup true", "agent_hangup true");
        assertThat(column(database, "SELECT DISTINCT min_assurance FROM memory_chunks WHERE type = 'conversation'"))
                .containsExactly("presented");

        String call = column(database, "SELECT id::text FROM calls ORDER BY started_at")
                .getFirst();
        Ended replayed = recaller("", "flow", "replay", call, "--flow", FRONT_DESK.toString());
        assertThat(replayed.out())
                .as("what was said after the flow stored is not kept: " + replayed.err())
                .startsWith("  agent:  Hello, this is the front desk. Who am I talking to?")
                .contains(
                        "+ agent:  Nice to meet you, John. How can I help you?",
                        "They part after the caller said \"My name is John.\"; 1 of 2 exchanges differ.");
        assertThat(replayed.exitCode()).isEqualTo(1);

        Ended shown = recaller("", "memory", "show", "--phone", NUMBER);
        assertThat(shown.out()).contains("Name: John", "caller: My name is John.");
        assertThat(recaller("", "memory", "show", "--phone", NUMBER, "--json").out())
                .startsWith("{")
                .contains("\"greetingName\":\"John\"");
        assertThat(recaller("", "memory", "show", "--phone", NUMBER, "--org", "other")
                        .out()
                        .strip())
                .isEqualTo("Nothing is remembered.");
        Ended refused = recaller("", "psql", "DELETE FROM user_memory");
        assertThat(refused.exitCode()).isEqualTo(1);
        assertThat(refused.err()).startsWith("ERROR: ");
    }

    @Test
    void knowsNobodyByAWithheldNumberInAnotherOrganizationOrWithMemoryOff() throws Exception {
        call("My name is John.\n", "--from", NUMBER);
        try (EmbeddedDatabase database = open()) {
            knowsNobody(database);
        }
    }

    @Test
    void tellsTheFlowWhatACallWouldTellIt() throws Exception {
        Path reminder = FRONT_DESK.resolveSibling("reminder.json");

        assertThat(call("", "--from", NUMBER, "--flow", reminder.toString(), "--metadata", "when=on Friday at 3")
                        .out())
                .startsWith("Hello, this is the dentist's office. Your appointment is on Friday at 3.");
    }

    private void knowsNobody(EmbeddedDatabase database) throws Exception {
        Path off = folder.resolve("off.json");
        Files.writeString(
                off,
                Files.readString(FRONT_DESK).replace("\"maxCallSeconds\": 600", "\"memory\": { \"enabled\": false }"));
        String before = counts(database);

        assertThat(call("My name is Mary.\n", "--from", "anonymous").out())
                .startsWith("Hello, this is the front desk.");
        assertThat(call("My name is Mary.\n", "--from", NUMBER, "--flow", off.toString())
                        .out())
                .startsWith("Hello, this is the front desk.");
        assertThat(counts(database)).isEqualTo(before);
        assertThat(column(database, "SELECT count(*) FROM calls")).containsExactly("3");

        assertThat(call("My name is Mary.\n", "--from", NUMBER, "--org", "acme").out())
                .startsWith("Hello, this is the front desk.");
        assertThat(call("", "--from", NUMBER).out()).startsWith("Hi John!");
    }

    @Test
    void remembersWhatWasStoredBeforeItWasKilled() throws Exception {
        RecallerProcess killed = RecallerProcess.start(environment(), folder, "console", "--from", NUMBER);
        killed.type("My name is John.\n");
        await().atMost(Duration.ofSeconds(60)).until(() -> killed.outSoFar().contains("Nice to meet you, John."));
        killed.process().destroyForcibly().waitFor();

        assertThat(call("", "--from", NUMBER).out()).startsWith("Hi John!");
    }

    @Test
    void endsCleanlyOnInterrupt() throws Exception {
        RecallerProcess interrupted = RecallerProcess.start(environment(), folder, "console", "--from", NUMBER);
        interrupted.type("My name is John.\n");
        await().atMost(Duration.ofSeconds(60))
                .until(() -> interrupted.outSoFar().contains("Nice to meet you, John."));

        new ProcessBuilder("kill", "-INT", Long.toString(interrupted.process().pid()))
                .start()
                .waitFor();
        Ended ended = interrupted.end();

        assertThat(ended.exitCode()).isEqualTo(130);
        assertThat(ended.err()).doesNotContain("Exception");
        assertThat(runningServers()).isEmpty();
        try (EmbeddedDatabase database = open()) {
            assertThat(column(database, "SELECT end_reason FROM calls")).containsExactly("operator");
        }
    }

    @Test
    void refusesBeforeTheStartWhatCannotWork() throws Exception {
        Path receptionist = FRONT_DESK.resolveSibling("receptionist.json");
        Ended noModel = call("", "--from", NUMBER, "--flow", receptionist.toString());
        assertThat(noModel.exitCode()).isEqualTo(2);
        assertThat(noModel.err()).contains("OPENAI_API_KEY is not set", "OPENAI_BASE_URL");

        Ended noNumber = call("", "--from", "alice");
        assertThat(noNumber.exitCode()).isEqualTo(2);
        assertThat(noNumber.err()).contains("--from alice is not a telephone number");

        Ended noName = call("", "--from", NUMBER, "--flow", FRONT_DESK.toString(), "--metadata", "acount=7");
        assertThat(noName.exitCode()).isEqualTo(2);
        assertThat(noName.err()).contains("--metadata acount: the flow front-desk takes no metadata of this name");

        Ended noFlow = call("", "--from", NUMBER, "--flow", "nowhere.json");
        assertThat(noFlow.exitCode()).isEqualTo(2);
        assertThat(noFlow.err()).contains("nowhere.json: there is no such flow");

        assertThat(folder.resolve("home")).doesNotExist();
    }

    @Test
    void leavesNoServerBehindWhenAnOperatorPressesControlCAtThePrompt() throws Exception {
        RecallerProcess waiting = RecallerProcess.start(environment(), folder, "psql");
        waiting.type("SELECT 'ready' AS state;\n");
        await().atMost(Duration.ofSeconds(60)).until(() -> waiting.outSoFar().contains("ready"));

        new ProcessBuilder("kill", "-INT", Long.toString(waiting.process().pid()))
                .start()
                .waitFor();

        assertThat(waiting.end().err()).doesNotContain("Exception");
        assertThat(runningServers()).isEmpty();
    }

    private List<Path> runningServers() throws IOException {
        try (var files = Files.walk(folder.resolve("home"))) {
            return files.filter(path -> path.endsWith("postmaster.pid")).toList();
        }
    }

    private String counts(EmbeddedDatabase database) throws Exception {
        return String.join(
                ",",
                column(
                        database,
                        "SELECT (SELECT count(*) FROM user_memory) || ' ' || (SELECT count(*) FROM memory_chunks) || ' ' ||"
                                + " (SELECT count(*) FROM entities) || ' ' || (SELECT count(*) FROM preferences) || ' ' ||"
                                + " (SELECT count(*) FROM entity_relationships)"));
    }

    /** The values of the only column, without its header; asked in this process, which is quicker. */
    private static List<String> column(EmbeddedDatabase database, String sql) throws Exception {
        ByteArrayOutputStream answer = new ByteArrayOutputStream();
        try (Database reader = Database.open(database.urls().reader(), 1);
                Connection connection = reader.connection()) {
            new Psql(connection, new PrintStream(answer, false, StandardCharsets.UTF_8), false).run(sql);
        }
        return answer.toString(StandardCharsets.UTF_8).lines().skip(1).toList();
    }

    /** As long as it is open here the other processes share its server, which is quicker than starting it anew. */
    private EmbeddedDatabase open() {
        Map<String, String> environment = new HashMap<>(System.getenv());
        environment.putAll(environment());
        return EmbeddedDatabase.open(Folders.ofEnvironment(environment), _ -> {});
    }

    private Ended call(String caller, String... options) throws Exception {
        String[] arguments = new String[options.length + 1];
        arguments[0] = "console";
        System.arraycopy(options, 0, arguments, 1, options.length);
        return recaller(caller, arguments);
    }

    private Ended recaller(String input, String... arguments) throws Exception {
        return RecallerProcess.run(environment(), folder, input, arguments);
    }

    private Map<String, String> environment() {
        return new HashMap<>(
                Map.of("RECALLER_HOME", folder.resolve("home").toString(), "RECALLER_FLOW", FRONT_DESK.toString()));
    }
}
