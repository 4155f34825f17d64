package dev.recaller.flow.mcp;

import dev.recaller.flow.FlowContext;
import dev.recaller.flow.definition.Flow;
import dev.recaller.flow.definition.McpServer;
import dev.recaller.flow.http.GuardedClient;
import dev.recaller.flow.http.HttpPolicy;
import dev.recaller.flow.http.Secrets;
import dev.recaller.flow.tool.CallableTool;
import dev.recaller.flow.tool.ToolSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * The tools of MCP servers that flows name: one connection for each flow and server, opened when a call first needs it and
 * shared by all after it. A server that is away costs a call nothing but its tools.
 */
public final class McpTools implements ToolSource, AutoCloseable {

    /**
     * How long things may take.
     *
     * @param patience a call waits for a server it does not know yet, with its caller
     * @param open a server has to answer when it is first spoken to
     * @param request a tool may take
     * @param fresh the list of tools is taken as it was
     * @param pause after a failure before the server is tried again
     */
    record Limits(Duration patience, Duration open, Duration request, Duration fresh, Duration pause) {
        static final Limits DEFAULT = new Limits(
                Duration.ofMillis(1_500),
                Duration.ofSeconds(10),
                Duration.ofSeconds(30),
                Duration.ofMinutes(5),
                Duration.ofSeconds(15));
    }

    /** One organization's flow and a server as it describes it: a new version with another address gets another connection. */
    private record Key(String organizationId, String flowId, McpServer server) {}

    /** What an agent was granted of a server. */
    private record Asked(String server, List<String> wanted, McpConnection connection) {}

    /** A model that may choose among more chooses badly. */
    private static final int MAX_TOOLS = 64;

    private static final Duration CONNECT = Duration.ofSeconds(3);

    private final Secrets secrets;
    private final GuardedClient http;
    private final Limits limits;
    private final Map<Key, McpConnection> connections = new ConcurrentHashMap<>();

    /** @param policy which servers may be spoken to */
    public McpTools(Secrets secrets, HttpPolicy policy) {
        this(secrets, policy, Limits.DEFAULT);
    }

    McpTools(Secrets secrets, HttpPolicy policy, Limits limits) {
        this.secrets = secrets;
        this.http = new GuardedClient(policy, CONNECT);
        this.limits = limits;
    }

    @Override
    public List<CallableTool> tools(Flow flow, FlowContext context, List<String> grants, Consumer<String> warn)
            throws InterruptedException {
        List<Asked> all = new ArrayList<>();
        flow.mcpServers().forEach((name, server) -> {
            List<String> wanted = grants.stream()
                    .filter(grant -> grant.startsWith(name + "."))
                    .map(grant -> grant.substring(name.length() + 1))
                    .toList();
            if (!wanted.isEmpty()) {
                var key = new Key(context.organizationId(), flow.id(), server);
                all.add(new Asked(name, wanted, connections.computeIfAbsent(key, this::connection)));
            }
        });
        all.forEach(asked -> asked.connection().begin());
        List<CallableTool> tools = new ArrayList<>();
        long until = System.nanoTime() + limits.patience().toNanos();
        for (Asked asked : all) {
            Duration left = Duration.ofNanos(Math.max(0, until - System.nanoTime()));
            switch (asked.connection().offered(left)) {
                case McpConnection.Away(String why) -> warn.accept("MCP server '" + asked.server() + "': " + why);
                case McpConnection.Has(List<McpConnection.Offered> offered) ->
                    tools.addAll(granted(asked, offered, warn));
            }
        }
        return tools;
    }

    private McpConnection connection(Key key) {
        return new McpConnection(key.server(), secrets.of(key.organizationId()), http, limits);
    }

    private static List<CallableTool> granted(Asked asked, List<McpConnection.Offered> offered, Consumer<String> warn) {
        List<CallableTool> tools = new ArrayList<>();
        for (McpConnection.Offered tool : offered) {
            if (asked.wanted().contains("*") || asked.wanted().contains(tool.name())) {
                tools.add(new McpTool(asked.server(), tool, asked.connection()));
            }
        }
        asked.wanted().stream()
                .filter(name -> !name.equals("*")
                        && offered.stream().noneMatch(tool -> tool.name().equals(name)))
                .forEach(name -> warn.accept("MCP server '" + asked.server() + "' has no tool '" + name + "'"));
        if (tools.size() > MAX_TOOLS) {
            warn.accept("MCP server '" + asked.server() + "' has " + tools.size() + " tools, the first " + MAX_TOOLS
                    + " are taken: grant those that are needed");
        }
        return tools.size() > MAX_TOOLS ? tools.subList(0, MAX_TOOLS) : tools;
    }

    @Override
    public void close() {
        connections.values().forEach(McpConnection::close);
        connections.clear();
        http.close();
    }
}
