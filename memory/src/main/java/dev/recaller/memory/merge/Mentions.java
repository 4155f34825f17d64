package dev.recaller.memory.merge;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.recaller.sql.schema.enums.Assurance;
import dev.recaller.sql.schema.tables.records.EntitiesRecord;
import java.time.Instant;
import java.util.Objects;
import org.jooq.JSONB;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * What changes in a row of {@code entities} as its bearer is spoken of.
 *
 * @param introducedIn, retiredIn calls, of a caller's name
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record Mentions(
        @Nullable String role,
        @Nullable String introducedIn,
        @Nullable String retiredIn,
        long count,
        Instant first,
        Instant last,
        String minAssurance,
        @Nullable Instant expiresAt) {

    static final String CALLER = "caller";
    static final String FORMER_CALLER = "former_caller";

    private static final String INTRODUCED_IN = "introducedIn";
    private static final String RETIRED_IN = "retiredIn";
    private static final JsonMapper JSON = JsonMapper.builder().build();

    static Mentions of(EntitiesRecord row) {
        ObjectNode attributes = attributes(row);
        return new Mentions(
                row.getRole(),
                text(attributes, INTRODUCED_IN),
                text(attributes, RETIRED_IN),
                row.getMentionCount(),
                row.getFirstMentionedAt(),
                row.getLastMentionedAt(),
                row.getMinAssurance().getLiteral(),
                row.getExpiresAt());
    }

    /** These of one row and those of another that is the same, whose role counts when it was spoken of later. */
    Mentions and(Mentions other) {
        boolean othersRole = other.role != null && (role == null || other.last.isAfter(last));
        Mentions named = othersRole ? other : this;
        return new Mentions(
                named.role,
                named.introducedIn,
                named.retiredIn,
                count + other.count,
                first.isBefore(other.first) ? first : other.first,
                last.isAfter(other.last) ? last : other.last,
                Assurance.valueOf(minAssurance).compareTo(Assurance.valueOf(other.minAssurance)) <= 0
                        ? minAssurance
                        : other.minAssurance,
                later(expiresAt, other.expiresAt));
    }

    /** A name that is not the caller's any more, whatever a call that is looked at again says. */
    Mentions retired() {
        return new Mentions(FORMER_CALLER, introducedIn, null, count, first, last, minAssurance, expiresAt);
    }

    /** What {@code before} would be now, had it not become {@code after}: what changed since stands. */
    Mentions without(Mentions after, Mentions before) {
        boolean sameRole = Objects.equals(role, after.role)
                && Objects.equals(introducedIn, after.introducedIn)
                && Objects.equals(retiredIn, after.retiredIn);
        Mentions named = sameRole ? before : this;
        return new Mentions(
                named.role,
                named.introducedIn,
                named.retiredIn,
                Math.max(1, count - after.count + before.count),
                first.equals(after.first) ? before.first : first,
                last.equals(after.last) ? before.last : last,
                minAssurance.equals(after.minAssurance) ? before.minAssurance : minAssurance,
                Objects.equals(expiresAt, after.expiresAt) ? before.expiresAt : expiresAt);
    }

    /** What was said since {@code made}, which is taken away. */
    Mentions since(Mentions made, Instant at) {
        return new Mentions(
                role,
                introducedIn,
                retiredIn,
                Math.max(1, count - made.count),
                at.isBefore(last) ? at : last,
                last,
                minAssurance,
                expiresAt);
    }

    boolean isCallersName() {
        return CALLER.equals(role);
    }

    void writeTo(EntitiesRecord row) {
        ObjectNode attributes = attributes(row);
        set(attributes, INTRODUCED_IN, introducedIn);
        set(attributes, RETIRED_IN, retiredIn);
        row.setRole(role);
        row.setAttributes(JSONB.valueOf(JSON.writeValueAsString(attributes)));
        row.setMentionCount(count);
        row.setFirstMentionedAt(first);
        row.setLastMentionedAt(last);
        row.setMinAssurance(Assurance.valueOf(minAssurance));
        row.setExpiresAt(expiresAt);
    }

    /** As PostgreSQL's {@code greatest}: the one there is, where the other has none. */
    static @Nullable Instant later(@Nullable Instant one, @Nullable Instant other) {
        if (one == null || other == null) {
            return one == null ? other : one;
        }
        return one.isAfter(other) ? one : other;
    }

    private static ObjectNode attributes(EntitiesRecord row) {
        return (ObjectNode) JSON.readTree(row.getAttributes().data());
    }

    private static @Nullable String text(ObjectNode attributes, String field) {
        return attributes.hasNonNull(field) ? attributes.get(field).asString() : null;
    }

    private static void set(ObjectNode attributes, String field, @Nullable String value) {
        if (value == null) {
            attributes.remove(field);
        } else {
            attributes.put(field, value);
        }
    }
}
