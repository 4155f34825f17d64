package dev.recaller.memory.privacy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recaller.memory.IdentityHash;
import dev.recaller.memory.privacy.ImportResult.Refused;
import dev.recaller.sql.Database;
import dev.recaller.sql.EmbeddedDatabase;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Files that nobody exported: each is refused in a moment, and nothing is taken from it. */
@Timeout(60)
final class HostileImportTest {

    private static final String BEGINNING = "{\"format\": \"recaller.caller-memory\", ";

    @SuppressWarnings("NullAway.Init")
    private static EmbeddedDatabase embedded;

    @SuppressWarnings("NullAway.Init")
    private static Database database;

    @TempDir
    private Path folder;

    @BeforeAll
    static void open() {
        embedded = EmbeddedDatabase.temporary();
        database = Database.open(embedded.urls().worker(), 2);
    }

    @AfterAll
    static void close() {
        database.close();
        embedded.close();
    }

    @Test
    void aDocumentNestedWithoutEndIsRefused() throws Exception {
        assertThat(refused("[".repeat(200_000))).contains("this is not JSON");
        assertThat(refused(BEGINNING + "\"version\": 1, \"content\": " + "{\"a\":".repeat(200_000)))
                .contains("this is not JSON");
    }

    @Test
    void aDocumentLongerThanMayBeHeldInMemoryIsNotReadToItsEnd() throws Exception {
        assertThat(refused(BEGINNING + "\"version\": 1, \"content\": \"" + "x".repeat(3_000_000) + "\"}"))
                .contains("more than 1000000 bytes");
        assertThat(refused(BEGINNING + "\"version\": 1}\n".repeat(1))).doesNotContain("bytes");
    }

    @Test
    void aNumberThatWouldFillTheMemoryIsRefused() throws Exception {
        assertThat(refused(BEGINNING + "\"version\": 1e999999999}")).isNotEmpty();
        assertThat(refused(
                        BEGINNING + "\"version\": 1, \"content\": {\"memories\": [{\"totalTokens\": 1e999999999}]}}"))
                .isNotEmpty();
    }

    @Test
    void whatIsNoTextIsRefused() throws Exception {
        assertThat(refused("PK\u0003\u0004 a packed file")).contains("this is not JSON");
    }

    private String refused(String file) throws Exception {
        Path hostile = Files.writeString(folder.resolve("hostile.json"), file);
        var importing = new CallerImport(
                database, InstantSource.system(), new IdentityHash("a key of more than sixteen characters"), 1_000_000);
        return ((Refused) importing.run("victim", hostile, "operator:test"))
                .problems()
                .getFirst()
                .toString();
    }
}
