package dev.recaller.flow.definition;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * A server of the Model Context Protocol whose tools agents may be granted.
 *
 * @param url of its streamable HTTP endpoint
 * @param headers sent with every request; {@code ${NAME}} in a value stands for the secret of that name
 */
public record McpServer(String url, Map<String, String> headers) {

    /** A grant begins with the server's name and a dot. */
    static final Pattern NAME = Pattern.compile("[A-Za-z][A-Za-z0-9_-]{0,31}");

    static final String NAME_WORDS = "a letter, then letters, digits, - and _ (32 at most)";

    private static final Pattern HEADER = Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}");
    private static final Pattern LOOSE_SECRET = Pattern.compile("\\$\\{(?![A-Z][A-Z0-9_]{0,63}})");
    private static final Pattern UNPRINTABLE = Pattern.compile("\\p{Cc}");

    public McpServer {
        headers = Map.copyOf(headers);
    }

    static McpServer read(Fields fields, Reading reading) {
        String url = fields.text("url");
        if (!url.isEmpty() && !isUsable(url)) {
            fields.complain(
                    "url",
                    "must be the address of an MCP server without user or fragment, is " + url,
                    "for example https://crm.example.com/mcp");
        }
        Map<String, String> headers = fields.textsByName("headers", HEADER, "the name of an HTTP header");
        headers.forEach((name, value) -> {
            if (LOOSE_SECRET.matcher(value).find() || UNPRINTABLE.matcher(value).find()) {
                reading.complain(
                        fields.pointer("headers", name),
                        "holds a '${' that names no secret, or what no header may hold",
                        "a secret is ${NAME}: a capital letter, then capital letters, digits and _");
            }
        });
        return new McpServer(url, headers);
    }

    private static boolean isUsable(String url) {
        try {
            URI uri = new URI(url);
            boolean http = "https".equals(uri.getScheme()) || "http".equals(uri.getScheme());
            return http && uri.getHost() != null && uri.getRawUserInfo() == null && uri.getRawFragment() == null;
        } catch (URISyntaxException e) {
            return false;
        }
    }
}
