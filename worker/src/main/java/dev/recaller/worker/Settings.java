package dev.recaller.worker;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Settings by name, the environment before {@code recaller.properties} or {@code recaller.yaml}, and everything found
 * wrong with them. Blank counts as absent.
 */
final class Settings {

    private static final List<String> FILES = List.of("recaller.properties", "recaller.yaml", "recaller.yml");

    private final Map<String, String> environment;
    private final Map<String, String> file;
    private final List<Path> files;
    private final Map<String, String> asked = new HashMap<>();
    private final List<String> mistakes = new ArrayList<>();
    /** Names in the file that are no settings unless somebody asks for them, with what to say of them. */
    private final Map<String, String> unknown = new LinkedHashMap<>();

    private Settings(Map<String, String> environment, Map<String, String> file, List<Path> files) {
        this.environment = environment;
        this.file = file;
        this.files = new ArrayList<>(files);
    }

    /**
     * @param folder where the optional file is looked for
     * @param known the names the file may hold, beside those that are asked for
     */
    static Settings read(Map<String, String> environment, Path folder, List<String> known) {
        List<Path> possible = FILES.stream().map(folder::resolve).toList();
        List<Path> files = possible.stream().filter(Files::isRegularFile).toList();
        Map<String, String> values = new HashMap<>();
        Settings settings = new Settings(environment, values, possible);
        if (files.size() > 1) {
            settings.mistakes.add("There are " + files + ": keep one of them.");
        }
        for (Path path : files) {
            settings.load(path, known);
        }
        return settings;
    }

    /** The environment itself is not scanned for unknown names: Kubernetes puts RECALLER_PORT and the like there. */
    private void load(Path path, List<String> known) {
        try {
            var loaded =
                    io.avaje.config.Configuration.builder().load(path.toFile()).build();
            for (String name : loaded.keys()) {
                file.put(name, loaded.get(name));
                if (!known.contains(name) && !name.startsWith("config.")) { // avaje-config's own
                    unknown.put(
                            name,
                            path.getFileName() + ": " + name + " is not a setting. Settings are named as in the"
                                    + " environment: " + String.join(", ", known) + ".");
                }
            }
        } catch (RuntimeException e) { // whatever the parser of the day throws at a malformed file
            mistakes.add(path + " cannot be read: " + e.getMessage());
        }
    }

    @Nullable
    String get(String name) {
        unknown.remove(name);
        String value = environment.get(name);
        if (value == null || value.isBlank()) {
            value = file.get(name);
        }
        if (value == null || value.isBlank()) {
            return null;
        }
        asked.put(name, value.strip());
        return value.strip();
    }

    /** Another file that settings are in. */
    void alsoIn(Path also) {
        files.add(also);
    }

    /** What was read so far. */
    Sources sources() {
        return new Sources(files, asked);
    }

    String get(String name, String otherwise) {
        String value = get(name);
        return value == null ? otherwise : value;
    }

    /** What {@code parse} makes of the value, or {@code otherwise} when there is none or it is refused. */
    <T> T parse(String name, T otherwise, String remedy, Function<String, T> parse) {
        String value = get(name);
        if (value != null) {
            try {
                return parse.apply(value);
            } catch (IllegalArgumentException e) {
                wrong(name, value, remedy);
            }
        }
        return otherwise;
    }

    int number(String name, int otherwise, int least, int most) {
        return parse(name, otherwise, "a whole number from " + least + " to " + most, value -> {
            int number = Integer.parseInt(value);
            if (number < least || number > most) {
                throw new IllegalArgumentException();
            }
            return number;
        });
    }

    /** Null when there is none, or it is wrong. */
    @Nullable
    URI url(String name, Set<String> schemes, String example) {
        String value = get(name);
        if (value == null) {
            return null;
        }
        String expected = "a URL beginning with "
                + String.join(", ", schemes.stream().sorted().toList()) + ", for example " + example;
        try {
            URI url = URI.create(value);
            if (url.getUserInfo() != null) {
                wrong(name + " holds a user or password: give keys in their own variables.");
            } else if (url.getHost() != null && schemes.contains(url.getScheme())) {
                return url;
            } else {
                wrong(name, value, expected);
            }
        } catch (IllegalArgumentException e) {
            wrong(name, value, expected);
        }
        return null;
    }

    void wrong(String name, String value, String expected) {
        mistakes.add(name + "=" + value + " is not " + expected + ".");
    }

    /** For secrets, and for what is wrong with more than a value. */
    void wrong(String mistake) {
        mistakes.add(mistake);
    }

    void finish() {
        mistakes.addAll(unknown.values());
        if (!mistakes.isEmpty()) {
            throw new ConfigurationException(mistakes);
        }
    }

    static Stream<Path> list(Path folder) {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.toList().stream();
        } catch (IOException e) {
            return Stream.of(); // not there, or not ours to read: as good as empty
        }
    }
}
