package dev.recaller.memory.privacy;

import dev.recaller.memory.IdentityHash;
import dev.recaller.memory.MemoryException;
import dev.recaller.sql.Database;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.MappingIterator;

/**
 * Takes in what {@link CallerExport} wrote: one document, or one a line. The whole file is checked first, and nothing is
 * changed unless all of it can be taken; then each caller is one transaction, so that an import that broke off is finished
 * by running it again. Holds one document at a time. Blocks; safe for use by any number of threads.
 *
 * <p>Rows keep their ids, which every table has per organization: in another organization nothing can collide, and in the
 * same one an id that is taken means the row is there already. A caller who is there just as in the file stays as it is; one
 * who is there in another state is refused, and so is one who was erased after something in the file was said.
 */
public final class CallerImport {

    private static final int MOST_PROBLEMS = 20;
    /** A caller who has spoken for a thousand hours. A document is held in memory, several times over. */
    private static final long MOST_BYTES = 64L << 20;

    private final Guarded transactions;
    private final AuditStore audit;
    private final Admission admission;
    private final DocumentStore documents = new DocumentStore();
    private final long mostBytes;

    public CallerImport(Database database, InstantSource clock, IdentityHash hash) {
        this(database, clock, hash, MOST_BYTES);
    }

    /** @param mostBytes of one document */
    CallerImport(Database database, InstantSource clock, IdentityHash hash, long mostBytes) {
        this.mostBytes = mostBytes;
        this.transactions = new Guarded(database);
        this.audit = new AuditStore(clock);
        this.admission = new Admission(hash, documents);
    }

    /**
     * Imports a file.
     *
     * @throws IOException when the file cannot be read
     * @throws MemoryException when the database fails
     */
    public ImportResult run(String organizationId, Path file, String actor) throws IOException {
        List<Problem> problems = check(organizationId, file);
        if (!problems.isEmpty()) {
            return new ImportResult.Refused(problems);
        }
        long imported = 0;
        long unchanged = 0;
        var bytes = new DocumentLimit(Files.newInputStream(file), mostBytes);
        try (var lines = open(bytes)) {
            while (lines.hasNextValue()) {
                long line = line(lines);
                JsonNode content = lines.nextValue().get("content");
                bytes.next();
                Admission.Answer answer = transactions.run(organizationId, tx -> {
                    Admission.Answer found = admission.of(tx, organizationId, content, line);
                    if (found instanceof Admission.Absent) {
                        documents.insert(tx, content);
                        audit.add(tx, organizationId, actor, Audit.Action.IMPORT, Admission.root(content), "{}");
                    }
                    return found;
                });
                switch (answer) {
                    case Admission.Absent _ -> imported++;
                    case Admission.Same _ -> unchanged++;
                    case Admission.Refused refused ->
                        throw MemoryException.unavailable(new IllegalStateException(
                                "the caller changed while the file was imported: " + refused.problem()));
                }
            }
        }
        return new ImportResult.Imported(imported, unchanged);
    }

    private List<Problem> check(String organizationId, Path file) throws IOException {
        List<Problem> problems = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        long line = 1;
        var bytes = new DocumentLimit(Files.newInputStream(file), mostBytes);
        try (var lines = open(bytes)) {
            while (lines.hasNextValue() && problems.size() < MOST_PROBLEMS) {
                line = line(lines);
                JsonNode document = lines.nextValue();
                bytes.next();
                List<Problem> found = Document.problems(document, line);
                problems.addAll(found);
                if (found.isEmpty()) {
                    Problem refused = refused(organizationId, document.get("content"), line, seen);
                    if (refused != null) {
                        problems.add(refused);
                    }
                }
            }
            if (problems.isEmpty() && seen.isEmpty()) {
                problems.add(
                        new Problem(1, "", "the file is empty", "give a file that 'recaller memory export' wrote"));
            }
        } catch (JacksonException e) {
            problems.add(
                    bytes.exceeded()
                            ? tooLong(line)
                            : new Problem(
                                    e.getLocation() == null
                                            ? line
                                            : e.getLocation().getLineNr(),
                                    "",
                                    "this is not JSON: " + e.getOriginalMessage(),
                                    "export it again"));
        }
        return problems.subList(0, Math.min(problems.size(), MOST_PROBLEMS));
    }

    private Problem tooLong(long line) {
        return new Problem(
                line,
                "",
                "a document from here on has more than " + mostBytes + " bytes",
                "give a file that 'recaller memory export' wrote");
    }

    private @Nullable Problem refused(String organizationId, JsonNode content, long line, Set<String> seen) {
        for (JsonNode memory : content.get(Section.MEMORIES.field())) {
            if (!seen.add(memory.get("id").asString())) {
                return new Problem(
                        line, "/content/memories", "this caller is in the file twice", "remove one of the lines");
            }
        }
        Admission.Answer answer =
                transactions.read(organizationId, tx -> admission.of(tx, organizationId, content, line));
        return answer instanceof Admission.Refused refused ? refused.problem() : null;
    }

    private static MappingIterator<JsonNode> open(InputStream file) {
        return Document.JSON.readerFor(JsonNode.class).readValues(file);
    }

    private static long line(MappingIterator<JsonNode> lines) {
        return lines.parser().currentTokenLocation().getLineNr();
    }
}
