package dev.recaller.memory.merge;

import java.time.Instant;
import java.util.List;

/**
 * What had been set aside and is recalled again.
 *
 * @param setAsideBefore when another name was introduced after a long silence
 * @param chunks turns and facts from before
 * @param names all current names of the caller: several of them make the number shared
 */
public record Restored(Instant setAsideBefore, int chunks, List<String> names) {
    public Restored {
        names = List.copyOf(names);
    }
}
