package dev.recaller.memory;

import dev.recaller.memory.recall.CallerIndex;
import dev.recaller.memory.recall.Embedding;
import dev.recaller.memory.recall.Passage;
import dev.recaller.memory.recall.Question;
import dev.recaller.memory.recall.Vectors;
import dev.recaller.sql.schema.tables.records.UserMemoryRecord;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One caller's rows as a call may see them, and the index to search them by, made when it is first needed. Immutable; safe
 * for use by many threads.
 */
final class LoadedCaller {

    private final CallerRows rows;
    private final @Nullable UUID callId;
    private final boolean everybodys;
    private final Map<UUID, Card> cards;
    private final Map<UUID, Remembered> visible;
    private final FutureTask<CallerIndex> index;
    /** What the index holds: all that is visible, and a few that are no longer. */
    private final Set<UUID> indexed;

    private LoadedCaller(CallerRows rows, @Nullable UUID callId, boolean everybodys, @Nullable LoadedCaller before) {
        this.rows = rows;
        this.callId = callId;
        this.everybodys = everybodys;
        this.cards = rows.memories().stream()
                .collect(Collectors.toMap(
                        known -> known.memory().getId(),
                        known -> new Card(known, rows.chunks(), callId, everybodys),
                        (first, _) -> first,
                        LinkedHashMap::new));
        this.visible = new LinkedHashMap<>();
        for (Remembered row : rows.chunks()) {
            if (card(row).shows(row)) {
                visible.put(row.id(), row);
            }
        }
        Set<UUID> known = before == null ? Set.of() : before.indexed;
        List<Remembered> added = visible.values().stream()
                .filter(row -> !known.contains(row.id()))
                .toList();
        int hidden = known.size() + added.size() - visible.size();
        if (before == null || hidden > visible.size() / 10 + 10) {
            this.indexed = Set.copyOf(visible.keySet());
            this.index =
                    new FutureTask<>(() -> CallerIndex.of(passages(List.copyOf(visible.values())), rows.vectors()));
        } else {
            Set<UUID> both = new HashSet<>(known);
            added.forEach(row -> both.add(row.id()));
            this.indexed = both;
            FutureTask<CallerIndex> earlier = before.index;
            Map<UUID, Vectors> made = new HashMap<>(rows.vectors());
            made.keySet().retainAll(both);
            made.keySet()
                    .removeIf(id -> known.contains(id) && before.rows.vectors().containsKey(id));
            this.index = added.isEmpty() && made.isEmpty()
                    ? earlier
                    : new FutureTask<>(() -> result(earlier).with(passages(added), made));
        }
    }

    static LoadedCaller of(CallerRows rows, @Nullable UUID callId) {
        return new LoadedCaller(rows, callId, false, null);
    }

    /** For an operator: what is tied to any of several people who share the number. */
    static LoadedCaller whole(CallerRows rows) {
        return new LoadedCaller(rows, null, true, null);
    }

    /** The same caller by other rows; what is indexed already is not indexed again. */
    LoadedCaller with(CallerRows others) {
        return new LoadedCaller(others, callId, everybodys, this);
    }

    /** With vectors of some of its chunks; those of others change nothing. */
    LoadedCaller with(Map<UUID, Vectors> made) {
        Map<UUID, Vectors> mine = new HashMap<>();
        for (Remembered row : rows.chunks()) {
            Vectors vectors = made.get(row.id());
            if (vectors != null) {
                mine.put(row.id(), vectors);
            }
        }
        return mine.isEmpty() ? this : with(rows.with(mine));
    }

    CallerRows rows() {
        return rows;
    }

    /** Makes the index now. */
    void prepare() {
        result(index);
    }

    /** Ids of chunks the model has not read yet, the latest first. */
    List<UUID> withoutVectors() {
        return rows.chunks().reversed().stream()
                .map(Remembered::id)
                .filter(id -> !rows.vectors().containsKey(id))
                .toList();
    }

    /** What matters of this caller, or of what was asked. */
    Recollection recollection(Query query, Supplier<@Nullable Embedding> embedding, Instant now) {
        if (rows.memories().isEmpty()) {
            return Recollection.EMPTY;
        }
        Map<String, Preference> preferences = new LinkedHashMap<>();
        for (Card card : cards.values()) {
            card.preferences().forEach(row -> preferences.putIfAbsent(row.getKey(), PreferenceStore.preference(row)));
        }
        List<Entity> entities = cards.values().stream()
                .flatMap(card -> card.entities().stream())
                .map(EntityStore::entity)
                .toList();
        var about = new About(entities);
        String text = query.text();
        List<Scored<Remembered>> found = text == null || text.isBlank()
                ? whatMatters(query.maxItems(), now)
                : search(new Question(text, embedding.get(), now), query.maxItems());
        return new Recollection(
                cards.values().stream()
                        .map(Card::greeting)
                        .filter(Objects::nonNull)
                        .findFirst()
                        .orElse(null),
                memories(UserMemoryRecord::getLastInteractionAt).stream()
                        .max(Comparator.naturalOrder())
                        .orElse(null),
                rows.memories().stream()
                        .mapToLong(known -> known.memory().getConversationCount())
                        .sum(),
                List.copyOf(preferences.values()),
                entities,
                found.stream().map(hit -> item(hit, about)).toList());
    }

    /** The passages that fit the question, best first. */
    List<Scored<Remembered>> search(Question question, int limit) {
        int hidden = indexed.size() - visible.size();
        List<Scored<Remembered>> found = new ArrayList<>();
        for (CallerIndex.Hit hit : result(index).search(question, limit + hidden)) {
            Remembered row = visible.get(hit.passage().id());
            if (row != null && found.size() < limit) {
                found.add(new Scored<>(row, hit.score()));
            }
        }
        return found;
    }

    /**
     * Events still to come first, the next of them before the others, then facts, then the caller's last words; what the
     * agent said is no memory of the caller.
     */
    private List<Scored<Remembered>> whatMatters(int limit, Instant now) {
        Comparator<Remembered> sooner = Comparator.comparing(
                row -> FactStore.comingOn(row.chunk(), now), Comparator.nullsLast(Comparator.naturalOrder()));
        return visible.values().stream()
                .filter(row -> row.chunk().speaker() != Speaker.AGENT)
                .sorted(sooner.thenComparing(Comparator.<Remembered>comparingDouble(
                                row -> row.chunk().importance())
                        .thenComparing(row -> row.chunk().saidAt())
                        .reversed()))
                .limit(limit)
                .map(row -> new Scored<>(row, row.chunk().importance()))
                .toList();
    }

    private Recollection.Item item(Scored<Remembered> hit, About about) {
        Remembered row = hit.value();
        MemoryChunk chunk = row.chunk();
        String person = chunk.speaker() == Speaker.AGENT ? null : card(row).callerOf(row);
        return new Recollection.Item(
                chunk.content(),
                chunk.speaker(),
                person,
                about.of(chunk.content()),
                chunk.saidAt(),
                hit.score(),
                chunk.id(),
                row.sources().stream().map(ChunkId::new).toList());
    }

    private List<Passage> passages(List<Remembered> chunks) {
        return chunks.stream().map(this::passage).toList();
    }

    private Passage passage(Remembered row) {
        MemoryChunk chunk = row.chunk();
        String name = chunk.speaker() == Speaker.CALLER ? card(row).callerOf(row) : null;
        String role = chunk.speaker() == null ? null : Rows.text(chunk.speaker());
        return new Passage(
                row.id(),
                row.isTurn(),
                chunk.content(),
                name == null ? role : name,
                chunk.callId(),
                chunk.saidAt(),
                row.sources());
    }

    private Card card(Remembered row) {
        return Objects.requireNonNull(cards.get(row.memory()), "a chunk of another memory");
    }

    private <T> List<T> memories(Function<UserMemoryRecord, @Nullable T> column) {
        return rows.memories().stream()
                .map(known -> column.apply(known.memory()))
                .filter(Objects::nonNull)
                .toList();
    }

    private static CallerIndex result(FutureTask<CallerIndex> index) {
        index.run();
        try {
            return index.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw MemoryException.timeout(e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("the caller's memory cannot be indexed", e.getCause());
        }
    }
}
