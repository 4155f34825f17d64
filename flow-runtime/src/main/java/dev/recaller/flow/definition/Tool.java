package dev.recaller.flow.definition;

import dev.recaller.flow.expression.Scope;
import dev.recaller.flow.expression.Values;
import dev.recaller.flow.expression.VariableType;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A declared tool: a request a model may have sent, with its arguments in it.
 *
 * @param description what the model reads
 */
public record Tool(String description, RequestTemplate request, ToolParameters parameters) {

    /** Tools every flow has. */
    public static final String END_CALL = "end_call";

    public static final String TRANSFER = "transfer";
    public static final String RECALL = "recall";
    public static final String REMEMBER = "remember";

    public static final Set<String> BUILT_IN = Set.of(END_CALL, TRANSFER, RECALL, REMEMBER);

    /** Reads a tool of a flow whose variables are known. A parameter hides the variable of its name. */
    static Tool read(Fields fields) {
        Reading reading = fields.reading();
        fields.oneOf("type", List.of("http"));
        String description = fields.text("description");
        ToolParameters parameters = ToolParameters.read(fields, "parameters");
        Stream.concat(parameters.types().keySet().stream(), parameters.structures().stream())
                .filter(Values.CONTEXT_NAMES::contains)
                .sorted()
                .forEach(name -> reading.complain(
                        fields.pointer("parameters") + "/properties/" + name,
                        "the name '" + name + "' is taken",
                        "choose another name"));
        Map<String, VariableType> names = new HashMap<>(reading.scope.variables());
        names.keySet().removeAll(parameters.structures());
        names.putAll(parameters.types());
        Scope scope = new Scope(names);
        RequestTemplate request =
                new RequestReader(fields, reading, scope, parameters.types().keySet(), parameters.structures()).read();
        return new Tool(description, request, parameters);
    }
}
