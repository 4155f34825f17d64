package dev.recaller.worker;

import dev.recaller.sql.Database;
import dev.recaller.sql.EmbeddedDatabase;
import dev.recaller.sql.Migrations;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The configured PostgreSQL: one that runs elsewhere, or our own in the data folder. */
public final class Postgres implements AutoCloseable {

    private final EmbeddedDatabase.Urls urls;
    private final @Nullable EmbeddedDatabase embedded;

    private Postgres(EmbeddedDatabase.Urls urls, @Nullable EmbeddedDatabase embedded) {
        this.urls = urls;
        this.embedded = embedded;
    }

    /**
     * Starts and migrates our own where no other is configured: seconds the first time.
     *
     * @param progress told a line for each step that takes long
     */
    public static Postgres open(Configuration configuration, Consumer<String> progress) {
        String url = configuration.databaseUrl();
        String ownerUrl = configuration.databaseOwnerUrl();
        if (url != null) {
            return new Postgres(new EmbeddedDatabase.Urls(ownerUrl == null ? url : ownerUrl, url, url), null);
        }
        DataFolder.open(configuration.folders().home());
        EmbeddedDatabase embedded = EmbeddedDatabase.open(configuration.folders(), progress);
        return new Postgres(embedded.urls(), embedded);
    }

    /** As the worker's role; refused unless the schema is the one this program was built with. */
    public Database forWork() {
        if (embedded == null) {
            Migrations.check(urls.worker());
        }
        return Database.open(urls.worker());
    }

    /** As the operator's role, with one connection; of a PostgreSQL elsewhere as the role its URL names. */
    public Database forReading() {
        return Database.open(urls.reader(), 1);
    }

    boolean isEmbedded() {
        return embedded != null;
    }

    /** Its tables are changed as the owner only. */
    public String ownerUrl() {
        return urls.owner();
    }

    @Override
    public void close() {
        if (embedded != null) {
            embedded.close();
        }
    }
}
