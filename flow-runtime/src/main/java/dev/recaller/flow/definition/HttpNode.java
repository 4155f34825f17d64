package dev.recaller.flow.definition;

import dev.recaller.flow.expression.VariableType;
import dev.recaller.flow.http.HttpRequest;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.core.JsonPointer;

/**
 * Sends a request.
 *
 * @param values variable to the place in the answer's JSON it takes its value from, when the answer is one of 200 to 299
 */
public record HttpNode(String id, RequestTemplate request, Map<String, JsonPointer> values) implements Node {

    @Override
    public String type() {
        return "http";
    }

    @Override
    public Set<String> ports() {
        return Set.of("ok", "client_error", "server_error", "timeout", "error");
    }

    @Override
    public Set<String> sets() {
        return values.keySet();
    }

    /** A request that may not be sent twice was perhaps answered already; one with a key is sent again with that key. */
    @Override
    public Optional<String> ifLost() {
        return request.isRepeatable() ? Optional.empty() : Optional.of("error");
    }

    @Override
    public boolean acts() {
        return !HttpRequest.isIdempotent(request.method());
    }

    static HttpNode read(String id, Fields fields) {
        Reading reading = fields.reading();
        RequestTemplate request = new RequestReader(fields, reading, reading.scope, Set.of(), Set.of()).read();
        return new HttpNode(id, request, values(fields, reading));
    }

    private static Map<String, JsonPointer> values(Fields fields, Reading reading) {
        Map<String, JsonPointer> pointers = new LinkedHashMap<>();
        Map<String, String> wanted = fields.optionalJson("values") == null
                ? Map.of()
                : fields.scoped().declared("values");
        wanted.forEach((variable, pointer) -> {
            String at = fields.pointer("values") + "/" + variable;
            if (reading.scope.variables().get(variable) == VariableType.RECOLLECTION) {
                reading.complain(at, "'" + variable + "' is a recollection", "only memory_recall makes one");
            }
            try {
                pointers.put(variable, JsonPointer.compile(pointer));
            } catch (IllegalArgumentException e) {
                reading.complain(at, "is no JSON pointer", "for example /customer/name");
            }
        });
        return Collections.unmodifiableMap(pointers);
    }
}
