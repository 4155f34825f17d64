package dev.recaller.worker;

import dev.recaller.flow.engine.FlowRunner;
import dev.recaller.flow.http.HttpAccess;
import dev.recaller.flow.http.HttpCalls;
import dev.recaller.flow.http.HttpPolicy;
import dev.recaller.flow.http.Secrets;
import dev.recaller.flow.mcp.McpTools;

/** What flows may use of the network: servers within the operator's policy, and secrets by name. */
public final class Outbound implements AutoCloseable {

    private final HttpCalls calls;
    private final McpTools mcp;
    private final Secrets secrets;

    private Outbound(HttpPolicy policy, Secrets secrets) {
        this.calls = new HttpCalls(policy);
        this.mcp = new McpTools(secrets, policy);
        this.secrets = secrets;
    }

    public static Outbound open(Configuration configuration) {
        return open(configuration, configuration.secrets());
    }

    /** With other secrets than the configuration's. */
    static Outbound open(Configuration configuration, Secrets secrets) {
        return new Outbound(configuration.outbound(), secrets);
    }

    public FlowRunner given(FlowRunner runner) {
        return runner.http(new HttpAccess(calls, secrets)).tools(mcp);
    }

    @Override
    public void close() {
        mcp.close();
        calls.close();
    }
}
