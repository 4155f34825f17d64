package dev.recaller.bench.writes;

import dev.recaller.memory.Turn;
import dev.recaller.sql.Database;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.UUID;
import java.util.concurrent.Semaphore;

/**
 * What memory is compared with: the same turns in a table of their own, by JDBC, one insert and one commit a turn. No
 * identity, no counts, no rules, no row-level security.
 */
final class PlainTable implements TurnStore {

    private static final String INSERT =
            "insert into plain.turns (id, caller, call_id, turn, speaker, content, said_at)"
                    + " values (?, ?, ?, ?, ?, ?, ?) on conflict (call_id, turn) do nothing";

    private final Database database;
    /** As memory has it: whoever waits longest for a connection is next. */
    private final Semaphore places;

    PlainTable(Database database, int connections) {
        this.database = database;
        this.places = new Semaphore(connections, true);
    }

    static void create(Database owner, String role) throws SQLException {
        try (Connection connection = owner.connection();
                Statement statement = connection.createStatement()) {
            statement.execute("create schema plain");
            statement.execute(
                    "create table plain.turns (id uuid primary key, caller int not null, call_id uuid not null,"
                            + " turn int not null, speaker text not null, content text not null, said_at timestamptz not null,"
                            + " unique (call_id, turn))");
            statement.execute("grant usage on schema plain to " + role);
            statement.execute("grant insert, select on plain.turns to " + role);
            connection.commit();
        }
    }

    @Override
    public void store(int caller, UUID callId, Turn turn) throws SQLException, InterruptedException {
        places.acquire();
        try (Connection connection = database.connection();
                PreparedStatement insert = connection.prepareStatement(INSERT)) {
            insert.setObject(1, UUID.randomUUID());
            insert.setInt(2, caller);
            insert.setObject(3, callId);
            insert.setInt(4, turn.index());
            insert.setString(5, turn.speaker().name());
            insert.setString(6, turn.text());
            insert.setObject(7, OffsetDateTime.ofInstant(turn.saidAt(), ZoneOffset.UTC));
            insert.execute();
            connection.commit();
        } finally {
            places.release();
        }
    }
}
