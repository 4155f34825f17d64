package dev.recaller.memory;

import dev.recaller.sql.Database;
import dev.recaller.sql.EmbeddedDatabase;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;

/** A fresh PostgreSQL for each test class, a service as the worker's role, a clock to step. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class MemoryTest {

    static final String KEY = "a key of the tests";
    static final Duration PLENTY = Duration.ofSeconds(10);

    final SteppedClock clock = new SteppedClock(Instant.parse("2026-11-02T09:00:00Z"));
    private EmbeddedDatabase embedded;
    Database database;
    UnifiedMemoryService memory;

    @BeforeAll
    void open() {
        embedded = EmbeddedDatabase.temporary();
        database = Database.open(embedded.urls().worker(), 40);
        memory = new UnifiedMemoryService(database, clock, KEY, null);
    }

    @AfterAll
    void close() {
        database.close();
        embedded.close();
    }

    String workerUrl() {
        return embedded.urls().worker();
    }

    static final class SteppedClock implements InstantSource {
        private volatile Instant now;

        SteppedClock(Instant now) {
            this.now = now;
        }

        @Override
        public Instant instant() {
            return now;
        }

        void step(Duration duration) {
            now = now.plus(duration);
        }
    }

    /** Stores one call whose lines begin with {@code c:} (caller) or {@code a:} (agent), ten seconds each. */
    Stored call(MemoryIdentity identity, String... lines) {
        return memory.store(identity, conversation(lines), MemoryConfiguration.DEFAULT);
    }

    Conversation conversation(String... lines) {
        List<Turn> turns = new ArrayList<>();
        for (String line : lines) {
            Speaker speaker = line.startsWith("c:") ? Speaker.CALLER : Speaker.AGENT;
            turns.add(new Turn(turns.size(), speaker, line.substring(2).strip(), clock.instant()));
            clock.step(Duration.ofSeconds(10));
        }
        return new Conversation(UUID.randomUUID(), Assurance.PRESENTED, turns);
    }

    Recollection recall(MemoryIdentity identity) {
        return memory.recall(identity, new Query(null, 20, Assurance.PRESENTED), PLENTY);
    }

    @Nullable
    String greeting(MemoryIdentity identity) {
        return recall(identity).greetingName();
    }

    /** Rows as the operator sees them, columns joined by {@code |}. */
    List<String> rows(String query, Object... parameters) {
        try (Database reader = Database.open(embedded.urls().reader(), 1);
                Connection connection = reader.connection();
                PreparedStatement statement = connection.prepareStatement(query)) {
            for (int i = 0; i < parameters.length; i++) {
                statement.setObject(i + 1, parameters[i]);
            }
            List<String> rows = new ArrayList<>();
            try (ResultSet result = statement.executeQuery()) {
                while (result.next()) {
                    List<String> columns = new ArrayList<>();
                    for (int i = 1; i <= result.getMetaData().getColumnCount(); i++) {
                        columns.add(String.valueOf(result.getObject(i)));
                    }
                    rows.add(String.join("|", columns));
                }
            }
            return Collections.unmodifiableList(rows);
        } catch (SQLException e) {
            throw new AssertionError(query, e);
        }
    }

    EmbeddedDatabase.Urls urls() {
        return embedded.urls();
    }
}
