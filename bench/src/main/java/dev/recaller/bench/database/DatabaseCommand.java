package dev.recaller.bench.database;

import dev.recaller.sql.EmbeddedDatabase;
import dev.recaller.sql.Folders;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.json.JsonMapper;

@Command(
        name = "database",
        hidden = true,
        description = "For the benchmarks that start workers: a migrated PostgreSQL that is none of theirs. Prints"
                + " {\"owner\", \"worker\"}, its URLs, and runs until standard input ends.")
public final class DatabaseCommand implements Callable<Integer> {

    @Option(names = "--home", required = true, description = "Where it is kept; made if it is not there.")
    private Path home = Path.of("");

    @Override
    public Integer call() throws IOException {
        var folders = new Folders(home, Folders.ofEnvironment(System.getenv()).cache());
        try (var database = EmbeddedDatabase.open(folders, line -> {})) {
            PrintStream out = System.out;
            out.println(new JsonMapper()
                    .writeValueAsString(Map.of(
                            "owner",
                            database.urls().owner(),
                            "worker",
                            database.urls().worker())));
            out.flush();
            System.in.transferTo(PrintStream.nullOutputStream());
        }
        return 0;
    }
}
