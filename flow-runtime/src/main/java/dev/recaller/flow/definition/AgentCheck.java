package dev.recaller.flow.definition;

import dev.recaller.flow.expression.Suggestion;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What must hold between an agent and what the flow declares: its tools are there, its exits are told from them. */
final class AgentCheck {

    private final Reading reading;
    private final Map<String, Tool> tools;
    private final Map<String, McpServer> servers;

    AgentCheck(Reading reading, Map<String, Tool> tools, Map<String, McpServer> servers) {
        this.reading = reading;
        this.tools = tools;
        this.servers = servers;
    }

    void check(Fields fields, AgentNode agent) {
        checkExits(fields, agent);
        checkTools(fields, agent);
        checkTransfers(fields, agent);
    }

    private void checkExits(Fields fields, AgentNode agent) {
        for (String exit : agent.exits().keySet()) {
            if (AgentNode.NO_EXITS.contains(exit)
                    || Tool.BUILT_IN.contains(exit)
                    || agent.tools().contains(exit)) {
                reading.complain(
                        fields.pointer("exits", exit), "no exit may be called '" + exit + "'", "choose another name");
            }
        }
    }

    private void checkTools(Fields fields, AgentNode agent) {
        Set<String> seen = new HashSet<>();
        List<String> names = agent.tools();
        for (int i = 0; i < names.size(); i++) {
            String name = names.get(i);
            String pointer = fields.pointer("tools") + "/" + i;
            if (name.isEmpty()) {
                continue;
            }
            int dot = name.indexOf('.');
            if (!seen.add(name)) {
                reading.complain(pointer, "tool '" + name + "' is granted already", null);
            } else if (dot >= 0) {
                checkServerTool(pointer, name, name.substring(0, dot), name.substring(dot + 1));
            } else if (!Tool.BUILT_IN.contains(name) && !tools.containsKey(name)) {
                Set<String> known = new HashSet<>(tools.keySet());
                known.addAll(Tool.BUILT_IN);
                servers.keySet().forEach(server -> known.add(server + ".*"));
                reading.complain(pointer, "no tool is called '" + name + "'", Suggestion.of(name, known));
            }
        }
    }

    private void checkServerTool(String pointer, String name, String server, String tool) {
        if (!servers.containsKey(server)) {
            reading.complain(
                    pointer,
                    "tool '" + name + "' is of no server of the flow",
                    servers.isEmpty() ? "declare it in 'mcpServers'" : Suggestion.of(server, servers.keySet()));
        } else if (tool.isEmpty()) {
            reading.complain(
                    pointer, "names no tool of server '" + server + "'", "'" + server + ".*' grants all it has");
        }
    }

    private void checkTransfers(Fields fields, AgentNode agent) {
        boolean granted = agent.tools().contains(Tool.TRANSFER);
        if (granted && agent.transfers().isEmpty()) {
            reading.complain(
                    fields.pointer("transfers"),
                    "is missing: where the tool 'transfer' may lead",
                    "for example \"transfers\": { \"sales\": \"+15550100\" }");
        } else if (!granted && !agent.transfers().isEmpty()) {
            reading.complain(
                    fields.pointer("transfers"),
                    "is of no use: the agent is not granted the tool 'transfer'",
                    "add 'transfer' to its tools");
        }
    }
}
