package dev.recaller.worker.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recaller.sql.EmbeddedDatabase;
import dev.recaller.sql.Folders;
import dev.recaller.worker.command.RecallerProcess.Ended;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What an operator does about numbers, command by command, each a process of its own. */
@Tag("beside")
class NumberCommandsTest {

    @TempDir(cleanup = CleanupMode.ALWAYS)
    private Path folder;

    @Test
    void numbersAndBlockedCallersAreSetListedAndRemoved() throws Exception {
        Map<String, String> environment = new HashMap<>(System.getenv());
        environment.putAll(environment());
        // As long as it is open here the commands share its server, which is quicker than starting it anew.
        try (EmbeddedDatabase _ = EmbeddedDatabase.open(Folders.ofEnvironment(environment), _ -> {})) {
            numbers();
            blocked();
            assertThat(ok("psql", "SELECT DISTINCT action FROM audit WHERE organization_id = 'default' ORDER BY 1")
                            .out()
                            .lines())
                    .containsExactly(
                            "action",
                            "number_block",
                            "number_blocked",
                            "number_list",
                            "number_remove",
                            "number_set",
                            "number_unblock");
        }
    }

    private void numbers() throws Exception {
        assertThat(ok("number", "list").out()).isEqualTo("number\tflow\twithheld\trefusal\tnote\n");
        assertThat(ok("number", "set", "+1 (555) 0100").out())
                .isEqualTo("+15550100: the default flow of default answers from now on.\n");
        JsonNode set = JsonMapper.shared()
                .readTree(ok(
                                "number",
                                "set",
                                "+15550101",
                                "--flow",
                                "sales",
                                "--withheld",
                                "reject",
                                "--refusal",
                                "sorry",
                                "--note",
                                "a\tposter",
                                "--json")
                        .out());
        assertThat(set.path("number").stringValue()).isEqualTo("+15550101");
        assertThat(set.path("rejectsWithheld").booleanValue()).isTrue();
        assertThat(ok("number", "list").out().lines())
                .containsExactly(
                        "number\tflow\twithheld\trefusal\tnote",
                        "+15550100\t\\N\tanswer\t\\N\t\\N",
                        "+15550101\tsales\treject\tsorry\ta poster");
        assertThat(JsonMapper.shared().readTree(ok("number", "list", "--json").out()))
                .hasSize(2);

        assertThat(ok("number", "set", "+15550101", "--flow", "desk").out())
                .isEqualTo("+15550101: desk of default answers from now on.\n");
        assertThat(ok("number", "list").out()).contains("+15550101\tdesk\tanswer\t\\N\t\\N\n");

        Ended taken = recaller("number", "set", "+15550101", "--org", "acme");
        assertThat(taken.exitCode()).isEqualTo(Main.FAILED);
        assertThat(taken.err()).contains("+15550101 is another organization's: it must remove it first");
        Ended others = recaller("number", "remove", "+15550101", "--org", "acme");
        assertThat(others.exitCode()).isEqualTo(Main.FAILED);
        assertThat(others.err()).contains("organization acme has no number +15550101");

        assertThat(ok("number", "remove", "+15550101").out()).isEqualTo("Removed +15550101\n");
        assertThat(recaller("number", "remove", "+15550101").exitCode()).isEqualTo(Main.FAILED);

        Ended misused = recaller("number", "set", "reception");
        assertThat(misused.exitCode()).isEqualTo(Main.MISUSED);
        assertThat(misused.err()).contains("NUMBER reception is not an international number like +1234567890.");
    }

    private void blocked() throws Exception {
        String hash = ok("number", "block", "+15105550123", "--note", "rude")
                .out()
                .strip()
                .replace("Blocked ", "");
        assertThat(hash).matches("[0-9a-f]{32}");
        assertThat(ok("number", "blocked").out().lines())
                .hasSize(2)
                .last()
                .asString()
                .matches(hash + "\t[-0-9]{10} [:0-9]{5}\trude");
        assertThat(JsonMapper.shared()
                        .readTree(ok("number", "blocked", "--json").out())
                        .get(0)
                        .path("numberHash")
                        .stringValue())
                .isEqualTo(hash);
        assertThat(ok("number", "block", hash).out()).as("again").isEqualTo("Blocked " + hash + "\n");
        assertThat(ok("number", "blocked").out()).as("the note stays").contains("\trude\n");

        assertThat(ok("number", "unblock", hash, "--json").out()).isEqualTo("{\"unblocked\":\"" + hash + "\"}\n");
        Ended again = recaller("number", "unblock", "+15105550123");
        assertThat(again.exitCode()).isEqualTo(Main.FAILED);
        assertThat(again.err()).contains("organization default does not block this caller");
        assertThat(recaller("number", "block", "someone").exitCode()).isEqualTo(Main.MISUSED);
    }

    private Ended ok(String... arguments) throws Exception {
        return recaller(arguments).ok();
    }

    private Ended recaller(String... arguments) throws Exception {
        return RecallerProcess.run(environment(), folder, "", arguments);
    }

    private Map<String, String> environment() {
        return Map.of("RECALLER_HOME", folder.resolve("home").toString());
    }
}
