package dev.recaller.flow.node;

import static java.util.Objects.requireNonNull;

import dev.recaller.flow.FlowContext;
import dev.recaller.flow.definition.Flow;
import dev.recaller.flow.http.HttpAccess;
import java.util.List;
import java.util.function.Consumer;

/** The tools of type http a flow declares. */
public final class HttpTools {

    private final HttpAccess http;

    public HttpTools(HttpAccess http) {
        this.http = requireNonNull(http, "http is null");
    }

    /** Those of the grants that the flow declares; other grants are passed over. */
    List<HttpTool> tools(Flow flow, FlowContext context, List<String> grants, Consumer<String> warn) {
        return grants.stream()
                .flatMap(grant ->
                        flow.tool(grant).map(tool -> new HttpTool(grant, tool, http, flow, context, warn)).stream())
                .toList();
    }
}
