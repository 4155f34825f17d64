package dev.recaller.memory.extract;

import java.util.List;

/**
 * Reads a finished call and proposes what is worth remembering, usually by a model. It only proposes: what has no evidence
 * in the caller's own words is dropped, and the caller's name is never its business.
 */
@FunctionalInterface
public interface Extractor {

    /**
     * Which prompt, schema and rules a stored extraction is of. A call is extracted once a version: raise it when calls
     * should be read anew.
     */
    int VERSION = 2;

    /**
     * Asks once; blocks.
     *
     * @param call turns of one call in order, as stored (redacted), within {@link Transcript}'s bounds
     * @throws ExtractorException when no extraction comes of it
     */
    Extraction extract(List<Utterance> call);
}
