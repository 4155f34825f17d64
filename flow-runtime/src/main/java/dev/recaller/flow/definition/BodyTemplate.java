package dev.recaller.flow.definition;

import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** What a request sends. */
public sealed interface BodyTemplate {

    /** The {@code Content-Type} when no header names one. */
    String contentType();

    /** A text, or a form: what is put into a form is percent-encoded. */
    record Text(SecretTemplate text, boolean form) implements BodyTemplate {
        @Override
        public String contentType() {
            return "text/plain; charset=utf-8";
        }
    }

    /** Rendered leaf by leaf and then written as JSON: no value can be more than a value. */
    record Json(Part root) implements BodyTemplate {
        @Override
        public String contentType() {
            return "application/json";
        }
    }

    /** A place in a JSON body. */
    sealed interface Part {
        record Members(Map<String, Part> byName) implements Part {}

        record Elements(List<Part> parts) implements Part {}

        record Fixed(JsonNode value) implements Part {}

        record Text(SecretTemplate text) implements Part {}

        /** A leaf that is <code>{{name}}</code> alone, of a value that is no text: the value itself, null when there is none. */
        record Value(String name) implements Part {}
    }
}
