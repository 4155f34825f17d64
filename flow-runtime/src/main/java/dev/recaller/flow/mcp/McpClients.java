package dev.recaller.flow.mcp;

import dev.recaller.flow.definition.McpServer;
import dev.recaller.flow.http.GuardedClient;
import dev.recaller.flow.http.Secrets;
import dev.recaller.flow.mcp.McpFailures.UnusableServerException;
import dev.recaller.flow.mcp.McpTools.Limits;
import io.modelcontextprotocol.client.McpClient;
import io.modelcontextprotocol.client.McpSyncClient;
import io.modelcontextprotocol.client.transport.HttpClientStreamableHttpTransport;
import io.modelcontextprotocol.spec.McpSchema;
import java.net.URI;
import java.net.http.HttpRequest;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Makes clients of the official SDK: streamable HTTP, no redirects, nothing a server may ask of us. */
final class McpClients {

    private static final Pattern SECRET = Pattern.compile("\\$\\{([A-Z][A-Z0-9_]{0,63})}");

    private static final Pattern PRINTABLE = Pattern.compile("[\\x20-\\x7e\\t]*");

    /** Of one message; what a model is told of it is far less. */
    private static final int MAX_BYTES = 1 << 20;

    private McpClients() {}

    /** A client that is connected. Blocks. */
    static McpSyncClient open(
            McpServer server,
            Secrets.OfOrganization secrets,
            GuardedClient client,
            Limits limits,
            Consumer<List<McpSchema.Tool>> changed) {
        URI url = URI.create(server.url());
        HttpRequest.Builder request = HttpRequest.newBuilder();
        server.headers().forEach((name, value) -> put(request, name, resolve(value, secrets)));
        String path = url.getRawPath().isEmpty() ? "/" : url.getRawPath();
        var transport = HttpClientStreamableHttpTransport.builder(url.getScheme() + "://" + url.getRawAuthority())
                .endpoint(url.getRawQuery() == null ? path : path + "?" + url.getRawQuery())
                .requestBuilder(request)
                .clientBuilder(client.asBuilder())
                .maxResponseSize(MAX_BYTES)
                .build();
        McpSyncClient opened = McpClient.sync(transport)
                .clientInfo(McpSchema.Implementation.builder("recaller", "1").build())
                .initializationTimeout(limits.open())
                .requestTimeout(limits.request())
                .toolsChangeConsumer(changed)
                .build();
        try {
            opened.initialize();
            return opened;
        } catch (RuntimeException e) {
            opened.close();
            throw e;
        }
    }

    /** The clients' own complaint about a header would quote its value. */
    private static void put(HttpRequest.Builder request, String name, String value) {
        try {
            if (PRINTABLE.matcher(value).matches()) {
                request.header(name, value);
                return;
            }
        } catch (IllegalArgumentException e) {
            // below
        }
        throw new UnusableServerException("cannot be sent the header '" + name
                + "': its name is taken, or its value has a character none may have");
    }

    private static String resolve(String value, Secrets.OfOrganization secrets) {
        return SECRET.matcher(value)
                .replaceAll(found -> Matcher.quoteReplacement(secrets.find(found.group(1))
                        .orElseThrow(() -> new UnusableServerException(
                                "needs the secret '" + found.group(1) + "', which is not set"))));
    }
}
