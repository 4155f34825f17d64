package dev.recaller.bench.recall;

import dev.recaller.memory.MemoryIdentity;
import dev.recaller.memory.recall.Embedder;
import dev.recaller.memory.recall.Passage;
import dev.recaller.memory.recall.Vectors;
import dev.recaller.sql.Database;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * Callers of one organization, made inside the database: a crowd that only has to be there, and a few that are measured,
 * with vectors. Made once; a database that has it is left as it is.
 *
 * @param callers of the crowd
 * @param chunks of the crowd, the same number each
 */
record Population(long callers, long chunks) {

    static final String ORGANIZATION = "bench";

    /** Measured callers and their rows; the number keeps their ids and telephone numbers apart. */
    enum Measured {
        SMALL(1, 100, 200),
        MIDDLE(2, 4, 1_000),
        LARGE(3, 4, 10_000);

        private final int number;
        private final int callers;
        private final int rows;

        Measured(int number, int callers, int rows) {
            this.number = number;
            this.callers = callers;
            this.rows = rows;
        }

        int rows() {
            return rows;
        }

        List<MemoryIdentity> identities() {
            List<MemoryIdentity> identities = new ArrayList<>();
            for (int caller = 0; caller < callers; caller++) {
                identities.add(MemoryIdentity.ofPhone(ORGANIZATION, phone(caller)));
            }
            return identities;
        }

        private String phone(int caller) {
            return "+1999%d%06d".formatted(number, caller);
        }
    }

    private static final int BATCH = 50_000;

    /** Tables that are big; what indexes them is built when they are full. */
    private static final List<String> BIG = List.of("user_memory", "memory_chunks", "entities", "preferences");

    String name() {
        return "%,d callers, %,d chunks".formatted(callers, chunks);
    }

    void ensure(Database owner, Embedder model, PrintStream progress) throws SQLException {
        try (Connection connection = owner.connection();
                Statement statement = connection.createStatement()) {
            statement.execute("select set_config('recaller.organization_id', '" + ORGANIZATION + "', false)");
            String found = found(statement);
            if (found.equals(marker(model))) {
                progress.println("The database has " + name() + " already.");
                return;
            }
            if (!found.isEmpty()) {
                throw new IllegalArgumentException(
                        "the folder holds another population (" + found + "): delete it, or name another by --data");
            }
            statement.execute("set synchronous_commit = off");
            statement.execute("set maintenance_work_mem = '512MB'");
            fill(connection, statement, model, progress);
        }
    }

    private void fill(Connection connection, Statement statement, Embedder model, PrintStream progress)
            throws SQLException {
        List<String> indexes = takeIndexes(statement);
        String key = takeForeignKey(statement);
        connection.commit();
        for (long from = 0; from < callers; from += BATCH) {
            crowd(statement, from, Math.min(callers, from + BATCH));
            connection.commit();
            progress.printf("\r%,d of %s", Math.min(callers, from + BATCH), name());
        }
        progress.printf("%n%,d sentences are read by the model%n", Sentences.COUNT);
        sentences(connection, statement, model);
        for (Measured measured : Measured.values()) {
            measured(statement, measured, model.model());
        }
        connection.commit();
        for (String index : indexes) {
            progress.println(index.replaceFirst(" USING.*", ""));
            statement.execute(index);
            connection.commit();
        }
        statement.execute(key);
        connection.commit();
        progress.println("ANALYZE");
        for (String table : List.of("user_memory", "memory_chunks", "chunk_vectors", "entities", "preferences")) {
            statement.execute("analyze recaller." + table);
        }
        statement.execute("insert into organizations (organization_id, name) values ('%s', '%s')"
                .formatted(ORGANIZATION, marker(model)));
        connection.commit();
    }

    private String marker(Embedder model) {
        return name() + ", " + model.model();
    }

    private static String found(Statement statement) throws SQLException {
        try (ResultSet row = statement.executeQuery(
                "select coalesce((select name from organizations), (select 'unfinished' from user_memory limit 1), '')")) {
            row.next();
            return row.getString(1);
        }
    }

    /** Drops what is no constraint; returns what makes it again. */
    private static List<String> takeIndexes(Statement statement) throws SQLException {
        List<String> definitions = new ArrayList<>();
        List<String> names = new ArrayList<>();
        try (ResultSet rows = statement.executeQuery("""
                select i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid) from pg_index i
                where i.indrelid = any(array['%s']::regclass[])
                  and not exists (select from pg_constraint c where c.conindid = i.indexrelid)""".formatted(String.join("','", BIG)))) {
            while (rows.next()) {
                names.add(rows.getString(1));
                definitions.add(rows.getString(2));
            }
        }
        for (String name : names) {
            statement.execute("drop index " + name);
        }
        return definitions;
    }

    /** Drops the chunks' key to their memories; returns what makes it again, for rows to come. */
    private static String takeForeignKey(Statement statement) throws SQLException {
        try (ResultSet row = statement.executeQuery("""
                select conname, pg_get_constraintdef(oid) from pg_constraint
                where conrelid = 'memory_chunks'::regclass and contype = 'f'""")) {
            row.next();
            String name = row.getString(1);
            String definition = row.getString(2);
            statement.execute("alter table memory_chunks drop constraint " + name);
            return "alter table memory_chunks add constraint " + name + " " + definition + " not valid";
        }
    }

    private void crowd(Statement statement, long from, long to) throws SQLException {
        long each = Math.max(1, chunks / callers);
        statement.execute("""
                insert into user_memory (organization_id, id, phone_number, conversation_count, total_tokens, last_interaction_at)
                select '%s', %s, '+1' || 2000000000 + n, 1, 100, now() - n %% 400 * interval '1 day'
                from generate_series(%d, %d) n""".formatted(ORGANIZATION, id('a', "n"), from, to - 1));
        statement.execute("""
                insert into memory_chunks (organization_id, id, memory_id, type, content, call_id, turn, speaker, said_at,
                  valid_from, tokens, expires_at)
                select '%1$s', %2$s, %3$s, 'conversation', 'We talked about order ' || n * 7 + t || ' and when it will arrive.',
                  %4$s, t, case when t %% 2 = 0 then 'caller' else 'agent' end, at, at, 12, at + interval '1 year'
                from generate_series(%5$d, %6$d) n, generate_series(0, %7$d) t,
                  lateral (select now() - n %% 400 * interval '1 day' + t * interval '10 s' as at) said""".formatted(
                ORGANIZATION, id('b', "n * " + each + " + t"), id('a', "n"), id('c', "n"), from, to - 1, each - 1));
        statement.execute("""
                insert into entities (organization_id, id, memory_id, type, name, role, first_mentioned_at, last_mentioned_at)
                select '%s', %s, %s, 'person', 'Caller ' || n, 'caller', now(), now() from generate_series(%d, %d) n""".formatted(ORGANIZATION, id('d', "n"), id('a', "n"), from, to - 1));
        statement.execute("""
                insert into preferences (organization_id, id, memory_id, key, value, category, confidence, valid_from)
                select '%s', %s, %s, 'contact_channel', 'email', 'contact', 0.9, now() from generate_series(%d, %d, 2) n""".formatted(ORGANIZATION, id('e', "n"), id('a', "n"), from, to - 1));
    }

    /** A uuid of a kind with a number, in the order of the numbers, as ids made by the program are. */
    private static String id(char kind, String number) {
        return "('%s0000000-0000-7000-8000-' || lpad(to_hex(%s), 12, '0'))::uuid".formatted(kind, number);
    }

    private static void sentences(Connection connection, Statement statement, Embedder model) throws SQLException {
        statement.execute(
                "create temp table sentences (number int primary key, content text, turn bytea, pair bytea, tokens bytea)");
        try (PreparedStatement insert = connection.prepareStatement("insert into sentences values (?, ?, ?, ?, ?)")) {
            Passage previous = null;
            for (int n = 0; n < Sentences.COUNT; n++) {
                var passage = new Passage(
                        new UUID(0, n),
                        true,
                        Sentences.sentence(n),
                        "caller",
                        new UUID(1, 1),
                        Instant.EPOCH,
                        List.of());
                Vectors vectors = model.passage(passage, previous);
                insert.setInt(1, n);
                insert.setString(2, passage.text());
                insert.setBytes(3, bytes(vectors.turn()));
                insert.setBytes(4, bytes(vectors.pair()));
                insert.setBytes(5, vectors.tokens());
                insert.addBatch();
                previous = passage;
            }
            insert.executeBatch();
        }
    }

    /** Rows of all callers of a kind mingled, as calls that go on at once leave them. */
    private static void measured(Statement statement, Measured kind, String model) throws SQLException {
        String memory = id('f', kind.number * 1_000_000L + " + n");
        String chunk = id('9', kind.number * 100_000_000L + " + t * 1000 + n");
        statement.execute(
                """
                insert into user_memory (organization_id, id, phone_number, conversation_count, total_tokens, last_interaction_at)
                select '%s', %s, '+1999%d' || lpad(n::text, 6, '0'), %d, %d, now() - interval '1 day'
                from generate_series(0, %d) n""".formatted(ORGANIZATION, memory, kind.number, kind.rows / 20, kind.rows * 12, kind.callers - 1));
        statement.execute("""
                insert into memory_chunks (organization_id, id, memory_id, type, content, importance, call_id, turn, speaker,
                  said_at, valid_from, tokens, expires_at)
                select '%s', %s, %s, 'conversation', s.content, 0.5,
                  %s, t %% 20, case when t %% 2 = 0 then 'caller' else 'agent' end, at, at, 12, at + interval '1 year'
                from generate_series(0, %d) t, generate_series(0, %d) n,
                  lateral (select now() - interval '300 days' + (t / 20) * interval '10 hours' + t * interval '10 s' as at) said
                  , sentences s where s.number = (t * 31 + n * 7) %% %d order by t, n""".formatted(
                        ORGANIZATION,
                        chunk,
                        memory,
                        id('8', kind.number * 100_000_000L + " + t / 20 * 1000 + n"),
                        kind.rows - 1,
                        kind.callers - 1,
                        Sentences.COUNT));
        statement.execute("""
                insert into chunk_vectors (organization_id, chunk_id, model, turn_vector, pair_vector, token_states)
                select '%s', %s, '%s', s.turn, s.pair, s.tokens
                from generate_series(0, %d) t, generate_series(0, %d) n, sentences s
                where s.number = (t * 31 + n * 7) %% %d order by t, n""".formatted(ORGANIZATION, chunk, model, kind.rows - 1, kind.callers - 1, Sentences.COUNT));
        statement.execute(
                """
                insert into entities (organization_id, id, memory_id, type, name, role, first_mentioned_at, last_mentioned_at)
                select '%s', %s, %s, 'person', 'Ruth ' || n, 'caller', now(), now() - interval '1 day'
                from generate_series(0, %d) n""".formatted(ORGANIZATION, id('7', kind.number * 1_000_000L + " + n"), memory, kind.callers - 1));
    }

    private static byte[] bytes(float[] floats) {
        ByteBuffer bytes = ByteBuffer.allocate(floats.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(floats);
        return bytes.array();
    }
}
