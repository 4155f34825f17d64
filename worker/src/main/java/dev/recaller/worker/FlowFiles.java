package dev.recaller.worker;

import dev.recaller.flow.definition.Flow;
import dev.recaller.flow.definition.InvalidFlowException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Flows that were named on the command line. */
final class FlowFiles {

    private FlowFiles() {}

    /**
     * The files, and those with {@code .json} in the folders, by name.
     *
     * @throws ConfigurationException when a folder has none
     */
    static List<Path> in(List<Path> paths) throws IOException {
        List<Path> files = new ArrayList<>();
        for (Path path : paths) {
            if (!Files.isDirectory(path)) {
                files.add(path);
                continue;
            }
            try (Stream<Path> inside = Files.list(path)) {
                List<Path> flows = inside.filter(file -> file.toString().endsWith(".json"))
                        .sorted()
                        .toList();
                if (flows.isEmpty()) {
                    throw new ConfigurationException(List.of(path + ": there is no flow (*.json) in this folder"));
                }
                files.addAll(flows);
            }
        }
        return files;
    }

    /** The flows of a folder that can run; broken ones are left out. */
    static List<Flow> readable(Path folder) throws IOException {
        List<Flow> flows = new ArrayList<>();
        for (Path file : in(List.of(folder))) {
            try {
                flows.add(Flow.read(file));
            } catch (InvalidFlowException e) {
                // Whoever needs it is told that there is no such flow.
            }
        }
        return flows;
    }
}
