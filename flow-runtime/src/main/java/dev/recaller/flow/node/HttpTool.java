package dev.recaller.flow.node;

import dev.recaller.flow.FlowContext;
import dev.recaller.flow.definition.Flow;
import dev.recaller.flow.definition.Tool;
import dev.recaller.flow.expression.JsonValues;
import dev.recaller.flow.http.HttpAccess;
import dev.recaller.flow.http.HttpAnswer;
import dev.recaller.flow.node.RequestRendering.Rendered;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * A declared tool in one call. Whatever happens is a text for the model; what the flow's author should know is a warning.
 * Safe for use by several threads while the flow's thread waits.
 */
final class HttpTool {

    /**
     * What the model is told.
     *
     * @param ok whether the server answered 200 to 299
     */
    record Told(boolean ok, String text) {}

    /** The most of an answer a model is given. */
    private static final int MAX_CHARACTERS = 8_000;

    private static final int MAX_ARGUMENTS = 20_000;
    private static final JsonMapper JSON = JsonMapper.shared();

    private final String name;
    private final Tool tool;
    private final HttpAccess http;
    private final Flow flow;
    private final FlowContext context;
    private final Consumer<String> warn;

    HttpTool(String name, Tool tool, HttpAccess http, Flow flow, FlowContext context, Consumer<String> warn) {
        this.name = name;
        this.tool = tool;
        this.http = http;
        this.flow = flow;
        this.context = context;
        this.warn = warn;
    }

    String name() {
        return name;
    }

    String description() {
        return tool.description();
    }

    /** A JSON Schema as text. */
    String parameters() {
        return tool.parameters().text();
    }

    /** Sends the request with these arguments, which are checked first: a model wrote them. */
    Told call(String arguments) throws InterruptedException {
        ObjectNode given = object(arguments);
        if (given == null) {
            return failed("The arguments must be one JSON object.");
        }
        List<String> mistakes = tool.parameters().mistakes(given);
        if (!mistakes.isEmpty()) {
            return failed("The arguments are wrong. " + String.join("; ", mistakes));
        }
        Map<String, Object> named = named(given);
        var rendering = new RequestRendering(Call.values(flow, context, named), named, http.secrets());
        return switch (rendering.render(tool.request())) {
            case Rendered.Refused(String what) -> {
                warn(what);
                yield failed("This function cannot be used with these arguments.");
            }
            case Rendered.Request rendered -> {
                rendered.unresolved().stream()
                        .filter(path -> !isParameter(path))
                        .forEach(path -> warn("'" + path + "' has no value"));
                Told told = told(http.sender().send(rendered.request()));
                yield new Told(told.ok(), rendering.withoutSecrets(told.text()));
            }
        };
    }

    /** The flow's variables, and over them what the model gave. */
    private Map<String, Object> named(ObjectNode given) {
        Map<String, Object> named = new HashMap<>(context.variables());
        tool.parameters().types().forEach((parameter, type) -> {
            named.remove(parameter);
            JsonValues.convert(given.path(parameter), type).ifPresent(value -> named.put(parameter, value));
        });
        tool.parameters().structures().forEach(parameter -> {
            named.remove(parameter);
            if (given.has(parameter)) {
                named.put(parameter, given.get(parameter));
            }
        });
        return named;
    }

    private boolean isParameter(String path) {
        return tool.parameters().types().containsKey(path)
                || tool.parameters().structures().contains(path);
    }

    private Told told(HttpAnswer answer) {
        return switch (answer) {
            case HttpAnswer.Answered it
            when it.isOk() -> new Told(true, it.body().isBlank() ? "Done." : bounded(it.body()));
            case HttpAnswer.Answered it
            when it.isClientError() -> failed("Refused (" + it.status() + "): " + bounded(it.body()));
            case HttpAnswer.Answered it -> failed("The server answered " + it.status() + ". Nothing more is known.");
            case HttpAnswer.TimedOut _ -> failed("The server did not answer in time. It may have acted all the same.");
            case HttpAnswer.Failed(String what) -> {
                warn(what);
                yield failed("The server could not be reached, or its answer not be read.");
            }
        };
    }

    private void warn(String what) {
        warn.accept("tool '" + name + "': " + what);
    }

    private static Told failed(String text) {
        return new Told(false, text);
    }

    private static String bounded(String body) {
        if (body.length() <= MAX_CHARACTERS) {
            return body;
        }
        int end = Character.isHighSurrogate(body.charAt(MAX_CHARACTERS - 1)) ? MAX_CHARACTERS - 1 : MAX_CHARACTERS;
        return body.substring(0, end) + "\n(cut here: the answer is longer)";
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
