package dev.recaller.worker.command;

import dev.recaller.flow.definition.Flow;
import dev.recaller.flow.definition.FlowTest;
import dev.recaller.flow.definition.InvalidFlowException;
import dev.recaller.worker.ConfigurationException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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
            List<Path> flows = inside(path);
            if (flows.isEmpty()) {
                throw new ConfigurationException(List.of(path + ": there is no flow (*.json) in this folder"));
            }
            files.addAll(flows);
        }
        return files;
    }

    private static List<Path> inside(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".json"))
                    .sorted()
                    .toList();
        }
    }

    /** The file that calls run for this id: the default flow's, else the first of its folder. */
    static Optional<Path> withId(Path standard, String flowId) throws IOException {
        Path folder = standard.toAbsolutePath().resolveSibling("");
        List<Path> files = new ArrayList<>(List.of(standard));
        if (Files.isDirectory(folder)) {
            files.addAll(inside(folder));
        }
        for (Path file : files) {
            try {
                if (Files.isRegularFile(file) && Flow.read(file).id().equals(flowId)) {
                    return Optional.of(file);
                }
            } catch (InvalidFlowException e) {
                // No call runs it.
            }
        }
        return Optional.empty();
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

    /** The test of this name, which {@code command} was asked for. */
    static FlowTest test(Flow flow, String name, RecallerCommand command) {
        return flow.tests().stream()
                .filter(one -> one.name().equals(name))
                .findFirst()
                .orElseThrow(() -> command.misused("the flow has no test '" + name + "'; it has: "
                        + String.join(
                                ", ", flow.tests().stream().map(FlowTest::name).toList())));
    }
}
