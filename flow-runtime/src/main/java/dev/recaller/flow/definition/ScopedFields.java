package dev.recaller.flow.definition;

import dev.recaller.flow.expression.Expression;
import dev.recaller.flow.expression.JsonValues;
import dev.recaller.flow.expression.Suggestion;
import dev.recaller.flow.expression.Template;
import dev.recaller.flow.expression.VariableType;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The fields of one object that mean something only in their flow: templates, expressions, names and values of variables.
 * They are read once the flow's variables are known; like {@link Fields}, reading them never fails.
 */
final class ScopedFields {

    private final Fields fields;
    private final Reading reading;

    ScopedFields(Fields fields) {
        this.fields = fields;
        this.reading = fields.reading();
    }

    Template speech(String name) {
        return speech(name, fields.text(name));
    }

    @Nullable
    Template optionalSpeech(String name) {
        String text = fields.optionalText(name);
        return text == null ? null : speech(name, text);
    }

    private Template speech(String name, String text) {
        return text.isEmpty() ? Template.EMPTY : reading.speech(fields.pointer(name), text);
    }

    /** Name to template, in the document's order. */
    Map<String, Template> speechByName(String name, Pattern names, String wanted) {
        return Fields.byName(
                fields.object(name),
                names,
                wanted,
                (texts, key) -> texts.scoped().speech(key));
    }

    Template prompt(String name) {
        return prompt(name, fields.text(name));
    }

    @Nullable
    Template optionalPrompt(String name) {
        String text = fields.optionalText(name);
        return text == null ? null : prompt(name, text);
    }

    private Template prompt(String name, String text) {
        return text.isEmpty() ? Template.EMPTY : reading.prompt(fields.pointer(name), text);
    }

    @Nullable
    Expression optionalCondition(String name) {
        String source = fields.optionalText(name);
        return source == null || source.isEmpty() ? null : reading.condition(fields.pointer(name), source);
    }

    /** Variable to expression; the variable's type decides the expression's. */
    Map<String, Expression> values(String name) {
        Fields values = fields.requiredObject(name);
        Map<String, Expression> expressions = new LinkedHashMap<>();
        for (String variable : values.names()) {
            String source = values.text(variable);
            VariableType type = reading.scope.variables().get(variable);
            if (type == null) {
                complainUndeclared(values, variable, variable);
            } else if (!source.isEmpty()) {
                Expression expression = reading.value(values.pointer(variable), source, type);
                if (expression != null) {
                    expressions.put(variable, expression);
                }
            }
        }
        return Collections.unmodifiableMap(expressions);
    }

    /** Variable of this flow to text, at least one. */
    Map<String, String> declared(String name) {
        Fields texts = fields.requiredObject(name);
        Map<String, String> byVariable = new LinkedHashMap<>();
        for (String variable : texts.names()) {
            refuseUndeclared(texts, variable, variable);
            byVariable.put(variable, texts.text(variable));
        }
        return Collections.unmodifiableMap(byVariable);
    }

    /** Name to variable of this flow, which is read. */
    Map<String, String> namedVariables(String name) {
        Fields texts = fields.object(name);
        Map<String, String> byName = new LinkedHashMap<>();
        for (String key : texts.names()) {
            String variable = texts.text(key);
            refuseUndeclared(texts, key, variable);
            reading.uses.add(new Reading.Use(texts.pointer(key), Set.of(variable)));
            byName.put(key, variable);
        }
        return Collections.unmodifiableMap(byName);
    }

    /** A value of a variable's type. */
    @Nullable
    Object optionalValue(String name, VariableType type) {
        JsonNode node = fields.optionalJson(name);
        if (node == null) {
            return null;
        }
        Object value = JsonValues.of(node, type).orElse(null);
        if (value == null) {
            fields.complain(
                    name,
                    type == VariableType.RECOLLECTION
                            ? "a recollection has no default"
                            : "must be of type " + type.label() + ", is " + Fields.kind(node),
                    type == VariableType.RECOLLECTION ? "memory_recall makes one" : null);
        }
        return value;
    }

    private void refuseUndeclared(Fields at, String key, String variable) {
        if (!variable.isEmpty() && !reading.scope.variables().containsKey(variable)) {
            complainUndeclared(at, key, variable);
        }
    }

    private void complainUndeclared(Fields at, String key, String variable) {
        at.complain(
                key,
                "no variable is called '" + variable + "'",
                Suggestion.of(variable, reading.scope.variables().keySet()));
    }
}
