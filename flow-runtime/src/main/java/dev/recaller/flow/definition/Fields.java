package dev.recaller.flow.definition;

import dev.recaller.flow.expression.Expression;
import dev.recaller.flow.expression.JsonValues;
import dev.recaller.flow.expression.Suggestion;
import dev.recaller.flow.expression.Template;
import dev.recaller.flow.expression.VariableType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * One object of the document. Reading never fails: what is missing or wrong becomes a complaint and a harmless value, so
 * that reading goes on to the next mistake. What nobody asked for is unknown ({@link #refuseOthers}).
 */
final class Fields {

    private static final Pattern ANYTHING = Pattern.compile("(?s).*\\S.*");

    private final ObjectNode object;
    private final String pointer;
    private final Reading reading;
    private final Set<String> known = new LinkedHashSet<>();
    private final List<Fields> children = new ArrayList<>();

    Fields(JsonNode node, String pointer, Reading reading) {
        this.pointer = pointer;
        this.reading = reading;
        this.object = node instanceof ObjectNode it ? it : JsonNodeFactory.instance.objectNode();
        if (!node.isObject()) {
            reading.complain(pointer, "must be an object, is " + kind(node), null);
        }
    }

    Reading reading() {
        return reading;
    }

    String pointer() {
        return pointer;
    }

    String pointer(String name) {
        return pointer + "/" + name.replace("~", "~0").replace("/", "~1");
    }

    /** Of what is called {@code name} in the object {@code object} of this one. */
    String pointer(String object, String name) {
        return pointer(object) + pointer(name).substring(pointer.length());
    }

    void complain(String name, String message, @Nullable String hint) {
        reading.complain(pointer(name), message, hint);
    }

    /** What was asked for so far. */
    Set<String> known() {
        return Collections.unmodifiableSet(known);
    }

    /** Complains of every field nobody asked for, here and below. */
    void refuseOthers() {
        object.propertyNames().stream()
                .filter(name -> !known.contains(name))
                .forEach(name -> complain(name, "unknown field", Suggestion.of(name, known)));
        children.forEach(Fields::refuseOthers);
    }

    String text(String name) {
        return text(name, ANYTHING, "a text that is not blank");
    }

    /** A required text; {@code wanted} says in words what the pattern asks. */
    String text(String name, Pattern pattern, String wanted) {
        JsonNode node = required(name, wanted);
        if (node == null) {
            return "";
        }
        if (!node.isString() || !pattern.matcher(node.stringValue()).matches()) {
            complain(name, "must be " + wanted + ", is " + kind(node), null);
            return node.isString() ? node.stringValue() : "";
        }
        return node.stringValue();
    }

    String text(String name, String otherwise) {
        String text = optionalText(name);
        return text == null ? otherwise : text;
    }

    @Nullable
    String optionalText(String name) {
        return absent(name) ? null : text(name);
    }

    /** A text of a closed list, {@code otherwise} when it is absent. */
    String oneOf(String name, List<String> allowed, String otherwise) {
        return absent(name) ? otherwise : oneOf(name, allowed);
    }

    /** A required text of a closed list; the first when it is wrong. */
    String oneOf(String name, List<String> allowed) {
        JsonNode node = required(name, "one of " + String.join(", ", allowed));
        if (node == null) {
            return allowed.getFirst();
        }
        if (!node.isString() || !allowed.contains(node.stringValue())) {
            complain(
                    name,
                    "must be one of " + String.join(", ", allowed) + ", is " + kind(node),
                    node.isString() ? Suggestion.of(node.stringValue(), allowed) : null);
            return allowed.getFirst();
        }
        return node.stringValue();
    }

    /** A list of texts; where an element is none, the empty text keeps its place. */
    List<String> texts(String name) {
        List<String> texts = new ArrayList<>();
        List<JsonNode> elements = array(name);
        for (int i = 0; i < elements.size(); i++) {
            JsonNode element = elements.get(i);
            if (element.isString() && !element.stringValue().isBlank()) {
                texts.add(element.stringValue());
            } else {
                texts.add("");
                reading.complain(
                        pointer(name) + "/" + i, "must be a text that is not blank, is " + kind(element), null);
            }
        }
        return texts;
    }

    /** A list of texts of a closed list. */
    List<String> textsOf(String name, List<String> allowed) {
        List<String> texts = texts(name);
        for (int i = 0; i < texts.size(); i++) {
            String text = texts.get(i);
            if (!text.isEmpty() && !allowed.contains(text)) {
                reading.complain(
                        pointer(name) + "/" + i,
                        "must be one of " + String.join(", ", allowed) + ", is \"" + text + "\"",
                        Suggestion.of(text, allowed));
            }
        }
        return texts;
    }

    /** A list whose elements are texts or objects. */
    <T> List<List<T>> elements(String name, Function<String, T> ofText, Function<Fields, List<T>> ofObject) {
        List<List<T>> read = new ArrayList<>();
        List<JsonNode> elements = array(name);
        for (int i = 0; i < elements.size(); i++) {
            JsonNode element = elements.get(i);
            read.add(
                    element.isString()
                            ? List.of(ofText.apply(element.stringValue()))
                            : ofObject.apply(child(element, pointer(name) + "/" + i)));
        }
        return read;
    }

    /** In the document's order. */
    Set<String> names() {
        return Collections.unmodifiableSet(new LinkedHashSet<>(object.propertyNames()));
    }

    /** Takes a field, unread. */
    void ignore(String name) {
        known.add(name);
    }

    boolean flag(String name, boolean otherwise) {
        Boolean flag = optionalFlag(name);
        return flag == null ? otherwise : flag;
    }

    @Nullable
    Boolean optionalFlag(String name) {
        if (absent(name)) {
            return null;
        }
        JsonNode node = object.get(name);
        if (!node.isBoolean()) {
            complain(name, "must be true or false, is " + kind(node), null);
            return null;
        }
        return node.booleanValue();
    }

    int number(String name, int min, int max, int otherwise) {
        Integer number = optionalNumber(name, min, max);
        return number == null ? otherwise : number;
    }

    int requiredNumber(String name, int min, int max) {
        return required(name, range(min, max)) == null ? min : number(name, min, max, min);
    }

    @Nullable
    Integer optionalNumber(String name, int min, int max) {
        if (absent(name)) {
            return null;
        }
        JsonNode node = object.get(name);
        if (!node.isIntegralNumber() || !node.canConvertToInt() || node.intValue() < min || node.intValue() > max) {
            complain(name, "must be " + range(min, max) + ", is " + kind(node), null);
            return null;
        }
        return node.intValue();
    }

    /** A value of a variable's type. */
    @Nullable
    Object optionalValue(String name, VariableType type) {
        if (absent(name)) {
            return null;
        }
        JsonNode node = object.get(name);
        Object value = JsonValues.of(node, type).orElse(null);
        if (value == null) {
            complain(
                    name,
                    type == VariableType.RECOLLECTION
                            ? "a recollection has no default"
                            : "must be of type " + type.label() + ", is " + kind(node),
                    type == VariableType.RECOLLECTION ? "memory_recall makes one" : null);
        }
        return value;
    }

    Template speech(String name) {
        String text = text(name);
        return text.isEmpty() ? Template.EMPTY : reading.speech(pointer(name), text);
    }

    @Nullable
    Template optionalSpeech(String name) {
        return absent(name) ? null : speech(name);
    }

    Template prompt(String name) {
        String text = text(name);
        return text.isEmpty() ? Template.EMPTY : reading.prompt(pointer(name), text);
    }

    @Nullable
    Expression optionalCondition(String name) {
        String source = optionalText(name);
        return source == null || source.isEmpty() ? null : reading.condition(pointer(name), source);
    }

    /** Name to expression; the name's declared type decides the expression's. */
    Map<String, Expression> values(String name) {
        Fields values = requiredObject(name);
        Map<String, Expression> expressions = new LinkedHashMap<>();
        for (String variable : values.object.propertyNames()) {
            String source = values.text(variable);
            VariableType type = reading.scope.variables().get(variable);
            if (type == null) {
                values.complain(
                        variable,
                        "no variable is called '" + variable + "'",
                        Suggestion.of(variable, reading.scope.variables().keySet()));
            } else if (!source.isEmpty()) {
                Expression expression = reading.value(values.pointer(variable), source, type);
                if (expression != null) {
                    expressions.put(variable, expression);
                }
            }
        }
        return Collections.unmodifiableMap(expressions);
    }

    @Nullable
    Template optionalPrompt(String name) {
        return absent(name) ? null : prompt(name);
    }

    boolean has(String name) {
        return object.has(name);
    }

    /** Variable of this flow to text, at least one. */
    Map<String, String> declared(String name) {
        Fields texts = requiredObject(name);
        Map<String, String> byVariable = new LinkedHashMap<>();
        for (String variable : texts.object.propertyNames()) {
            refuseUndeclared(texts, variable, variable);
            byVariable.put(variable, texts.text(variable));
        }
        return Collections.unmodifiableMap(byVariable);
    }

    /** Name to variable of this flow, which is read. */
    Map<String, String> namedVariables(String name) {
        Fields texts = object(name);
        Map<String, String> byName = new LinkedHashMap<>();
        for (String key : texts.object.propertyNames()) {
            String variable = texts.text(key);
            refuseUndeclared(texts, key, variable);
            reading.uses.add(new Reading.Use(texts.pointer(key), Set.of(variable)));
            byName.put(key, variable);
        }
        return Collections.unmodifiableMap(byName);
    }

    private void refuseUndeclared(Fields at, String key, String variable) {
        Set<String> known = reading.scope.variables().keySet();
        if (!variable.isEmpty() && !known.contains(variable)) {
            at.complain(key, "no variable is called '" + variable + "'", Suggestion.of(variable, known));
        }
    }

    /** Name to text, in the document's order. */
    Map<String, String> textsByName(String name, Pattern names, String wanted) {
        Fields texts = object(name);
        Map<String, String> byName = new LinkedHashMap<>();
        for (String key : texts.object.propertyNames()) {
            if (!names.matcher(key).matches()) {
                texts.complain(key, "the name must be " + wanted, null);
            }
            byName.put(key, texts.text(key));
        }
        return Collections.unmodifiableMap(byName);
    }

    /** Name to template, in the document's order. */
    Map<String, Template> speechByName(String name, Pattern names, String wanted) {
        Fields texts = object(name);
        Map<String, Template> byName = new LinkedHashMap<>();
        for (String key : texts.object.propertyNames()) {
            if (!names.matcher(key).matches()) {
                texts.complain(key, "the name must be " + wanted, null);
            }
            byName.put(key, texts.speech(key));
        }
        return Collections.unmodifiableMap(byName);
    }

    /** Name to what {@code read} makes of the object under it. */
    <T> Map<String, T> objectsByName(String name, BiFunction<String, Fields, T> read) {
        Fields objects = object(name);
        Map<String, T> byName = new LinkedHashMap<>();
        for (String key : objects.object.propertyNames()) {
            byName.put(key, read.apply(key, objects.object(key)));
        }
        return Collections.unmodifiableMap(byName);
    }

    /** The object of this name, empty when absent. */
    Fields object(String name) {
        JsonNode node = absent(name) ? JsonNodeFactory.instance.objectNode() : object.get(name);
        return child(node, pointer(name));
    }

    Fields requiredObject(String name) {
        required(name, "an object");
        return object(name);
    }

    List<Fields> objects(String name) {
        List<Fields> objects = new ArrayList<>();
        List<JsonNode> elements = array(name);
        for (int i = 0; i < elements.size(); i++) {
            objects.add(child(elements.get(i), pointer(name) + "/" + i));
        }
        return objects;
    }

    /** An object as JSON text, unread. */
    String json(String name) {
        JsonNode node = required(name, "an object");
        if (node != null && !node.isObject()) {
            complain(name, "must be an object, is " + kind(node), null);
        }
        return node == null ? "{}" : node.toString();
    }

    /** Whatever stands there, unread; null when nothing does. */
    @Nullable
    JsonNode optionalJson(String name) {
        return absent(name) ? null : object.get(name);
    }

    /** The text of this name without asking for it; empty when there is none. */
    String peek(String name) {
        JsonNode node = object.get(name);
        return node != null && node.isString() ? node.stringValue() : "";
    }

    /** Takes every field, unread. */
    void allowAll() {
        known.addAll(object.propertyNames());
    }

    private Fields child(JsonNode node, String at) {
        Fields child = new Fields(node, at, reading);
        children.add(child);
        return child;
    }

    private List<JsonNode> array(String name) {
        if (absent(name)) {
            return List.of();
        }
        JsonNode node = object.get(name);
        if (!node.isArray()) {
            complain(name, "must be a list, is " + kind(node), null);
            return List.of();
        }
        return List.copyOf(node.values());
    }

    private boolean absent(String name) {
        known.add(name);
        return !object.has(name);
    }

    private @Nullable JsonNode required(String name, String wanted) {
        if (absent(name)) {
            complain(name, "is missing: " + wanted, null);
            return null;
        }
        return object.get(name);
    }

    private static String range(int min, int max) {
        return "a whole number from " + min + " to " + max;
    }

    static String kind(JsonNode node) {
        if (node.isContainer()) {
            return node.isObject() ? "an object" : "a list";
        }
        String text = node.isMissingNode() ? "empty" : node.toString();
        return text.length() <= 60 ? text : text.substring(0, 60) + "...";
    }
}
