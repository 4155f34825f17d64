package dev.recaller.memory.extract;

import java.util.List;

/**
 * Reads a finished call and proposes what is worth remembering, usually by a model. It only proposes: what has no evidence
 * in the caller's own words is dropped, and the caller's name is never its business.
 */
@FunctionalInterface
public interface Extractor {

    /**
     * Blocks; throws what its provider throws.
     *
     * @param call turns of one call in order, as stored (redacted)
     */
    Extraction extract(List<Utterance> call);
}
