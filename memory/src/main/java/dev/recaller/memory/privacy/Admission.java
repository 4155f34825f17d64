package dev.recaller.memory.privacy;

import dev.recaller.memory.IdentityHash;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jooq.DSLContext;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Whether an organization can take in a caller. */
final class Admission {

    /** The answer. */
    sealed interface Answer {}

    /** Nothing of the caller is there. */
    record Absent() implements Answer {}

    /** The caller is there just as in the document. */
    record Same() implements Answer {}

    record Refused(Problem problem) implements Answer {}

    /** Times at which something was said or learnt; of a call, its end: an erased caller may speak on. */
    private static final List<String> SAID = List.of("saidAt", "firstMentionedAt", "validFrom");

    private final IdentityHash hash;
    private final DocumentStore documents;

    Admission(IdentityHash hash, DocumentStore documents) {
        this.hash = hash;
        this.documents = documents;
    }

    Answer of(DSLContext tx, String organizationId, JsonNode content, long line) {
        Instant erasedAt = erasedAt(tx, organizationId, content);
        if (erasedAt != null && said(content).anyMatch(at -> !at.isAfter(erasedAt))) {
            return refused(
                    line,
                    "",
                    "this caller was erased at " + erasedAt + ", and something in the document is older",
                    "leave it: what was said before an erasure never comes back");
        }
        DocumentStore.Parts present = documents.read(tx, root(content));
        if (present != null) {
            List<String> different = Section.CONTENT.stream()
                    .map(Section::field)
                    .filter(field ->
                            !Canonical.text(present.content().get(field)).equals(Canonical.text(content.get(field))))
                    .toList();
            return different.isEmpty()
                    ? new Same()
                    : refused(
                            line,
                            "/content",
                            "memory " + root(content) + " is here in another state: " + String.join(", ", different)
                                    + " differ",
                            "erase it first if the document is to replace it");
        }
        for (Section section : Section.CONTENT) {
            List<UUID> taken = documents.present(tx, section, content);
            if (!taken.isEmpty()) {
                return refused(
                        line,
                        "/content/" + section.field(),
                        taken.size() + " of these are here in another memory: " + first(taken),
                        "it was probably merged: undo the merge first");
            }
        }
        List<UUID> same = documents.sameIdentity(tx, content);
        if (!same.isEmpty()) {
            return refused(
                    line,
                    "/content/memories",
                    "the same caller is here as memory " + first(same),
                    "erase that one first, or keep it");
        }
        return documents.hasTurns(tx, content)
                ? refused(line, "/content/chunks", "turns of its calls are here in another memory", "keep that one")
                : new Absent();
    }

    /** The one memory that was merged into no other. */
    static UUID root(JsonNode content) {
        return UUID.fromString(content.get(Section.MEMORIES.field())
                .valueStream()
                .filter(memory -> memory.get("mergedInto").isNull())
                .findFirst()
                .orElse(content.get(Section.MEMORIES.field()).get(0))
                .get("id")
                .asString());
    }

    private @Nullable Instant erasedAt(DSLContext tx, String organizationId, JsonNode content) {
        List<byte[]> tombstones = new ArrayList<>();
        for (JsonNode memory : content.get(Section.MEMORIES.field())) {
            String user = memory.get("userId").asStringOpt().orElse(null);
            String number = memory.get("phoneNumber").asStringOpt().orElse(null);
            if (user != null) {
                tombstones.add(hash.tombstoneOfUser(organizationId, user));
            }
            if (number != null) {
                tombstones.add(hash.tombstoneOfNumber(organizationId, number));
            }
        }
        return tx.fetchSingle("select recaller.erased_at(?::bytea[])", (Object) tombstones.toArray(byte[][]::new))
                .get(0, Instant.class);
    }

    private static Stream<Instant> said(JsonNode content) {
        return Section.CONTENT.stream()
                .flatMap(section -> content.get(section.field()).valueStream())
                .flatMap(row -> Stream.concat(
                        SAID.stream().map(row::get),
                        row.has("endedAt")
                                ? Stream.of(row.get(row.get("endedAt").isNull() ? "startedAt" : "endedAt"))
                                : Stream.of()))
                .filter(Objects::nonNull)
                .map(at -> Instant.parse(at.asString()));
    }

    private static Refused refused(long line, String pointer, String message, String remedy) {
        return new Refused(new Problem(line, pointer, message, remedy));
    }

    private static String first(List<UUID> ids) {
        return ids.stream().limit(3).map(UUID::toString).collect(Collectors.joining(", "));
    }
}
