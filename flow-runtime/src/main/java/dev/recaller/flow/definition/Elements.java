package dev.recaller.flow.definition;

import dev.recaller.flow.expression.Suggestion;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;

/** One list of the document; like {@link Fields}, reading it never fails. */
final class Elements {

    private final List<JsonNode> elements;
    private final String pointer;
    private final Fields owner;

    Elements(List<JsonNode> elements, String pointer, Fields owner) {
        this.elements = elements;
        this.pointer = pointer;
        this.owner = owner;
    }

    /** Where an element is no text, the empty one keeps its place. */
    List<String> texts() {
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < elements.size(); i++) {
            JsonNode element = elements.get(i);
            if (element.isString() && !element.stringValue().isBlank()) {
                texts.add(element.stringValue());
            } else {
                texts.add("");
                owner.reading()
                        .complain(pointer(i), "must be a text that is not blank, is " + Fields.kind(element), null);
            }
        }
        return texts;
    }

    /** Texts of a closed list. */
    List<String> textsOf(List<String> allowed) {
        List<String> texts = texts();
        for (int i = 0; i < texts.size(); i++) {
            String text = texts.get(i);
            if (!text.isEmpty() && !allowed.contains(text)) {
                owner.reading()
                        .complain(
                                pointer(i),
                                "must be one of " + String.join(", ", allowed) + ", is \"" + text + "\"",
                                Suggestion.of(text, allowed));
            }
        }
        return texts;
    }

    List<Fields> objects() {
        List<Fields> objects = new ArrayList<>();
        for (int i = 0; i < elements.size(); i++) {
            objects.add(owner.child(elements.get(i), pointer(i)));
        }
        return objects;
    }

    /** Of elements that are texts or objects. */
    <T> List<List<T>> each(Function<String, T> ofText, Function<Fields, List<T>> ofObject) {
        List<List<T>> read = new ArrayList<>();
        for (int i = 0; i < elements.size(); i++) {
            JsonNode element = elements.get(i);
            read.add(
                    element.isString()
                            ? List.of(ofText.apply(element.stringValue()))
                            : ofObject.apply(owner.child(element, pointer(i))));
        }
        return read;
    }

    private String pointer(int index) {
        return pointer + "/" + index;
    }
}
