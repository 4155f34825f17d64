package dev.recaller.memory;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How far a sweep for chunks without vectors came.
 *
 * @param made chunks that have vectors now and had none
 * @param last where to go on; null: every chunk of the organization was looked at
 */
public record VectorSweep(int made, @Nullable ChunkId last) {

    public Optional<ChunkId> next() {
        return Optional.ofNullable(last);
    }
}
