package dev.recaller.flow.tool;

import dev.recaller.flow.FlowContext;
import dev.recaller.flow.definition.Flow;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Where the tools of calls come from: a flow's http tools, MCP servers. Safe for use by many calls at once. */
@FunctionalInterface
public interface ToolSource {

    ToolSource NONE = (_, _, _, _) -> List.of();

    /**
     * The tools behind these grants as they are now; grants that are another source's are passed over. Asked by the
     * call's thread before each answer of a model, so quick: what cannot be had at once is left out, and {@code warn} is
     * told why.
     *
     * @param grants as they stand in the agent's {@code tools}
     */
    List<CallableTool> tools(Flow flow, FlowContext context, List<String> grants, Consumer<String> warn)
            throws InterruptedException;

    /** All of this source, then all of the other. */
    default ToolSource and(ToolSource other) {
        return (flow, context, grants, warn) -> {
            List<CallableTool> tools = new ArrayList<>(tools(flow, context, grants, warn));
            tools.addAll(other.tools(flow, context, grants, warn));
            return tools;
        };
    }
}
