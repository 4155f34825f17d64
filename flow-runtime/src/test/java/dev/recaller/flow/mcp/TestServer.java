package dev.recaller.flow.mcp;

import io.modelcontextprotocol.server.McpServer;
import io.modelcontextprotocol.server.McpServerFeatures.SyncToolSpecification;
import io.modelcontextprotocol.server.McpSyncServer;
import io.modelcontextprotocol.server.transport.HttpServletStreamableServerTransportProvider;
import io.modelcontextprotocol.spec.McpSchema;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import io.modelcontextprotocol.spec.McpSchema.ServerCapabilities;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.apache.catalina.Context;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.Wrapper;
import org.apache.catalina.startup.Tomcat;
import org.apache.tomcat.util.descriptor.web.FilterDef;
import org.apache.tomcat.util.descriptor.web.FilterMap;

/** An MCP server of the official SDK on a loopback port, with a filter before it that counts and fails. */
final class TestServer implements AutoCloseable {

    private final Tomcat tomcat = new Tomcat();
    private final McpSyncServer server;
    private final int port;
    private boolean closed;

    /** How many messages came. */
    final AtomicInteger posts = new AtomicInteger();

    final List<String> authorizations = new CopyOnWriteArrayList<>();

    /** Requests wait here. */
    volatile CountDownLatch gate = new CountDownLatch(0);

    /** Answered instead of the server; 0: the server answers. */
    volatile int status;

    TestServer(Path folder, int port) {
        var transport = HttpServletStreamableServerTransportProvider.builder()
                .mcpEndpoint("/mcp")
                .build();
        server = McpServer.sync(transport)
                .serverInfo("orders", "1")
                .capabilities(ServerCapabilities.builder().tools(true).build())
                .build();
        tomcat.setBaseDir(folder.toString());
        tomcat.setPort(port);
        tomcat.getConnector().setProperty("address", "127.0.0.1");
        Context context = tomcat.addContext("", folder.toString());
        Wrapper wrapper = context.createWrapper();
        wrapper.setName("mcp");
        wrapper.setServlet(transport);
        wrapper.setLoadOnStartup(1);
        wrapper.setAsyncSupported(true);
        context.addChild(wrapper);
        wrapper.addMapping("/*");
        filter(context);
        try {
            tomcat.start();
        } catch (LifecycleException e) {
            throw new AssertionError(e);
        }
        this.port = tomcat.getConnector().getLocalPort();
    }

    String url() {
        return "http://127.0.0.1:" + port() + "/mcp";
    }

    int port() {
        return port;
    }

    TestServer tool(String name, Function<Map<String, Object>, CallToolResult> does) {
        var tool = McpSchema.Tool.builder(
                        name,
                        Map.of(
                                "type",
                                "object",
                                "properties",
                                Map.of("number", Map.of("type", "integer")),
                                "required",
                                List.of("number")))
                .description("does " + name)
                .build();
        server.addTool(new SyncToolSpecification(tool, (_, request) -> does.apply(request.arguments())));
        return this;
    }

    void remove(String tool) {
        server.removeTool(tool);
    }

    static CallToolResult says(String text) {
        return CallToolResult.builder().addTextContent(text).isError(false).build();
    }

    static CallToolResult fails(String text) {
        return CallToolResult.builder().addTextContent(text).isError(true).build();
    }

    @Override
    public void close() {
        gate.countDown();
        if (closed) {
            return;
        }
        closed = true;
        try {
            tomcat.stop();
            tomcat.destroy();
        } catch (LifecycleException e) {
            throw new AssertionError(e);
        }
    }

    private void filter(Context context) {
        FilterDef definition = new FilterDef();
        definition.setFilterName("faults");
        definition.setFilter(new Faults());
        definition.setAsyncSupported("true");
        context.addFilterDef(definition);
        FilterMap map = new FilterMap();
        map.setFilterName("faults");
        map.addURLPattern("/*");
        context.addFilterMap(map);
    }

    private final class Faults implements Filter {
        @Override
        public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
                throws IOException, ServletException {
            HttpServletRequest http = (HttpServletRequest) request;
            if (http.getMethod().equals("POST")) {
                posts.incrementAndGet();
                authorizations.add(String.valueOf(http.getHeader("Authorization")));
                try {
                    gate.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
            if (status == 0) {
                chain.doFilter(request, response);
            } else {
                ((HttpServletResponse) response).sendError(status);
            }
        }
    }
}
