package dev.recaller.sql;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.JarURLConnection;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.jar.JarFile;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The migrations in this program, by version, without their SQL: Flyway, which runs them, takes half a second to list them. */
final class PackedMigrations {

    private static final String FOLDER = "db/migration";
    private static final Pattern NAME = Pattern.compile("(?:.*/)?V(\\d+)__(\\w+)\\.sql");

    private PackedMigrations() {}

    /** What each is about, in the order in which they are run. */
    static SortedMap<Integer, String> all() {
        URL folder = PackedMigrations.class.getClassLoader().getResource(FOLDER);
        if (folder == null) {
            throw new IllegalStateException(FOLDER + " is not on the class path");
        }
        try {
            SortedMap<Integer, String> all = new TreeMap<>();
            names(folder).forEach(name -> {
                Matcher named = NAME.matcher(name);
                if (named.matches()) {
                    all.put(
                            Integer.parseInt(named.group(1)),
                            named.group(2).replace('_', ' ').toLowerCase(Locale.ROOT));
                }
            });
            return all;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static List<String> names(URL folder) throws IOException, URISyntaxException {
        if (folder.openConnection() instanceof JarURLConnection packed) {
            packed.setUseCaches(false);
            try (JarFile jar = packed.getJarFile()) {
                return jar.stream()
                        .map(entry -> entry.getName())
                        .filter(name -> name.startsWith(FOLDER))
                        .toList();
            }
        }
        try (Stream<Path> files = Files.list(Path.of(folder.toURI()))) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }
}
