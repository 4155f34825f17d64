package dev.recaller.flow.engine;

import dev.recaller.flow.node.FlowMemory;
import dev.recaller.memory.IdentityHash;
import dev.recaller.memory.UnifiedMemoryService;
import dev.recaller.memory.privacy.Erasure;
import dev.recaller.sql.Database;
import dev.recaller.sql.EmbeddedDatabase;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/** The real memory on a fresh PostgreSQL, as the worker sees it, and its rows, as the operator sees them. */
final class RealMemory implements AutoCloseable {

    private static final String KEY = "a key of the tests";

    private final EmbeddedDatabase embedded = EmbeddedDatabase.temporary();
    private final Database database = Database.open(embedded.urls().worker());
    private final Database reader = Database.open(embedded.urls().reader(), 1);
    private final Database owner = Database.open(embedded.urls().owner(), 1);
    private final UnifiedMemoryService service = new UnifiedMemoryService(database, InstantSource.system(), KEY, null);

    UnifiedMemoryService service() {
        return service;
    }

    Organization organization(String id) {
        return new Organization(id);
    }

    final class Organization {
        private final String id;

        private Organization(String id) {
            this.id = id;
        }

        String id() {
            return id;
        }

        FlowMemory service() {
            return FlowMemory.of(service);
        }

        FlowMemory forgetting() {
            var erasure = new Erasure(database, InstantSource.system(), service, new IdentityHash(KEY));
            return FlowMemory.of(service, identity -> erasure.erase(identity, "caller"));
        }

        /** Every stored turn of every caller: {@code caller: My name is John.} */
        List<String> turns() {
            return contents("speaker || ': ' || content", "conversation");
        }

        /** Every stored fact of every caller. */
        List<String> facts() {
            return contents("content", "fact");
        }

        private List<String> contents(String columns, String type) {
            List<String> contents = new ArrayList<>();
            try (Connection connection = reader.connection();
                    PreparedStatement statement = connection.prepareStatement("SELECT " + columns
                            + " FROM memory_chunks WHERE type = ? AND organization_id = ? ORDER BY created_at, turn")) {
                statement.setString(1, type);
                statement.setString(2, id);
                ResultSet rows = statement.executeQuery();
                while (rows.next()) {
                    contents.add(rows.getString(1));
                }
                connection.rollback();
            } catch (SQLException e) {
                throw new AssertionError(e);
            }
            return contents;
        }

        void defaults(String memory) {
            try (Connection connection = owner.connection();
                    PreparedStatement enter =
                            connection.prepareStatement("SELECT set_config('recaller.organization_id', ?, true)");
                    PreparedStatement insert = connection.prepareStatement(
                            "INSERT INTO organizations (organization_id, name, memory) VALUES (?, ?, ?::jsonb)")) {
                enter.setString(1, id);
                enter.execute();
                insert.setString(1, id);
                insert.setString(2, id);
                insert.setString(3, memory);
                insert.execute();
                connection.commit();
            } catch (SQLException e) {
                throw new AssertionError(e);
            }
        }
    }

    @Override
    public void close() {
        owner.close();
        reader.close();
        service.close();
        database.close();
        embedded.close();
    }
}
