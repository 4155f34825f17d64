package dev.recaller.memory;

import static java.util.Objects.requireNonNull;

import dev.recaller.memory.extract.Names;
import dev.recaller.memory.recall.CallerIndex;
import dev.recaller.memory.recall.Passage;
import dev.recaller.memory.recall.Question;
import dev.recaller.sql.schema.tables.records.EntitiesRecord;
import dev.recaller.sql.schema.tables.records.MemoryChunksRecord;
import dev.recaller.sql.schema.tables.records.PreferencesRecord;
import dev.recaller.sql.schema.tables.records.UserMemoryRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jooq.DSLContext;
import org.jspecify.annotations.Nullable;

/** Reads what a call may know of its caller. Writes nothing. */
final class Recalling {

    private final Stores stores;

    Recalling(Stores stores) {
        this.stores = stores;
    }

    Recollection recall(MemoryIdentity identity, Query query, Duration limit) {
        return stores.read(identity.organizationId(), limit, tx -> recall(tx, identity, query, stores.now()));
    }

    List<Scored<MemoryChunk>> search(MemoryId memory, String query, int limit) {
        List<MemoryChunksRecord> rows = read(memory, stores.chunks()::all);
        return found(rows, query, limit).stream()
                .map(hit -> new Scored<>(ChunkStore.chunk(hit.value()), hit.score()))
                .toList();
    }

    List<MemoryChunk> history(MemoryId memory, int limit) {
        return read(memory, (tx, id, epoch, now) -> stores.chunks().history(tx, id, epoch, now, limit)).stream()
                .map(ChunkStore::chunk)
                .toList();
    }

    List<Preference> preferences(MemoryId memory) {
        return read(memory, stores.preferences()::all).stream()
                .map(PreferenceStore::preference)
                .toList();
    }

    List<Entity> entities(MemoryId memory) {
        return read(memory, stores.entities()::all).stream()
                .map(EntityStore::entity)
                .toList();
    }

    private interface Reading<T> {
        List<T> rows(DSLContext tx, MemoryId memory, @Nullable Instant epoch, Instant now);
    }

    private <T> List<T> read(MemoryId memory, Reading<T> reading) {
        return stores.read(memory.organizationId(), tx -> {
            UserMemoryRecord row = stores.identities().get(tx, memory);
            return row == null
                    ? List.of()
                    : reading.rows(tx, IdentityStore.id(row), row.getEpochStartedAt(), stores.now());
        });
    }

    /** What is read of one row of {@code user_memory}, only what is tied to the speaker or to nobody. */
    private record Card(
            @Nullable String greetingName,
            List<PreferencesRecord> preferences,
            List<EntitiesRecord> entities,
            List<MemoryChunksRecord> chunks) {}

    private Recollection recall(DSLContext tx, MemoryIdentity identity, Query query, Instant now) {
        List<UserMemoryRecord> memories = stores.identities().find(tx, identity);
        if (memories.isEmpty()) {
            return Recollection.EMPTY;
        }
        List<Card> cards = new ArrayList<>();
        for (UserMemoryRecord memory : memories) {
            cards.add(card(tx, memory, query, now));
        }
        Map<String, Preference> merged = new LinkedHashMap<>();
        for (Card card : cards) {
            card.preferences().forEach(row -> merged.putIfAbsent(row.getKey(), PreferenceStore.preference(row)));
        }
        return new Recollection(
                cards.stream()
                        .map(Card::greetingName)
                        .filter(Objects::nonNull)
                        .findFirst()
                        .orElse(null),
                memories.stream()
                        .map(UserMemoryRecord::getLastInteractionAt)
                        .filter(Objects::nonNull)
                        .max(Comparator.naturalOrder())
                        .orElse(null),
                memories.stream()
                        .mapToLong(UserMemoryRecord::getConversationCount)
                        .sum(),
                List.copyOf(merged.values()),
                cards.stream()
                        .flatMap(card -> card.entities().stream())
                        .map(EntityStore::entity)
                        .toList(),
                items(cards.stream().flatMap(card -> card.chunks().stream()).toList(), query));
    }

    private Card card(DSLContext tx, UserMemoryRecord memory, Query query, Instant now) {
        MemoryId id = IdentityStore.id(memory);
        Instant epoch = memory.getEpochStartedAt();
        List<MemoryChunksRecord> chunkRows =
                stores.chunks().readable(tx, id, epoch, now, query.assurance(), query.callId());
        List<EntitiesRecord> entityRows = stores.entities().readable(tx, id, epoch, now, query.assurance());
        List<PreferencesRecord> preferenceRows = stores.preferences().readable(tx, id, epoch, now, query.assurance());
        List<EntitiesRecord> names = entityRows.stream()
                .filter(row -> EntityStore.CALLER.equals(row.getRole()))
                .toList();
        var speakers = new Speakers(chunkRows);
        String speaker = names.isEmpty() ? null : speakers.ofCall(query.callId());
        if (names.size() > 1) {
            return new Card(
                    speaker == null ? null : Names.greeting(speaker),
                    preferenceRows.stream()
                            .filter(row -> tied(speakers.ofChunk(row.getSourceChunk()), speaker))
                            .toList(),
                    entityRows.stream()
                            .filter(row -> tied(
                                    EntityStore.CALLER.equals(row.getRole())
                                            ? row.getName()
                                            : Attributes.of(row).saidBy(),
                                    speaker))
                            .toList(),
                    chunkRows.stream()
                            .filter(row -> Objects.equals(row.getCallId(), query.callId())
                                    || tied(speakers.ofCall(row.getCallId()), speaker))
                            .toList());
        }
        String greeting = names.isEmpty() || silent(tx, id, names.getFirst(), now)
                ? null
                : Names.greeting(names.getFirst().getName());
        return new Card(greeting, preferenceRows, entityRows, chunkRows);
    }

    private boolean silent(DSLContext tx, MemoryId memory, EntitiesRecord name, Instant now) {
        Instant since = name.getLastMentionedAt();
        return now.isAfter(since) && stores.chunks().resumedAfterSilence(tx, memory, since, now) != null;
    }

    /** What is tied to nobody is everybody's; what is tied to somebody is for that person only. */
    private static boolean tied(@Nullable String person, @Nullable String speaker) {
        return person == null || (speaker != null && Names.alike(person, speaker));
    }

    private List<Recollection.Item> items(List<MemoryChunksRecord> rows, Query query) {
        String text = query.text();
        if (text == null || text.isBlank()) {
            return rows.stream()
                    .filter(row -> !Rows.text(Speaker.AGENT).equals(row.getSpeaker()))
                    .sorted(Comparator.comparing(MemoryChunksRecord::getImportance)
                            .thenComparing(MemoryChunksRecord::getSaidAt)
                            .reversed())
                    .limit(query.maxItems())
                    .map(row -> item(row, row.getImportance()))
                    .toList();
        }
        return found(rows, text, query.maxItems()).stream()
                .map(hit -> item(hit.value(), hit.score()))
                .toList();
    }

    private List<Scored<MemoryChunksRecord>> found(List<MemoryChunksRecord> rows, String text, int limit) {
        Map<UUID, MemoryChunksRecord> byId = new LinkedHashMap<>();
        rows.forEach(row -> byId.put(row.getId(), row));
        var index = CallerIndex.of(rows.stream().map(Recalling::passage).toList());
        return index.search(new Question(text, null, stores.now()), limit).stream()
                .map(hit -> new Scored<>(requireNonNull(byId.get(hit.passage().id())), hit.score()))
                .toList();
    }

    private static Passage passage(MemoryChunksRecord row) {
        return new Passage(
                row.getId(),
                Rows.text(MemoryChunk.Type.CONVERSATION).equals(row.getType()),
                row.getContent(),
                row.getSpeaker(),
                row.getCallId(),
                row.getSaidAt(),
                List.of(row.getSourceChunks()));
    }

    private static Recollection.Item item(MemoryChunksRecord row, double score) {
        return new Recollection.Item(
                row.getContent(),
                row.getSpeaker() == null ? null : Rows.value(Speaker.class, row.getSpeaker()),
                row.getSaidAt(),
                score,
                new ChunkId(row.getId()));
    }

    /** Who spoke in which call, by the facts about the caller's name. */
    private static final class Speakers {

        private final Map<UUID, String> byCall = new HashMap<>();
        private final Map<UUID, UUID> callOfChunk = new HashMap<>();

        Speakers(List<MemoryChunksRecord> rows) {
            for (MemoryChunksRecord row : rows) {
                UUID call = row.getCallId();
                if (call == null) {
                    continue;
                }
                callOfChunk.put(row.getId(), call);
                if (List.of(row.getTopics()).contains(ChunkStore.CALLER_NAME)) {
                    byCall.put(call, ChunkStore.callerName(row));
                }
            }
        }

        @Nullable
        String ofCall(@Nullable UUID call) {
            return call == null ? null : byCall.get(call);
        }

        @Nullable
        String ofChunk(@Nullable UUID chunk) {
            return chunk == null ? null : ofCall(callOfChunk.get(chunk));
        }
    }
}
