package dev.recaller.flow.mcp;

import dev.recaller.flow.definition.McpServer;
import dev.recaller.flow.http.GuardedClient;
import dev.recaller.flow.http.Secrets;
import dev.recaller.flow.mcp.McpTools.Limits;
import dev.recaller.flow.tool.ToolException;
import io.modelcontextprotocol.client.McpSyncClient;
import io.modelcontextprotocol.spec.McpError;
import io.modelcontextprotocol.spec.McpSchema;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/**
 * One MCP server: opened and asked for its tools on a thread of its own, asked again when the list is old or the server
 * says that it changed, opened anew after a failure. Safe for use by many calls at once.
 */
final class McpConnection implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(McpConnection.class);
    private static final JsonMapper JSON = JsonMapper.shared();

    /** A tool as the server describes it; {@code parameters} is a JSON Schema as text. */
    record Offered(String name, String description, String parameters) {}

    /** What the server offers now. */
    sealed interface Answer {}

    record Has(List<Offered> tools) implements Answer {}

    record Away(String why) implements Answer {}

    private record Open(McpSyncClient client, List<Offered> tools, long listedAt) {}

    private final McpServer server;
    private final Secrets.OfOrganization secrets;
    private final GuardedClient http;
    private final Limits limits;

    private final Object state = new Object();
    private @Nullable Open open; // guarded by state, as all below
    private @Nullable FutureTask<?> work;
    private @Nullable String failure;
    private long failedAt;
    private boolean closed;

    McpConnection(McpServer server, Secrets.OfOrganization secrets, GuardedClient http, Limits limits) {
        this.server = server;
        this.secrets = secrets;
        this.http = http;
        this.limits = limits;
    }

    /** Starts to open the connection, or to ask for its tools again, where that is due. Returns at once. */
    void begin() {
        synchronized (state) {
            boolean due = open == null
                    ? failure == null || isOver(failedAt, limits.pause())
                    : isOver(open.listedAt(), limits.fresh());
            if (due && !closed && (work == null || work.isDone())) {
                FutureTask<?> task = new FutureTask<>(this::connect, null);
                work = task;
                Thread.ofVirtual().name("mcp").start(task);
            }
        }
    }

    /** The tools it had when it was last asked; waits only while it has not answered yet. */
    Answer offered(Duration wait) throws InterruptedException {
        FutureTask<?> opening;
        synchronized (state) {
            if (open != null) {
                return new Has(open.tools());
            }
            opening = work;
        }
        try {
            if (opening != null) {
                opening.get(wait.toNanos(), TimeUnit.NANOSECONDS);
            }
        } catch (TimeoutException e) {
            return new Away("has not answered yet");
        } catch (ExecutionException | CancellationException e) {
            return new Away("could not be opened: " + e.getMessage());
        }
        synchronized (state) {
            return open == null ? new Away(failure == null ? "is not open" : failure) : new Has(open.tools());
        }
    }

    /** @throws ToolException when the tool, or the way to it, failed */
    String call(String tool, String argumentsJson) throws InterruptedException {
        McpSyncClient client;
        synchronized (state) {
            client = open == null ? null : open.client();
        }
        if (client == null) {
            throw new ToolException("the server is away", null);
        }
        Map<String, Object> arguments = JSON.readValue(argumentsJson, new TypeReference<>() {});
        McpSchema.CallToolResult result;
        try {
            result = client.callTool(
                    McpSchema.CallToolRequest.builder(tool).arguments(arguments).build());
        } catch (McpError e) {
            throw new ToolException(String.valueOf(e.getMessage()), e);
        } catch (RuntimeException e) {
            if (Thread.interrupted() || e.getCause() instanceof InterruptedException) {
                throw new InterruptedException("tool " + tool);
            }
            lost(client, e);
            throw new ToolException("the server " + McpFailures.words(e), e);
        }
        String text = text(result);
        if (Boolean.TRUE.equals(result.isError())) {
            throw new ToolException(text.isEmpty() ? "the tool says no more" : text, null);
        }
        return text;
    }

    @Override
    public void close() {
        McpSyncClient client;
        synchronized (state) {
            closed = true;
            if (work != null) {
                work.cancel(true);
            }
            client = open == null ? null : open.client();
            open = null;
        }
        if (client != null) {
            client.close();
        }
    }

    private void connect() {
        McpSyncClient client;
        synchronized (state) {
            client = open == null ? null : open.client();
        }
        try {
            if (client == null) {
                client = McpClients.open(server, secrets, http, limits, this::changed);
            }
            List<Offered> tools = offered(client.listTools().tools());
            boolean tooLate;
            synchronized (state) {
                tooLate = closed;
                open = tooLate ? null : new Open(client, tools, System.nanoTime());
                failure = null;
            }
            if (tooLate) {
                client.close();
            }
        } catch (RuntimeException e) {
            lost(client, e);
        }
    }

    /** The server said that its tools changed, and was asked for them. */
    private void changed(List<McpSchema.Tool> tools) {
        List<Offered> offered = offered(tools);
        synchronized (state) {
            if (open != null) {
                open = new Open(open.client(), offered, System.nanoTime());
            }
        }
    }

    private void lost(@Nullable McpSyncClient client, RuntimeException cause) {
        String why = McpFailures.words(cause);
        synchronized (state) {
            if (open == null) {
                failure = why;
                failedAt = System.nanoTime();
            } else if (open.client().equals(client)) {
                open = null; // it worked before: whoever needs it next opens it anew
                failure = null;
            }
        }
        log.warn("MCP server at {} {}", server.url(), why);
        if (client != null) {
            client.close();
        }
    }

    private static List<Offered> offered(List<McpSchema.Tool> tools) {
        return tools.stream()
                .map(tool -> new Offered(
                        tool.name(),
                        tool.description() == null ? tool.name() : tool.description(),
                        JSON.writeValueAsString(tool.inputSchema())))
                .toList();
    }

    private static String text(McpSchema.CallToolResult result) {
        String text = result.content().stream()
                .filter(McpSchema.TextContent.class::isInstance)
                .map(content -> ((McpSchema.TextContent) content).text())
                .collect(Collectors.joining("\n"));
        return text.isEmpty() && result.structuredContent() != null
                ? JSON.writeValueAsString(result.structuredContent())
                : text;
    }

    private static boolean isOver(long since, Duration time) {
        return System.nanoTime() - since >= time.toNanos();
    }
}
