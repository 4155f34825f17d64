package dev.recaller.worker.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recaller.sql.EmbeddedDatabase;
import dev.recaller.sql.Folders;
import dev.recaller.worker.command.RecallerProcess.Ended;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What an operator does about one caller, command by command, each a process of its own. */
class MemoryCommandsTest {

    private static final Path FRONT_DESK =
            Path.of("../flows/front-desk.json").toAbsolutePath().normalize();
    private static final String NUMBER = "+1234567890";
    private static final JsonMapper JSON = new JsonMapper();

    @TempDir(cleanup = CleanupMode.ALWAYS)
    private Path folder;

    @Test
    void aCallerIsListedFoundSharedExportedErasedAndCannotBeImportedAgain() throws Exception {
        Map<String, String> environment = new HashMap<>(System.getenv());
        environment.putAll(environment());
        // As long as it is open here the commands share its server, which is quicker than starting it anew.
        try (EmbeddedDatabase _ = EmbeddedDatabase.open(Folders.ofEnvironment(environment), _ -> {})) {
            assertThat(recaller("My name is John.\nPlease text me.\n", "console", "--from", NUMBER)
                            .exitCode())
                    .isZero();
            String memory = listed();
            found();
            shared();
            exportedAndImportedElsewhere(memory);
            erased();
            audited();
        }
    }

    private String listed() throws Exception {
        List<String> lines = ok("memory", "list").out().lines().toList();
        assertThat(lines.getFirst()).isEqualTo("memory\tnumber\tuser\tname\tconversations\tlast");
        assertThat(lines.get(1).split("\t", -1))
                .contains(NUMBER, "\\N", "John", "1")
                .hasSize(6);
        JsonNode json = JSON.readTree(ok("memory", "list", "--json").out());
        assertThat(json).hasSize(1);
        assertThat(json.get(0).get("name").asString()).isEqualTo("John");
        return lines.get(1).split("\t", -1)[0];
    }

    private void found() throws Exception {
        assertThat(ok("memory", "search", "text me", "--phone", NUMBER)
                        .out()
                        .lines()
                        .findFirst())
                .get()
                .asString()
                .endsWith("\tcaller\tPlease text me.");
        assertThat(JSON.readTree(ok("memory", "search", "text me", "--phone", NUMBER, "--json")
                                .out())
                        .get(0)
                        .at("/value/content")
                        .asString())
                .isEqualTo("Please text me.");
        assertThat(recaller("", "memory", "search", "text me").exitCode()).isEqualTo(2);
    }

    private void shared() throws Exception {
        String[] share = {
            "memory",
            "share",
            "--phone",
            NUMBER,
            "--with",
            "acme",
            "--categories",
            "name,preferences",
            "--purpose",
            "booking",
            "--evidence",
            "call 1",
            "--days",
            "30",
            "--json"
        };
        String consent = JSON.readTree(ok(share).out()).get("id").asString();
        assertThat(ok("memory", "shared", "--org", "acme").out())
                .contains(consent + "\tdefault\tname,preferences\tbooking");
        assertThat(ok("memory", "shared", "--phone", NUMBER, "--org", "acme").out())
                .contains("Name: John", "Preference: ")
                .doesNotContain("text me");
        assertThat(ok("memory", "shared", "--phone", NUMBER, "--org", "other", "--json")
                        .out()
                        .strip())
                .isEqualTo("[]");
        assertThat(recaller("", "memory", "revoke", consent, "--org", "acme").exitCode())
                .isEqualTo(1);
        assertThat(ok("memory", "revoke", consent, "--json").out()).contains("revokedAt");
        assertThat(JSON.readTree(ok("memory", "shared", "--phone", NUMBER, "--org", "acme", "--json")
                        .out()))
                .isEmpty();
    }

    private void exportedAndImportedElsewhere(String memory) throws Exception {
        JsonNode document =
                JSON.readTree(ok("memory", "export", "--memory", memory).out());
        assertThat(document.at("/content/memories/0/phoneNumber").asString()).isEqualTo(NUMBER);
        Path file = folder.resolve("callers.ndjson");
        assertThat(JSON.readTree(ok("memory", "export", "--all", "--out", "callers.ndjson", "--json")
                                .out())
                        .get("exported")
                        .asInt())
                .isEqualTo(1);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        try (var files = Files.list(folder)) {
            assertThat(files.map(Path::getFileName).map(Path::toString))
                    .noneMatch(name -> name.endsWith(".unfinished"));
        }
        assertThat(recaller("", "memory", "export", "--phone", "+15550999").exitCode())
                .isEqualTo(1);
        assertThat(recaller("", "memory", "export").exitCode()).isEqualTo(2);

        assertThat(ok("memory", "import", "callers.ndjson", "--org", "acme").out())
                .contains("Imported 1");
        assertThat(ok("memory", "import", "callers.ndjson", "--org", "acme", "--json")
                        .out())
                .contains("\"unchanged\":1");
        assertThat(ok("memory", "show", "--phone", NUMBER, "--org", "acme").out())
                .contains("Name: John");
        Path damaged = folder.resolve("damaged.json");
        Files.writeString(damaged, Files.readString(file).replace("John", "Jane"));
        Ended refused = recaller("", "memory", "import", "damaged.json", "--org", "third");
        assertThat(refused.exitCode()).isEqualTo(1);
        assertThat(refused.err())
                .contains("damaged.json: line 1: /sha256: ", "export it again", "nothing was imported");
        assertThat(ok("memory", "show", "--phone", NUMBER, "--org", "third").out())
                .contains("Nothing is remembered.");
    }

    private void erased() throws Exception {
        assertThat(recaller("", "memory", "erase", "--phone", NUMBER).exitCode())
                .as("nobody is there to be asked")
                .isEqualTo(2);
        assertThat(ok("memory", "erase", "--phone", NUMBER, "--dry-run").out()).contains("user_memory=1");
        JsonNode receipt = JSON.readTree(ok("memory", "erase", "--phone", NUMBER, "--yes", "--json")
                        .out())
                .get("receipt");
        assertThat(receipt.at("/counts/user_memory").asInt()).isEqualTo(1);
        assertThat(receipt.toString()).doesNotContain(NUMBER, "John");

        assertThat(ok("memory", "show", "--phone", NUMBER).out().strip()).isEqualTo("Nothing is remembered.");
        assertThat(ok("psql", "SELECT count(*) FROM calls WHERE organization_id = 'default'")
                        .out()
                        .lines())
                .containsExactly("count", "0");
        Ended refused = recaller("", "memory", "import", "callers.ndjson");
        assertThat(refused.exitCode()).isEqualTo(1);
        assertThat(refused.err()).contains("this caller was erased at");
        assertThat(recaller("My name is John.\n", "console", "--from", NUMBER).out())
                .startsWith("Hello, this is the front desk.");
    }

    private void audited() throws Exception {
        assertThat(ok("psql", "SELECT DISTINCT action FROM audit WHERE organization_id = 'default' ORDER BY 1")
                        .out()
                        .lines())
                .containsExactly("action", "erase", "export", "list", "revoke", "search", "share", "shared_read");
        assertThat(ok("psql", "SELECT DISTINCT actor FROM audit WHERE action = 'erase'")
                        .out()
                        .lines())
                .containsExactly("actor", "operator:" + System.getProperty("user.name"));
    }

    private Ended ok(String... arguments) throws Exception {
        return recaller("", arguments).ok();
    }

    private Ended recaller(String input, String... arguments) throws Exception {
        return RecallerProcess.run(environment(), folder, input, arguments);
    }

    private Map<String, String> environment() {
        return Map.of("RECALLER_HOME", folder.resolve("home").toString(), "RECALLER_FLOW", FRONT_DESK.toString());
    }
}
