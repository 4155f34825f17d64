package dev.recaller.flow;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a flow ended.
 *
 * @param path ids of the nodes in the order they were entered
 * @param failure what broke, when something did
 */
public record FlowResult(
        EndReason reason, List<String> path, @Nullable RuntimeException failure) {
    public FlowResult {
        path = List.copyOf(path);
    }
}
