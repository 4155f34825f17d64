package dev.recaller.flow.node;

import dev.recaller.flow.definition.AgentNode;
import dev.recaller.flow.definition.Tool;
import dev.recaller.flow.model.ChatModel.Function;
import dev.recaller.flow.tool.CallableTool;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** All that an agent's model may call now, by name. What is not here cannot be called, whoever asks for it. */
final class Offers {

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]{1,64}");
    private static final String NO_PARAMETERS =
            "{\"type\":\"object\",\"properties\":{},\"additionalProperties\":false}";

    private final Map<String, Offer> byName;

    private Offers(Map<String, Offer> byName) {
        this.byName = byName;
    }

    /** @param warn told of tools that are granted and cannot be had */
    static Offers of(AgentNode node, Call call, Consumer<String> warn) throws InterruptedException {
        Map<String, Offer> offers = new LinkedHashMap<>();
        node.exits().forEach((exit, description) -> add(offers, new Offer.Exit(leaving(exit, description)), warn));
        if (node.mayEndCall()) {
            add(offers, new Offer.EndCall(leaving(Tool.END_CALL, "hang up, after the caller said goodbye")), warn);
        }
        if (node.tools().contains(Tool.TRANSFER)) {
            add(offers, transfer(node, call), warn);
        }
        for (CallableTool tool : tools(node, call, warn)) {
            Function function = new Function(tool.name(), tool.description(), tool.parameters());
            add(offers, new Offer.Tool(function, tool), warn);
        }
        return new Offers(offers);
    }

    /** Those that only leave the node: a model that may call nothing else has to talk, or leave. */
    Offers leavingOnly() {
        Map<String, Offer> leaving = new LinkedHashMap<>(byName);
        leaving.values().removeIf(Offer.Tool.class::isInstance);
        return new Offers(leaving);
    }

    List<Function> functions() {
        return byName.values().stream().map(Offer::function).toList();
    }

    Optional<Offer> find(String name) {
        return Optional.ofNullable(byName.get(name));
    }

    private static List<CallableTool> tools(AgentNode node, Call call, Consumer<String> warn)
            throws InterruptedException {
        List<CallableTool> tools = new ArrayList<>();
        if (node.tools().contains(Tool.RECALL) && call.memory().usable()) {
            tools.add(new MemoryTools.Recall(call.memory(), call.talk()::now));
        }
        if (node.tools().contains(Tool.REMEMBER) && call.memory().usable()) {
            tools.add(new MemoryTools.Remember(call.memory()));
        }
        for (String grant : node.tools()) {
            call.flow().tool(grant).ifPresent(it -> tools.add(new DeclaredTool(grant, it, node, call)));
        }
        tools.addAll(call.tools().tools(call.flow(), call.context(), node.tools(), warn));
        return tools;
    }

    private static void add(Map<String, Offer> offers, Offer offer, Consumer<String> warn) {
        String name = offer.function().name();
        if (!NAME.matcher(name).matches()) {
            warn.accept("'" + name + "' is no name a model can call, it is left out");
        } else if (offers.putIfAbsent(name, offer) != null) {
            warn.accept("two functions are called '" + name + "', the second is left out");
        }
    }

    private static Function leaving(String name, String description) {
        return new Function(name, description, NO_PARAMETERS);
    }

    private static Offer transfer(AgentNode node, Call call) {
        Map<String, String> destinations = new LinkedHashMap<>();
        node.transfers()
                .forEach((name, to) ->
                        destinations.put(name, call.render(node, to).strip()));
        ObjectNode parameters = JsonMapper.shared().createObjectNode().put("type", "object");
        var names = parameters
                .putObject("properties")
                .putObject("to")
                .put("type", "string")
                .putArray("enum");
        destinations.keySet().forEach(names::add);
        parameters.putArray("required").add("to");
        parameters.put("additionalProperties", false);
        return new Offer.Transfer(
                new Function(Tool.TRANSFER, "hand the caller on to somebody else", parameters.toString()),
                destinations);
    }
}
