package dev.recaller.worker.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recaller.memory.Assurance;
import dev.recaller.memory.Conversation;
import dev.recaller.memory.MemoryConfiguration;
import dev.recaller.memory.MemoryId;
import dev.recaller.memory.MemoryIdentity;
import dev.recaller.memory.Speaker;
import dev.recaller.memory.Turn;
import dev.recaller.memory.UnifiedMemoryService;
import dev.recaller.memory.privacy.Audit;
import dev.recaller.sql.Database;
import dev.recaller.sql.EmbeddedDatabase;
import dev.recaller.worker.command.RecallerProcess.Ended;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class MemoryMergeCommandTest {

    private static final MemoryIdentity USER = MemoryIdentity.ofUser("acme", "4711");
    private static final MemoryIdentity NUMBER = MemoryIdentity.ofPhone("acme", "+1234567890");

    private final EmbeddedDatabase embedded = EmbeddedDatabase.temporary();
    private final Database database = Database.open(embedded.urls().worker(), 2);

    @TempDir
    private Path folder;

    @AfterEach
    void close() {
        database.close();
        embedded.close();
    }

    @Test
    void mergesWhatWasProposedAndUndoesIt() {
        Instant now = Instant.now();
        say(USER, now.minusSeconds(120), "My name is John.", "Please text me.");
        say(NUMBER, now.minusSeconds(60), "My name is Mary.", "Please email me.");
        assertThat(recaller("merge", "--proposals").out()).isEqualToIgnoringNewLines("No merge is proposed.");
        say(new MemoryIdentity("acme", "4711", "+1234567890"), now, "Hello.");

        JsonNode proposal = json(recaller("merge", "--proposals", "--json")).get(0);
        assertThat(proposal.get("userId").asString()).isEqualTo("4711");
        assertThat(recaller("merge", "--proposals").out()).contains("--into", "(user 4711)", "(number +1234567890)");

        Ended merged = recaller("merge", "--into", "4711", "--from", "+1234567890");
        assertThat(merged.exitCode()).as(merged.err()).isZero();
        assertThat(merged.out())
                .contains(
                        "Conflict: name: John and Mary both stand",
                        "Conflict: contact_channel: email stands, sms is closed",
                        "To undo it: recaller memory undo-merge ");
        String id = merged.out()
                .lines()
                .filter(line -> line.startsWith("To undo it"))
                .map(line -> line.substring(line.lastIndexOf(' ') + 1))
                .findFirst()
                .orElseThrow();
        Ended same = recaller("merge", "--into", "4711", "--from", "+1234567890");
        assertThat(same.exitCode()).isEqualTo(1);
        assertThat(same.err()).contains("both name the same memory");
        String from = proposal.get("from").get("value").asString();
        assertThat(recaller("merge", "--into", "4711", "--from", from).out()).contains("one memory already", id);

        Ended undone = recaller("undo-merge", id);
        assertThat(undone.exitCode()).as(undone.err()).isZero();
        assertThat(undone.out()).contains("a memory of its own again", "Restored: 3 chunks");
        assertThat(recaller("undo-merge", id).out()).contains("was undone before");
        assertThat(audited(proposal.get("into").get("value").asString())).containsExactly("undo_merge", "merge");

        String proposalId = proposal.get("id").asString();
        assertThat(recaller("merge", "--dismiss", proposalId).exitCode()).isZero();
        assertThat(recaller("merge", "--dismiss", proposalId).exitCode()).isEqualTo(1);
        assertThat(json(recaller("merge", "--proposals", "--json"))).isEmpty();
    }

    @Test
    void restoresWhatANewNameSetAside() {
        Instant now = Instant.now();
        say(NUMBER, now.minus(Duration.ofDays(300)), "My name is John.", "I love opera.");
        say(NUMBER, now.minusSeconds(60), "My name is Mary.");

        assertThat(recaller("restore", "+1234567890").out())
                .startsWith("3 chunks from before ")
                .contains("(John, Mary)");
        assertThat(recaller("restore", "+1234567890").out()).contains("Nothing was set aside");
        assertThat(json(recaller("restore", "+1234567890", "--json"))
                        .get("restored")
                        .asBoolean())
                .isFalse();
        try (var memory = new UnifiedMemoryService(database, InstantSource.system(), "a key of the tests", null)) {
            assertThat(audited(memory.find(NUMBER).orElseThrow().id().value().toString()))
                    .containsExactly("restore");
        }
    }

    @Test
    void saysWhatIsMissing() {
        Ended nobody = recaller("merge", "--into", "4711", "--from", "+1234567890");
        assertThat(nobody.exitCode()).isEqualTo(1);
        assertThat(nobody.err())
                .contains("into: no one memory has this identity")
                .doesNotContain("\tat ");
        Ended noMerge = recaller("undo-merge", "018f0000-0000-7000-8000-00000000000a");
        assertThat(noMerge.exitCode()).isEqualTo(1);
        assertThat(noMerge.err()).contains("there is no merge 018f0000");

        assertThat(recaller("merge", "--into", "4711").exitCode()).isEqualTo(2);
        assertThat(recaller("merge", "--proposals", "--into", "4711").exitCode())
                .isEqualTo(2);
        assertThat(recaller("undo-merge", "x").exitCode()).isEqualTo(2);
        assertThat(recaller("merge", "--into", "4711", "--from", "+12").exitCode())
                .isEqualTo(2);
        assertThat(recaller("stats", "--all", "--org", "b").exitCode()).isEqualTo(2);
    }

    @Test
    void tellsStatistics() {
        for (int caller = 0; caller < 5; caller++) {
            say(MemoryIdentity.ofUser("acme", "u" + caller), Instant.now(), "I love opera.");
        }

        JsonNode statistics = json(recaller("stats", "--json"));
        assertThat(statistics.get("returning").get(0).get("callers").asInt()).isEqualTo(5);
        assertThat(recaller("stats").out())
                .contains("chunks", "type conversation, chunks 5", "callers: nothing, or too few callers to tell");
    }

    /** What was done to a memory, the last first. */
    private List<String> audited(String memory) {
        return new Audit(database, InstantSource.system())
                .entries(new MemoryId("acme", UUID.fromString(memory)), 10).stream()
                        .map(Audit.Entry::action)
                        .toList();
    }

    private void say(MemoryIdentity identity, Instant at, String... texts) {
        List<Turn> turns = new ArrayList<>();
        for (String text : texts) {
            turns.add(new Turn(turns.size(), Speaker.CALLER, text, at.plusSeconds(turns.size())));
        }
        var said = new Conversation(UUID.randomUUID(), Assurance.PRESENTED, turns);
        try (var memory = new UnifiedMemoryService(database, () -> at, "a key of the tests", null)) {
            memory.store(identity, said, MemoryConfiguration.DEFAULT);
        }
    }

    private Ended recaller(String command, String... arguments) {
        String[] all = new String[arguments.length + 2];
        all[0] = "memory";
        all[1] = command;
        System.arraycopy(arguments, 0, all, 2, arguments.length);
        try {
            return RecallerProcess.run(
                    Map.of(
                            "RECALLER_ORGANIZATION",
                            "acme",
                            "RECALLER_DATABASE_URL",
                            embedded.urls().worker()),
                    folder,
                    "",
                    all);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private static JsonNode json(Ended ended) {
        assertThat(ended.exitCode()).as(ended.err()).isZero();
        return JsonMapper.builder().build().readTree(ended.out());
    }
}
