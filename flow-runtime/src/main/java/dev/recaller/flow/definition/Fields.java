package dev.recaller.flow.definition;

import dev.recaller.flow.expression.Suggestion;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
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

    /** Those of its fields that name variables of the flow. */
    ScopedFields scoped() {
        return new ScopedFields(this);
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

    boolean has(String name) {
        return object.has(name);
    }

    /** Name to text, in the document's order. */
    Map<String, String> textsByName(String name, Pattern names, String wanted) {
        return byName(object(name), names, wanted, Fields::text);
    }

    /** Name to what {@code read} makes of the field of this name, in the document's order. */
    static <T> Map<String, T> byName(Fields object, Pattern names, String wanted, BiFunction<Fields, String, T> read) {
        Map<String, T> byName = new LinkedHashMap<>();
        for (String key : object.names()) {
            if (!names.matcher(key).matches()) {
                object.complain(key, "the name must be " + wanted, null);
            }
            byName.put(key, read.apply(object, key));
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

    /** The list of this name, empty when absent. */
    Elements list(String name) {
        if (absent(name)) {
            return new Elements(List.of(), pointer(name), this);
        }
        JsonNode node = object.get(name);
        if (!node.isArray()) {
            complain(name, "must be a list, is " + kind(node), null);
        }
        return new Elements(node.isArray() ? List.copyOf(node.values()) : List.of(), pointer(name), this);
    }

    /** What is below this object, so that its unknown fields are found with this one's. */
    Fields child(JsonNode node, String at) {
        Fields child = new Fields(node, at, reading);
        children.add(child);
        return child;
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
