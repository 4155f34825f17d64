package dev.recaller.flow.node;

import dev.recaller.flow.definition.Node;
import dev.recaller.flow.definition.Tool;
import dev.recaller.flow.expression.JsonValues;
import dev.recaller.flow.http.HttpAccess;
import dev.recaller.flow.http.HttpAnswer;
import dev.recaller.flow.http.HttpRequest;
import dev.recaller.flow.node.RequestRendering.Rendered;
import dev.recaller.flow.tool.ToolException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Runs declared tools. Whatever happens is a text for the model; what the flow's author should know is a warning. */
final class HttpTool {

    private static final int MAX_ARGUMENTS = 20_000;
    private static final JsonMapper JSON = JsonMapper.shared();

    private record Told(boolean ok, String text) {}

    private HttpTool() {}

    /**
     * Sends the tool's request with these arguments.
     *
     * @param node the agent that granted the tool
     * @param arguments as the model wrote them
     * @return what the server answered
     * @throws ToolException when the arguments do not fit or the server did not answer 200 to 299
     */
    static String run(Tool tool, String arguments, Node node, Call call) throws InterruptedException {
        HttpAccess http = call.http();
        if (http == null) {
            call.warn(node, "no requests can be sent: the runner was given no HttpAccess");
            throw failed("This function cannot be used now.");
        }
        ObjectNode given = object(arguments);
        if (given == null) {
            throw failed("The arguments must be one JSON object.");
        }
        List<String> mistakes = tool.parameters().mistakes(given);
        if (!mistakes.isEmpty()) {
            throw failed("The arguments are wrong. " + String.join("; ", mistakes));
        }
        Map<String, Object> named = named(tool, given, call);
        var rendering = new RequestRendering(
                call.values(named), named, http.secrets().of(call.context().organizationId()));
        return switch (rendering.render(tool.request())) {
            case Rendered.Refused(String what) -> {
                call.warn(node, what);
                throw failed("This function cannot be used with these arguments.");
            }
            case Rendered.Request rendered -> {
                rendered.unresolved().stream()
                        .filter(name -> !isParameter(tool, name))
                        .forEach(name -> call.warn(node, "'" + name + "' has no value"));
                Told told = told(http.sender().send(keyed(tool, rendered.request())), node, call);
                String text = rendering.withoutSecrets(told.text());
                if (!told.ok()) {
                    throw failed(text);
                }
                yield text;
            }
        };
    }

    /** A tool is called once, whatever becomes of its call, so the key need not be found again. */
    private static HttpRequest keyed(Tool tool, HttpRequest request) {
        return tool.request().keyed()
                ? request.withIdempotencyKey(UUID.randomUUID().toString())
                : request;
    }

    /** The flow's variables, and over them what the model gave. */
    private static Map<String, Object> named(Tool tool, ObjectNode given, Call call) {
        Map<String, Object> named = new HashMap<>(call.context().variables());
        tool.parameters().types().forEach((name, type) -> {
            named.remove(name);
            JsonValues.convert(given.path(name), type).ifPresent(value -> named.put(name, value));
        });
        tool.parameters().structures().forEach(name -> {
            named.remove(name);
            if (given.has(name)) {
                named.put(name, given.get(name));
            }
        });
        return named;
    }

    private static boolean isParameter(Tool tool, String name) {
        return tool.parameters().types().containsKey(name)
                || tool.parameters().structures().contains(name);
    }

    private static Told told(HttpAnswer answer, Node node, Call call) {
        return switch (answer) {
            case HttpAnswer.Answered it
            when it.isOk() -> new Told(true, it.body().isBlank() ? "Done." : ToolRun.bounded(it.body()));
            case HttpAnswer.Answered it
            when it.isClientError() -> new Told(false, "Refused (" + it.status() + "): " + ToolRun.bounded(it.body()));
            case HttpAnswer.Answered it ->
                new Told(false, "The server answered " + it.status() + ". Nothing more is known.");
            case HttpAnswer.TimedOut _ ->
                new Told(false, "The server did not answer in time. It may have acted all the same.");
            case HttpAnswer.Failed(String what) -> {
                call.warn(node, what);
                yield new Told(false, "The server could not be reached, or its answer not be read.");
            }
        };
    }

    private static ToolException failed(String text) {
        return new ToolException(text, null);
    }

    private static @Nullable ObjectNode object(String arguments) {
        if (arguments.length() > MAX_ARGUMENTS) {
            return null;
        }
        try {
            return JSON.readTree(arguments.isBlank() ? "{}" : arguments) instanceof ObjectNode object ? object : null;
        } catch (JacksonException e) {
            return null;
        }
    }
}
