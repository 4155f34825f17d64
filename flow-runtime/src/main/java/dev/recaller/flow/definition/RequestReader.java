package dev.recaller.flow.definition;

import dev.recaller.flow.expression.Scope;
import dev.recaller.flow.expression.Template;
import dev.recaller.flow.expression.VariableType;
import dev.recaller.flow.http.HttpRequest;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Reads the fields of a request: method, url, headers, body, timeoutMs, retries, idempotencyKey. */
final class RequestReader {

    private static final List<String> METHODS = List.of("GET", "POST", "PUT", "PATCH", "DELETE");
    private static final Pattern URL = Pattern.compile("(?s)https?://([^/?#]*)(.*)");
    private static final Pattern PLACEHOLDER = Pattern.compile("\\{\\{.*?}}|" + SecretTemplate.SECRET.pattern());
    private static final Pattern ALONE = Pattern.compile("\\{\\{\\s*([A-Za-z][A-Za-z0-9_]*)\\s*}}");
    private static final Pattern HEADER = Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`|~-]+");

    /** Those the client makes itself: another value would change where a request ends or goes. */
    private static final Set<String> OWN_HEADERS = Set.of(
            "connection",
            "content-length",
            "expect",
            "host",
            "http2-settings",
            "keep-alive",
            "proxy-authorization",
            "proxy-connection",
            "te",
            "trailer",
            "transfer-encoding",
            "upgrade");

    private static final UrlTemplate NO_URL = new UrlTemplate(new SecretTemplate(List.of()), "");

    private final Fields fields;
    private final Reading reading;
    private final Scope scope;
    private final Set<String> given;
    private final Set<String> structures;

    /**
     * @param scope what templates may name
     * @param given names of the scope that have a value without a variable of the flow
     * @param structures further names that stand for lists or objects
     */
    RequestReader(Fields fields, Reading reading, Scope scope, Set<String> given, Set<String> structures) {
        this.fields = fields;
        this.reading = reading;
        this.scope = scope;
        this.given = given;
        this.structures = structures;
    }

    RequestTemplate read() {
        String method = fields.oneOf("method", METHODS);
        UrlTemplate url = url();
        Map<String, String> headerTexts = fields.textsByName("headers", HEADER, "a header's: letters, digits, - and _");
        Map<String, SecretTemplate> headers = headers(headerTexts);
        return new RequestTemplate(
                method,
                url,
                headers,
                body(method, contentType(headerTexts)),
                Duration.ofMillis(fields.number("timeoutMs", 100, 30_000, 5_000)),
                fields.number("retries", 0, 3, 1),
                keyed(method));
    }

    private boolean keyed(String method) {
        boolean keyed = fields.flag("idempotencyKey", false);
        if (keyed && HttpRequest.isIdempotent(method) && fields.peek("method").equals(method)) {
            fields.complain("idempotencyKey", method + " needs no key: it may be repeated as it is", "leave it out");
        }
        return keyed;
    }

    private UrlTemplate url() {
        String source = fields.text("url");
        if (source.isEmpty()) {
            return NO_URL;
        }
        Matcher url = URL.matcher(source);
        if (!url.matches()) {
            fields.complain(
                    "url",
                    "must begin with https:// or http:// and a host",
                    "scheme, host and port are literal, only what follows may have values");
            return NO_URL;
        }
        if (url.group(1).contains("{") || url.group(1).contains("$")) {
            fields.complain("url", "no value or secret may stand in the host or port", "write the host out");
            return NO_URL;
        }
        int before = reading.complaints.size();
        SecretTemplate text = secret(source, fields.pointer("url"), scope::url);
        if (reading.complaints.size() > before) {
            return NO_URL;
        }
        String sample = PLACEHOLDER.matcher(source).replaceAll("x");
        String mistake = mistake(sample);
        if (mistake != null) {
            fields.complain("url", mistake, null);
            return NO_URL;
        }
        return new UrlTemplate(text, sample);
    }

    private static @Nullable String mistake(String sample) {
        try {
            URI uri = new URI(sample);
            if (uri.getHost() == null || uri.getPort() > 65_535) {
                return "has no valid host and port";
            }
            if (uri.getUserInfo() != null) {
                return "user and password do not belong into a url: send a header with a secret";
            }
            if (uri.getFragment() != null) {
                return "what follows # is never sent";
            }
            return uri.getRawPath().equals(uri.normalize().getRawPath())
                    ? null
                    : "the path must be in its simplest form, without '.', '..' and '//'";
        } catch (URISyntaxException e) {
            return "is no url: " + e.getReason() + " at character " + (e.getIndex() + 1);
        }
    }

    private Map<String, SecretTemplate> headers(Map<String, String> texts) {
        Map<String, SecretTemplate> headers = new LinkedHashMap<>();
        Map<String, String> seen = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        texts.forEach((name, text) -> {
            String pointer =
                    fields.pointer("headers") + "/" + name.replace("~", "~0").replace("/", "~1");
            if (OWN_HEADERS.contains(name.toLowerCase(Locale.ROOT))) {
                reading.complain(pointer, "the header '" + name + "' is made by the client itself", "leave it out");
            }
            if (seen.put(name, name) != null) {
                reading.complain(pointer, "the header '" + name + "' stands there twice", null);
            }
            if (!text.chars().allMatch(character -> character >= 0x20 && character <= 0x7e)) {
                reading.complain(pointer, "a header has printable ASCII only", null);
            }
            headers.put(name, secret(text, pointer, scope::header));
        });
        return Collections.unmodifiableMap(headers);
    }

    private static String contentType(Map<String, String> headers) {
        return headers.entrySet().stream()
                .filter(header -> header.getKey().equalsIgnoreCase("content-type"))
                .map(header -> header.getValue().toLowerCase(Locale.ROOT))
                .findFirst()
                .orElse("");
    }

    private @Nullable BodyTemplate body(String method, String contentType) {
        JsonNode body = fields.optionalJson("body");
        if (body == null) {
            return null;
        }
        if (method.equals("GET") && fields.peek("method").equals("GET")) {
            fields.complain("body", "GET takes no body", "put it into the url, or use POST");
        }
        String pointer = fields.pointer("body");
        if (body.isContainer()) {
            return new BodyTemplate.Json(part(body, pointer));
        }
        if (!body.isString()) {
            fields.complain("body", "must be an object, a list or a text, is " + Fields.kind(body), null);
            return null;
        }
        if (contentType.contains("json")) {
            fields.complain("body", "JSON in a text is broken by the first quotation mark", "write it as an object");
        }
        boolean form = contentType.startsWith("application/x-www-form-urlencoded");
        return new BodyTemplate.Text(secret(body.stringValue(), pointer, form ? scope::url : scope::text), form);
    }

    private BodyTemplate.Part part(JsonNode node, String pointer) {
        if (node.isObject()) {
            Map<String, BodyTemplate.Part> members = new LinkedHashMap<>();
            node.forEachEntry((name, value) -> {
                String at = pointer + "/" + name.replace("~", "~0").replace("/", "~1");
                if (name.contains("{{") || name.contains("${")) {
                    reading.complain(at, "a name in the body must be literal", null);
                }
                members.put(name, part(value, at));
            });
            return new BodyTemplate.Part.Members(Collections.unmodifiableMap(members));
        }
        if (node.isArray()) {
            List<BodyTemplate.Part> parts = new ArrayList<>();
            for (int i = 0; i < node.size(); i++) {
                parts.add(part(node.get(i), pointer + "/" + i));
            }
            return new BodyTemplate.Part.Elements(List.copyOf(parts));
        }
        return node.isString() ? leaf(node.stringValue(), pointer) : new BodyTemplate.Part.Fixed(node);
    }

    private BodyTemplate.Part leaf(String source, String pointer) {
        Matcher alone = ALONE.matcher(source);
        if (alone.matches() && keepsItsType(alone.group(1))) {
            use(pointer, Set.of(alone.group(1)));
            return new BodyTemplate.Part.Value(alone.group(1));
        }
        return new BodyTemplate.Part.Text(secret(source, pointer, scope::text));
    }

    private boolean keepsItsType(String name) {
        VariableType type = scope.variables().get(name);
        return structures.contains(name)
                || type == VariableType.BOOLEAN
                || type == VariableType.INTEGER
                || type == VariableType.NUMBER;
    }

    private SecretTemplate secret(String source, String pointer, Function<String, Template> mode) {
        return SecretTemplate.read(source, pointer, reading, text -> {
            Template template = reading.compile(pointer, () -> mode.apply(text));
            use(pointer, template.names());
            return template;
        });
    }

    private void use(String pointer, Set<String> names) {
        Set<String> ofFlow = new HashSet<>(names);
        ofFlow.removeAll(given);
        ofFlow.removeAll(structures);
        reading.uses.add(new Reading.Use(pointer, ofFlow));
    }
}
