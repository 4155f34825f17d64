package dev.recaller.flow.node;

import dev.recaller.flow.definition.AgentNode;
import dev.recaller.flow.definition.Tool;
import dev.recaller.flow.tool.CallableTool;

/** A tool of type http that the flow declares. */
record DeclaredTool(String name, Tool declared, AgentNode node, Call inCall) implements CallableTool {

    @Override
    public String description() {
        return declared.description();
    }

    @Override
    public String parameters() {
        return declared.parameters().text();
    }

    @Override
    public String call(String argumentsJson) throws InterruptedException {
        return HttpTool.run(declared, argumentsJson, node, inCall);
    }
}
