package dev.recaller.flow.mcp;

import dev.recaller.flow.tool.CallableTool;

/** One tool of an MCP server; {@code lookup_order} of {@code crm} is called {@code crm_lookup_order}. */
record McpTool(String server, McpConnection.Offered offered, McpConnection connection) implements CallableTool {

    private static final int MAX_NAME = 64;
    private static final int MAX_DESCRIPTION = 1_000;

    @Override
    public String name() {
        String name = (server + "_" + offered.name()).replaceAll("[^A-Za-z0-9_-]", "_");
        return name.length() > MAX_NAME ? name.substring(0, MAX_NAME) : name;
    }

    @Override
    public String description() {
        String text = offered.description();
        return text.length() > MAX_DESCRIPTION ? text.substring(0, MAX_DESCRIPTION) : text;
    }

    @Override
    public String parameters() {
        return offered.parameters();
    }

    @Override
    public String call(String argumentsJson) throws InterruptedException {
        return connection.call(offered.name(), argumentsJson);
    }
}
