package dev.recaller.memory.privacy;

import java.util.List;

/** What came of an import. */
public sealed interface ImportResult {

    /** All documents are in the organization now: these were not, those were there already just as they are. */
    record Imported(long imported, long unchanged) implements ImportResult {}

    /** Nothing was changed; the first problems, in the file's order. */
    record Refused(List<Problem> problems) implements ImportResult {
        public Refused {
            problems = List.copyOf(problems);
        }
    }
}
