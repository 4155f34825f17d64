package dev.recaller.worker.control;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recaller.memory.Assurance;
import dev.recaller.memory.Conversation;
import dev.recaller.memory.MemoryConfiguration;
import dev.recaller.memory.MemoryIdentity;
import dev.recaller.memory.Speaker;
import dev.recaller.memory.Turn;
import dev.recaller.worker.FlowsTest;
import dev.recaller.worker.command.RecallerProcess;
import dev.recaller.worker.command.RecallerProcess.Ended;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands on memories and flows, as processes that have no database but a worker and a key. */
class CommandsOverTheApiTest {

    private static final String NUMBER = "+15105550100";

    @SuppressWarnings("NullAway.Init")
    private static RunningControl control;

    private final String organization = "org-" + UUID.randomUUID();

    @TempDir
    private Path folder;

    @BeforeAll
    static void start() throws Exception {
        control = new RunningControl();
    }

    @AfterAll
    static void stop() {
        control.close();
    }

    @Test
    void aCallerIsShownMovedAndErasedByAnAdministratorsKeyAndNobodyElses() throws Exception {
        var said = List.of(new Turn(0, Speaker.CALLER, "My name is Ada. Please text me.", Instant.now()));
        control.memory.store(
                MemoryIdentity.ofPhone(organization, NUMBER),
                new Conversation(UUID.randomUUID(), Assurance.PRESENTED, said),
                MemoryConfiguration.DEFAULT);
        String admin = control.key(organization, "admin");

        assertThat(recaller(admin, "memory", "show", "--phone", NUMBER).ok().out())
                .contains("Name: Ada", "Preference: contact_channel = sms", "caller: My name is Ada.");
        assertThat(recaller(admin, "memory", "export", "--all", "--out", "callers.ndjson")
                        .ok()
                        .out())
                .startsWith("Exported 1 memory");
        String there = control.key("there-" + organization, "admin");
        assertThat(recaller(there, "memory", "import", "callers.ndjson").ok().out())
                .startsWith("Imported 1, already here 0");
        Path damaged = folder.resolve("damaged.ndjson");
        Files.writeString(
                damaged, Files.readString(folder.resolve("callers.ndjson")).replace("Ada", "Eve"));
        Ended refused = recaller(there, "memory", "import", "damaged.ndjson");
        assertThat(refused.exitCode()).isEqualTo(1);
        assertThat(refused.err()).contains("damaged.ndjson: line 1: /sha256: ", "nothing was imported");
        assertThat(recaller(admin, "memory", "erase", "--phone", NUMBER, "--yes")
                        .ok()
                        .out())
                .startsWith("Erased. Receipt ");

        assertThat(control.rows(
                        "select actor from audit where action = 'erase' and organization_id = '" + organization + "'"))
                .containsExactly("key:" + admin.substring(3, 15));
        Ended other = recaller(admin, "memory", "list", "--org", "there");
        assertThat(other.exitCode()).isEqualTo(2);
        assertThat(other.err()).contains("--org is for the database");
        Ended small = recaller(control.key(organization, "viewer"), "memory", "export", "--all");
        assertThat(small.exitCode()).isEqualTo(1);
        assertThat(small.err()).contains("ROLE_TOO_SMALL");
    }

    @Test
    void aFlowIsPutActivatedAndTakenBack() throws Exception {
        Files.writeString(folder.resolve("reception.json"), FlowsTest.document("reception", 7, "Goodbye."));
        String admin = control.key(organization, "admin");
        assertThat(recaller(admin, "flow", "put", "reception.json").ok().out())
                .contains("version 7 of reception is kept");
        assertThat(recaller(admin, "flow", "activate", "reception", "7").ok().out())
                .startsWith("Calls run version 7 of reception");
        assertThat(recaller(admin, "flow", "list", "--json").ok().out())
                .contains("\"id\":\"reception\"", "\"active\":7", "\"versions\":1");
        Ended none = recaller(admin, "flow", "show", "nobody");
        assertThat(none.exitCode()).isEqualTo(1);
        assertThat(none.err()).contains("organization " + organization + " has no flow nobody");
        assertThat(recaller(admin, "flow", "deactivate", "reception").ok().out())
                .contains("Version 7 of reception is not active any more", "the worker's folder");
    }

    private Ended recaller(String key, String... arguments) throws Exception {
        return RecallerProcess.run(
                Map.of("RECALLER_SERVER", "http://127.0.0.1:" + control.port(), "RECALLER_KEY", key),
                folder,
                "",
                arguments);
    }
}
