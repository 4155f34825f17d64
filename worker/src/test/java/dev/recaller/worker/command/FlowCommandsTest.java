package dev.recaller.worker.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recaller.sql.EmbeddedDatabase;
import dev.recaller.worker.FlowsTest;
import dev.recaller.worker.command.RecallerProcess.Ended;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The commands on flows in the database, as processes. */
class FlowCommandsTest {

    private final EmbeddedDatabase embedded = EmbeddedDatabase.temporary();

    @TempDir
    private Path folder;

    @AfterEach
    void close() {
        embedded.close();
    }

    @Test
    void putsListsShowsAndActivates() throws Exception {
        String seven = FlowsTest.document("reception", 7, "Goodbye.");
        Files.writeString(folder.resolve("reception.json"), seven);
        Files.writeString(folder.resolve("billing.json"), FlowsTest.document("billing", 1, "Goodbye."));

        Ended put = recaller("put", "reception.json", "billing.json");
        assertThat(put.exitCode()).as(put.err()).isZero();
        assertThat(put.out().lines())
                .containsExactly(
                        "reception.json: version 7 of reception is kept; have calls run it: recaller flow activate"
                                + " reception 7",
                        "billing.json: version 1 of billing is kept; have calls run it: recaller flow activate billing 1");
        assertThat(recaller("show", "reception").out()).isEqualTo(seven);

        Files.writeString(folder.resolve("reception.json"), FlowsTest.document("reception", 7, "So long."));
        Ended refused = recaller("put", "reception.json");
        assertThat(refused.exitCode()).isEqualTo(1);
        assertThat(refused.err())
                .contains(
                        "reception.json: version 7 of reception is there with another content: raise its version to 8");
        Files.writeString(folder.resolve("reception.json"), FlowsTest.document("reception", 8, "So long."));
        assertThat(json(recaller("put", "reception.json", "billing.json", "--json"))
                        .valueStream()
                        .map(it ->
                                it.get("id").asString() + " " + it.get("result").asString()))
                .containsExactly("reception stored", "billing same");

        assertThat(recaller("activate", "reception", "7").out()).startsWith("Calls run version 7 of reception");
        assertThat(recaller("activate", "reception", "9").exitCode()).isEqualTo(1);
        assertThat(recaller("list").out().lines().map(line -> line.replaceAll("\t[0-9-]{10} [0-9:]{5}\t", "\t")))
                .containsExactly(
                        "id\tactive\tnewest\tversions\tchanged\tname",
                        "billing\t\\N\t1\t1\tA flow",
                        "reception\t7\t8\t2\tA flow");
        assertThat(recaller("show", "reception").out()).contains("\"version\": 7");
        assertThat(recaller("show", "reception", "--version", "8").out()).contains("So long.");
        assertThat(json(recaller("show", "reception", "--versions", "--json"))
                        .get(1)
                        .get("active")
                        .asBoolean())
                .isTrue();

        assertThat(recaller("canary", "reception", "8", "--percent", "10").out())
                .startsWith("10 % of calls run version 8 of reception");
        assertThat(recaller("canary", "reception", "9", "--percent", "10").exitCode())
                .isEqualTo(1);
        assertThat(json(recaller("list", "--json")).get(1).at("/canary/percent").asInt())
                .isEqualTo(10);
        assertThat(recaller("activate", "reception", "8").exitCode()).isZero();
        assertThat(recaller("rollback", "reception").out()).startsWith("Calls run version 7 of reception");

        assertThat(recaller("list", "--org", "other").out().lines()).hasSize(1);
        Ended nobody = recaller("show", "reception", "--org", "other");
        assertThat(nobody.exitCode()).isEqualTo(1);
        assertThat(nobody.err()).contains("organization other has no flow reception");
    }

    @Test
    void putsNothingWhenOneOfTheFilesCannotRun() throws Exception {
        Files.writeString(folder.resolve("good.json"), FlowsTest.document("good", 1, "Goodbye."));
        Files.writeString(folder.resolve("bad.json"), "{\"schemaVersion\": 1, \"id\": \"bad\", \"start\": \"x\"}");

        Ended refused = recaller("put", "good.json", "bad.json", "missing.json");

        assertThat(refused.exitCode()).isEqualTo(2);
        assertThat(refused.err())
                .contains("bad.json: /version: ", "bad.json: /nodes: ", "missing.json: there is no such flow")
                .doesNotContain("\tat ");
        assertThat(recaller("list").out().lines()).hasSize(1);
    }

    @Test
    void aTextCallRunsWhatIsActiveAndTriesOutAFileThatIsNamed() throws Exception {
        Files.writeString(folder.resolve("bye.json"), FlowsTest.document("bye", 1, "From the file."));
        assertThat(call().out()).isEqualToIgnoringNewLines("From the file.");
        Files.writeString(folder.resolve("bye.json"), FlowsTest.document("bye", 1, "Changed."));
        Ended changed = call();
        assertThat(changed.out()).isEqualToIgnoringNewLines("From the file.");
        assertThat(changed.err()).contains("version 1 of bye", "raise its version to 2");
        assertThat(call("--flow", "bye.json").out()).isEqualToIgnoringNewLines("Changed.");

        Files.writeString(folder.resolve("two.json"), FlowsTest.document("bye", 2, "From the database."));
        recaller("put", "two.json");
        recaller("activate", "bye", "2");
        assertThat(call().out()).isEqualToIgnoringNewLines("From the database.");

        Ended deactivated = recaller("deactivate", "bye");
        assertThat(deactivated.exitCode()).as(deactivated.err()).isZero();
        assertThat(deactivated.out().lines()).first().isEqualTo("Version 2 of bye is not active any more; it is kept.");
        assertThat(deactivated.out()).contains("Calls run version 1 of ", "bye.json from now on.");
        assertThat(call().out()).isEqualToIgnoringNewLines("From the file.");
        assertThat(recaller("list").out()).contains("bye\t\\N\t2\t2\t");
        Ended again = recaller("deactivate", "bye");
        assertThat(again.exitCode()).isEqualTo(1);
        assertThat(again.err()).contains("organization acme has no version of bye active");
    }

    @Test
    void drawsTheWayOfATestIntoAFile() throws Exception {
        Files.writeString(
                folder.resolve("bye.json"),
                FlowsTest.document("bye", 1, "Bye.").stripTrailing().replaceFirst("}$", """
                        , "tests": [ { "name": "a stranger", "from": "anonymous", "expect": { "said": ["Bye."] } } ] }"""));

        Ended drawn = recaller("draw", "bye.json", "--test", "a stranger", "-o", "bye.mmd");

        assertThat(drawn.exitCode()).as(drawn.err()).isZero();
        assertThat(Files.readString(folder.resolve("bye.mmd")))
                .startsWith("flowchart TD")
                .contains("class n0 path");
        Ended unknown = recaller("draw", "bye.json", "--test", "nobody");
        assertThat(unknown.exitCode()).isEqualTo(2);
        assertThat(unknown.err()).contains("the flow has no test 'nobody'; it has: a stranger");
    }

    private Ended call(String... arguments) throws Exception {
        String[] all = new String[arguments.length + 3];
        all[0] = "console";
        all[1] = "--from";
        all[2] = "anonymous";
        System.arraycopy(arguments, 0, all, 3, arguments.length);
        Ended ended = RecallerProcess.run(environment(), folder, "", all);
        assertThat(ended.exitCode()).as(ended.err()).isZero();
        return ended;
    }

    private Ended recaller(String command, String... arguments) throws Exception {
        String[] all = new String[arguments.length + 2];
        all[0] = "flow";
        all[1] = command;
        System.arraycopy(arguments, 0, all, 2, arguments.length);
        return RecallerProcess.run(environment(), folder, "", all);
    }

    private Map<String, String> environment() {
        return Map.of(
                "RECALLER_ORGANIZATION",
                "acme",
                "RECALLER_DATABASE_URL",
                embedded.urls().worker(),
                "RECALLER_FLOW",
                "bye.json",
                "RECALLER_HOME",
                folder.resolve("home").toString());
    }

    private static JsonNode json(Ended ended) {
        assertThat(ended.exitCode()).as(ended.err()).isZero();
        return JsonMapper.builder().build().readTree(ended.out());
    }
}
