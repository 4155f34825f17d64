package dev.recaller.worker;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;

/**
 * Where settings were read from. Its text holds no value of any.
 *
 * @param files those that were read or would have been, had they been there
 * @param values of the settings asked for, by their names; what is not set is missing
 */
record Sources(List<Path> files, Map<String, String> values) {

    Sources {
        files = List.copyOf(files);
        values = Map.copyOf(values);
    }

    /** Names of the settings that have another value there, sorted. */
    List<String> changed(Sources then) {
        var names = new TreeSet<>(values.keySet());
        names.addAll(then.values.keySet());
        names.removeIf(name -> Objects.equals(values.get(name), then.values.get(name)));
        return List.copyOf(names);
    }

    @Override
    public String toString() {
        return "Sources" + files;
    }
}
