package dev.recaller.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recaller.memory.UnifiedMemoryService;
import dev.recaller.sql.Database;
import dev.recaller.sql.EmbeddedDatabase;
import dev.recaller.worker.speech.Phrases;
import dev.recaller.worker.speech.VoiceActivity;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RehearsalTest {
    private static final int NEVER = Integer.MAX_VALUE;

    @TempDir
    private Path folder;

    private final EmbeddedDatabase embedded = EmbeddedDatabase.temporary();
    private final Database database = Database.open(embedded.urls().worker(), 2);
    private final VoiceActivity voiceActivity = VoiceActivity.load();
    private UnifiedMemoryService memory;
    private Rehearsal rehearsal;

    @BeforeEach
    void open() {
        memory = new UnifiedMemoryService(database, InstantSource.system(), "a key of the tests", null);
        rehearsal = new Rehearsal(voiceActivity, memory, new Phrases(folder));
    }

    @AfterEach
    void close() {
        memory.close();
        voiceActivity.close();
        database.close();
        embedded.close();
    }

    @Test
    void everyTurnIsHeardAnsweredAndSpoken() throws Exception {
        assertThat(rehearsal.run(4, busyAfter(NEVER))).isEqualTo(4);
    }

    @Test
    void nothingOfItIsKept() throws Exception {
        assertThat(rehearsal.run(2, busyAfter(NEVER))).isPositive();
        try (var connection = database.connection();
                var statement = connection.createStatement();
                var counted = statement.executeQuery(
                        "SELECT (SELECT count(*) FROM memory_chunks) + (SELECT count(*) FROM calls)")) {
            counted.next();
            assertThat(counted.getLong(1)).isZero();
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void itIsOverAsSoonAsThereIsACall() throws Exception {
        assertThat(rehearsal.run(1_000_000, busyAfter(200))).isBetween(0, 2);
    }

    private static BooleanSupplier busyAfter(int frames) {
        var asked = new AtomicInteger();
        return () -> asked.incrementAndGet() > frames;
    }
}
