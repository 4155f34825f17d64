package dev.recaller.flow.node;

import dev.recaller.flow.definition.BodyTemplate;
import dev.recaller.flow.definition.BodyTemplate.Part;
import dev.recaller.flow.definition.RequestTemplate;
import dev.recaller.flow.definition.SecretTemplate;
import dev.recaller.flow.expression.PercentEncoding;
import dev.recaller.flow.expression.Template;
import dev.recaller.flow.expression.Values;
import dev.recaller.flow.http.HttpRequest;
import dev.recaller.flow.http.Secrets;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Puts values and secrets into one request. A value fills its place and nothing else: in the url it is percent-encoded, in
 * JSON it is a string or the value it is, a header it cannot end.
 */
final class RequestRendering {

    sealed interface Rendered {
        /** To be sent; the unresolved names had no value and became nothing. */
        record Request(HttpRequest request, List<String> unresolved) implements Rendered {}

        /** It must not be sent; the sentence has no values or secrets in it. */
        record Refused(String what) implements Rendered {}
    }

    /** Shorter ones stand in any text by chance. */
    private static final int MIN_REDACTED = 6;

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private final Values values;
    private final Map<String, ?> variables;
    private final Secrets.OfOrganization secrets;
    private final Set<String> unresolved = new LinkedHashSet<>();
    private final Set<String> used = new LinkedHashSet<>();
    private final Set<String> unknown = new LinkedHashSet<>();

    /** @param variables the values of variables and parameters; lists and objects as JSON */
    RequestRendering(Values values, Map<String, ?> variables, Secrets.OfOrganization secrets) {
        this.values = values;
        this.variables = variables;
        this.secrets = secrets;
    }

    Rendered render(RequestTemplate template) {
        String url = text(template.url().text(), PercentEncoding::encode);
        Map<String, String> headers = new LinkedHashMap<>();
        template.headers().forEach((name, value) -> headers.put(name, text(value, UnaryOperator.identity())));
        BodyTemplate body = template.body();
        if (body != null && headers.keySet().stream().noneMatch("Content-Type"::equalsIgnoreCase)) {
            headers.put("Content-Type", body.contentType());
        }
        String sent = body == null ? null : body(body);
        if (!unknown.isEmpty()) {
            return new Rendered.Refused("no secret is called " + String.join(", ", unknown));
        }
        if (url.length() >= Template.MAX_URL) {
            return new Rendered.Refused("the url is too long");
        }
        if (!template.url().hasPathOf(url)) {
            return new Rendered.Refused("a value in the path of the url is empty");
        }
        URI uri = uri(url);
        return uri == null
                ? new Rendered.Refused("the url is malformed")
                : new Rendered.Request(
                        new HttpRequest(template.method(), uri, headers, sent, template.timeout(), template.retries()),
                        List.copyOf(unresolved));
    }

    /** The text without the secrets that were put into the request. */
    String withoutSecrets(String text) {
        String without = text;
        for (String secret : used) {
            without = secret.length() < MIN_REDACTED ? without : without.replace(secret, "***");
        }
        return without;
    }

    private static @Nullable URI uri(String url) {
        try {
            return new URI(url);
        } catch (URISyntaxException e) {
            return null; // its message quotes the url
        }
    }

    private String body(BodyTemplate body) {
        return switch (body) {
            case BodyTemplate.Text(SecretTemplate text, boolean form) ->
                text(text, form ? PercentEncoding::encode : UnaryOperator.identity());
            case BodyTemplate.Json(Part root) -> json(root).toString();
        };
    }

    private JsonNode json(Part part) {
        return switch (part) {
            case Part.Fixed(JsonNode value) -> value;
            case Part.Text(SecretTemplate text) -> JSON.stringNode(text(text, UnaryOperator.identity()));
            case Part.Value(String name) -> value(name);
            case Part.Elements(List<Part> parts) -> {
                ArrayNode elements = JSON.arrayNode();
                parts.forEach(element -> elements.add(json(element)));
                yield elements;
            }
            case Part.Members(Map<String, Part> byName) -> {
                ObjectNode members = JSON.objectNode();
                byName.forEach((name, member) -> members.set(name, json(member)));
                yield members;
            }
        };
    }

    private JsonNode value(String name) {
        return switch (variables.get(name)) {
            case JsonNode node -> node;
            case Boolean flag -> JSON.booleanNode(flag);
            case Long number -> JSON.numberNode(number);
            case Double number -> JSON.numberNode(number);
            case null -> {
                unresolved.add(name);
                yield JSON.nullNode();
            }
            case Object other -> JSON.stringNode(other.toString());
        };
    }

    private String text(SecretTemplate template, UnaryOperator<String> escape) {
        StringBuilder text = new StringBuilder();
        for (SecretTemplate.Part part : template.parts()) {
            switch (part) {
                case SecretTemplate.Part.Text(Template values) -> text.append(render(values));
                case SecretTemplate.Part.Secret(String name) -> text.append(escape.apply(secret(name)));
            }
        }
        return text.toString();
    }

    private String render(Template template) {
        Template.Rendered rendered = template.render(values);
        unresolved.addAll(rendered.unresolved());
        return rendered.text();
    }

    private String secret(String name) {
        String secret = secrets.find(name).orElse("");
        if (secret.isEmpty()) {
            unknown.add(name);
        } else {
            used.add(secret);
        }
        return secret;
    }
}
