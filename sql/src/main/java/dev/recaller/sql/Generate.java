package dev.recaller.sql;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.stream.Stream;
import org.jooq.codegen.GenerationTool;
import org.jooq.meta.jaxb.Configuration;
import org.jooq.meta.jaxb.Database;
import org.jooq.meta.jaxb.ForcedType;
import org.jooq.meta.jaxb.Generator;
import org.jooq.meta.jaxb.Jdbc;
import org.jooq.meta.jaxb.Logging;
import org.jooq.meta.jaxb.Target;

/**
 * Run by the build, from source: migrates a temporary PostgreSQL and writes jOOQ's classes from what it finds there.
 * Arguments: the folder of migrations, the folder to write. Does nothing when neither migrations nor generator changed.
 */
final class Generate {

    private static final String PACKAGE = "dev.recaller.sql.schema";

    private Generate() {}

    public static void main(String[] arguments) throws Exception {
        Path migrations = Path.of(arguments[0]);
        Path target = Path.of(arguments[1]);
        Path stamp = target.resolve("generated-from");
        String source = hash(migrations, Path.of(arguments[2]));
        if (Files.exists(stamp) && Files.readString(stamp).equals(source)) {
            return;
        }
        TemporaryServer server = TemporaryServer.start("filesystem:" + migrations);
        PostgresBinaries.delete(target);
        generate(DatabaseUrl.parse(server.urls(PostgresServer.DATABASE).owner()), target);
        Files.writeString(stamp, source);
    }

    private static void generate(DatabaseUrl url, Path target) throws Exception {
        var database = new Database()
                .withName("org.jooq.meta.postgres.PostgresDatabase")
                .withInputSchema(Migrations.SCHEMA)
                .withIncludes(".*")
                .withExcludes("flyway_schema_history")
                .withForcedTypes(new ForcedType()
                        .withName("INSTANT")
                        .withIncludeTypes("timestamptz|timestamp.*with\\s+time\\s+zone"));
        var configuration = new Configuration()
                .withLogging(Logging.WARN)
                .withJdbc(new Jdbc().withUrl(url.jdbcUrl()).withUser(url.user()).withPassword(url.password()))
                .withGenerator(new Generator()
                        .withDatabase(database)
                        .withTarget(new Target().withPackageName(PACKAGE).withDirectory(target.toString())));
        GenerationTool.generate(configuration);
    }

    private static String hash(Path migrations, Path generator) throws Exception {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        try (Stream<Path> files = Files.list(migrations)) {
            for (Path file : Stream.concat(files.sorted(), Stream.of(generator)).toList()) {
                digest.update(file.getFileName().toString().getBytes(StandardCharsets.UTF_8));
                digest.update(Files.readAllBytes(file));
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }
}
