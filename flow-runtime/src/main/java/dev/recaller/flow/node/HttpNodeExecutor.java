package dev.recaller.flow.node;

import dev.recaller.flow.definition.HttpNode;
import dev.recaller.flow.expression.JsonValues;
import dev.recaller.flow.expression.VariableType;
import dev.recaller.flow.http.HttpAccess;
import dev.recaller.flow.http.HttpAnswer;
import dev.recaller.flow.http.HttpRequest;
import dev.recaller.flow.node.RequestRendering.Rendered;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonPointer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Sends the node's request and sets variables of what is answered. */
final class HttpNodeExecutor implements NodeExecutor<HttpNode> {

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final Outcome ERROR = new Outcome.Took("error");

    @Override
    public Outcome execute(HttpNode node, Call call) throws InterruptedException {
        HttpAccess http = call.http();
        if (http == null) {
            call.warn(node, "no requests can be sent: the runner was given no HttpAccess");
            return ERROR;
        }
        var rendering = new RequestRendering(
                call.values(),
                call.context().variables(),
                http.secrets().of(call.context().organizationId()));
        return switch (rendering.render(node.request())) {
            case Rendered.Refused(String what) -> {
                call.warn(node, what);
                yield ERROR;
            }
            case Rendered.Request rendered -> {
                rendered.unresolved().forEach(path -> call.warn(node, "'" + path + "' has no value"));
                yield outcome(node, call, http.sender().send(keyed(node, call, rendered.request())));
            }
        };
    }

    private static HttpRequest keyed(HttpNode node, Call call, HttpRequest request) {
        return node.request().keyed()
                ? request.withIdempotencyKey(call.keys().next(call.flow().id(), node.id(), call.context()))
                : request;
    }

    private static Outcome outcome(HttpNode node, Call call, HttpAnswer answer) {
        return switch (answer) {
            case HttpAnswer.Answered it when it.isOk() -> take(node, call, it.body());
            case HttpAnswer.Answered it when it.isClientError() -> new Outcome.Took("client_error");
            case HttpAnswer.Answered it when it.isServerError() -> new Outcome.Took("server_error");
            case HttpAnswer.Answered it -> {
                call.warn(node, "answered " + it.status() + ", and redirects are not followed");
                yield ERROR;
            }
            case HttpAnswer.TimedOut _ -> new Outcome.Took("timeout");
            case HttpAnswer.Failed(String what) -> {
                call.warn(node, what);
                yield ERROR;
            }
        };
    }

    private static Outcome take(HttpNode node, Call call, String body) {
        if (node.values().isEmpty()) {
            return new Outcome.Took("ok");
        }
        JsonNode json = json(body);
        if (json == null) {
            call.warn(node, "the answer is no JSON");
            return ERROR;
        }
        node.values().forEach((variable, pointer) -> take(node, call, variable, pointer, json.at(pointer)));
        return new Outcome.Took("ok");
    }

    private static void take(HttpNode node, Call call, String variable, JsonPointer pointer, JsonNode found) {
        VariableType type = call.type(variable);
        JsonValues.convert(found, type)
                .ifPresentOrElse(
                        value -> call.context().set(variable, value),
                        () -> call.warn(
                                node,
                                "'" + variable + "' keeps its value: the answer has no " + type.label() + " at '"
                                        + pointer + "'"));
    }

    private static @Nullable JsonNode json(String body) {
        try {
            JsonNode json = JSON.readTree(body);
            return json.isMissingNode() ? null : json;
        } catch (JacksonException e) {
            return null;
        }
    }
}
