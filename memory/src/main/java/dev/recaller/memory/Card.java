package dev.recaller.memory;

import dev.recaller.memory.extract.Names;
import dev.recaller.sql.schema.tables.records.EntitiesRecord;
import dev.recaller.sql.schema.tables.records.PreferencesRecord;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a call may know of one row of {@code user_memory}. Where several people share the number that is only what is tied
 * to the one who speaks, or to nobody.
 */
final class Card {

    private final CallerRows.Known known;
    private final @Nullable UUID callId;
    private final boolean shared;
    private final @Nullable String only;
    private final @Nullable String speaker;
    private final Map<UUID, String> nameByCall = new HashMap<>();
    private final Map<UUID, UUID> callOfChunk = new HashMap<>();

    /**
     * Of a row and its chunks.
     *
     * @param callId the call that reads; what was said in it is always shown
     * @param everybodys whether all is shown, whoever of several people it is tied to
     */
    Card(CallerRows.Known known, List<Remembered> chunks, @Nullable UUID callId, boolean everybodys) {
        this.known = known;
        this.callId = callId;
        List<EntitiesRecord> names = known.callerNames();
        this.shared = names.size() > 1 && !everybodys;
        for (Remembered row : chunks) {
            UUID call = row.chunk().callId();
            if (call == null || !row.memory().equals(known.memory().getId())) {
                continue;
            }
            if (shared) {
                callOfChunk.put(row.id(), call);
            }
            if (row.chunk().topics().contains(ChunkStore.CALLER_NAME)) {
                nameByCall.put(call, ChunkStore.callerName(row.chunk().content()));
            }
        }
        this.only = names.size() == 1 && !known.silent() ? names.getFirst().getName() : null;
        this.speaker = names.isEmpty() ? null : nameOf(callId);
    }

    /** The name to greet by: the only current one, or of several the one said in this call. */
    @Nullable
    String greeting() {
        String name = shared ? speaker : only;
        return name == null ? null : Names.greeting(name);
    }

    List<PreferencesRecord> preferences() {
        return known.preferences().stream()
                .filter(row -> !shared || tied(nameOfChunk(row.getSourceChunk())))
                .toList();
    }

    List<EntitiesRecord> entities() {
        return known.entities().stream()
                .filter(row -> !shared || tied(person(row)))
                .toList();
    }

    boolean shows(Remembered row) {
        UUID call = row.chunk().callId();
        return !shared || Objects.equals(call, callId) || tied(nameOf(call));
    }

    /** The name of the caller who spoke in a chunk's call, as far as it is known. */
    @Nullable
    String callerOf(Remembered row) {
        String said = nameOf(row.chunk().callId());
        return said != null ? said : only;
    }

    private static @Nullable String person(EntitiesRecord row) {
        return EntityStore.CALLER.equals(row.getRole())
                ? row.getName()
                : Attributes.of(row).saidBy();
    }

    /** What is tied to nobody is everybody's; what is tied to somebody is for that person only. */
    private boolean tied(@Nullable String person) {
        return person == null || (speaker != null && Names.alike(person, speaker));
    }

    private @Nullable String nameOf(@Nullable UUID call) {
        return call == null ? null : nameByCall.get(call);
    }

    private @Nullable String nameOfChunk(@Nullable UUID chunk) {
        return chunk == null ? null : nameOf(callOfChunk.get(chunk));
    }
}
