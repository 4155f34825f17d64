package dev.recaller.worker.control;

import com.google.rpc.BadRequest.FieldViolation;
import dev.recaller.worker.caller.CallerId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Reads the fields of a request, and finds everything that is wrong with them before it answers. For one request. */
final class Mistakes {

    private static final UUID NONE = new UUID(0, 0);

    private final List<FieldViolation> found = new ArrayList<>();

    void add(String field, String description) {
        found.add(FieldViolation.newBuilder()
                .setField(field)
                .setDescription(description)
                .build());
    }

    /** Of 1 to so many characters, none of them a control character but line breaks and tabs. */
    String text(String field, String value, int most) {
        return value.isBlank() ? missing(field) : characters(field, value, most, true);
    }

    /** On one line, of 1 to so many characters. */
    String name(String field, String value, int most) {
        return value.isBlank() ? missing(field) : characters(field, value, most, false);
    }

    /** On one line, of up to so many characters; may be empty. */
    String optional(String field, String value, int most) {
        return characters(field, value, most, false);
    }

    private String characters(String field, String value, int most, boolean lines) {
        if (value.length() > most) {
            add(field, "has more than " + most + " characters");
        } else if (value.chars()
                .anyMatch(it -> Character.isISOControl(it) && !(lines && (it == '\n' || it == '\r' || it == '\t')))) {
            add(field, "has a control character");
        }
        return value;
    }

    UUID id(String field, String value) {
        try {
            UUID id = UUID.fromString(value);
            if (id.toString().equalsIgnoreCase(value)) {
                return id;
            }
        } catch (IllegalArgumentException e) {
            // told below
        }
        add(field, value.isEmpty() ? "is missing" : "is no UUID");
        return NONE;
    }

    int number(String field, int value, int least, int most) {
        if (value < least || value > most) {
            add(field, "is not " + least + " to " + most);
        }
        return value;
    }

    /** A telephone number in E.164; null where there is none. */
    @Nullable
    String phoneNumber(String field, String value) {
        if (value.isEmpty()) {
            return null;
        }
        String number = value.startsWith("+") ? CallerId.of(value, "ZZ").phoneNumber() : null;
        if (number == null) {
            add(field, "is no international number like +1234567890");
        }
        return number;
    }

    /** Names and values for a flow. */
    Map<String, String> map(String field, Map<String, String> values, int most) {
        if (values.size() > 100) {
            add(field, "has more than 100 entries");
        }
        values.forEach((name, value) -> {
            if (name.isBlank()) {
                add(field, "has an empty name");
            }
            optional(field, name, 100);
            characters(field + "." + (name.length() > 100 ? "" : name), value, most, true);
        });
        return values;
    }

    /** Ends the request if anything was wrong with it. */
    void check() {
        if (!found.isEmpty()) {
            throw Failures.invalid("REQUEST_INVALID", found);
        }
    }

    /** Empty stands for absent. */
    static Optional<String> given(String value) {
        return value.isEmpty() ? Optional.empty() : Optional.of(value);
    }

    private String missing(String field) {
        add(field, "is missing");
        return "";
    }
}
