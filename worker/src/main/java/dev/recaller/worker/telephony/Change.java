package dev.recaller.worker.telephony;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What set-up did, or would do, to one thing at LiveKit.
 *
 * @param what for people: {@code inbound trunk}
 * @param id LiveKit's; empty for what would be made
 * @param differences of an update, one a field, without secrets
 */
public record Change(Kind kind, String what, String id, String name, List<String> differences) {

    public enum Kind {
        CREATED,
        UPDATED,
        UNCHANGED
    }

    public Change {
        differences = List.copyOf(differences);
    }

    /** Collects what differs. */
    static final class Differences {
        private final List<String> found = new ArrayList<>();

        Differences compare(String field, Object before, Object after) {
            if (!before.equals(after)) {
                found.add(field + ": " + shown(before) + " -> " + shown(after));
            }
            return this;
        }

        /** Tells that it differs, and not how. */
        Differences compareSecretly(String field, Object before, Object after) {
            if (!before.equals(after)) {
                found.add(field + ": changed");
            }
            return this;
        }

        List<String> found() {
            return found;
        }

        private static String shown(Object value) {
            return switch (value) {
                case Map<?, ?> map -> new TreeMap<>(map).toString();
                case String text -> '"' + text + '"';
                default -> value.toString();
            };
        }
    }
}
