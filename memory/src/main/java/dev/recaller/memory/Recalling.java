package dev.recaller.memory;

import dev.recaller.memory.recall.Embedding;
import dev.recaller.memory.recall.Question;
import dev.recaller.sql.schema.tables.records.UserMemoryRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.FutureTask;
import org.jooq.DSLContext;
import org.jspecify.annotations.Nullable;

/** Reads what a call may know of its caller, and what an operator asks for. Writes nothing. */
final class Recalling {

    private final Stores stores;
    private final Vectorizing vectorizing;

    Recalling(Stores stores, Vectorizing vectorizing) {
        this.stores = stores;
        this.vectorizing = vectorizing;
    }

    CallerMemory open(MemoryIdentity identity, Assurance assurance, UUID callId, Duration limit) {
        var reader = new CallerRows.Reader(assurance, callId, vectorizing.model());
        var caller = new OpenCaller(this, vectorizing, identity, reader, load(identity, reader, limit));
        caller.follow();
        return caller;
    }

    Recollection recall(MemoryIdentity identity, Query query, Duration limit) {
        Deadline deadline = Deadline.in(limit);
        return deadline.run(() -> {
            String model = query.hasText() ? vectorizing.model() : null;
            FutureTask<@Nullable Embedding> embedding = embedding(query, model, deadline);
            LoadedCaller caller =
                    load(identity, new CallerRows.Reader(query.assurance(), query.callId(), model), deadline.left(1));
            return caller.recollection(query, () -> deadline.within(embedding), stores.now());
        });
    }

    /** What the model makes of the query's text, begun; null inside when there is no text or no model. */
    FutureTask<@Nullable Embedding> embedding(Query query, @Nullable String model, Deadline deadline) {
        String text = query.text();
        return deadline.start(() -> text == null || model == null ? null : vectorizing.question(text));
    }

    List<UserMemoryRecord> find(MemoryIdentity identity, Duration limit) {
        return stores.read(
                identity.organizationId(), limit, tx -> stores.identities().find(tx, identity));
    }

    LoadedCaller load(MemoryIdentity identity, CallerRows.Reader reader, Duration limit) {
        CallerRows rows = stores.read(
                identity.organizationId(),
                limit,
                tx -> CallerRows.read(tx, stores, stores.identities().find(tx, identity), reader, stores.now()));
        return LoadedCaller.of(rows, reader.callId());
    }

    /** The caller with what was said since. */
    LoadedCaller again(MemoryIdentity identity, LoadedCaller caller, CallerRows.Reader reader, Duration limit) {
        CallerRows rows = stores.read(
                identity.organizationId(),
                limit,
                tx -> caller.rows().again(tx, stores, stores.identities().find(tx, identity), reader, stores.now()));
        return caller.with(rows);
    }

    Instant now() {
        return stores.now();
    }

    Optional<Memory> find(MemoryIdentity identity) {
        return stores.read(identity.organizationId(), tx -> stores.identities().find(tx, identity)).stream()
                .findFirst()
                .map(IdentityStore::memory);
    }

    List<Scored<MemoryChunk>> search(MemoryId memory, String query, int limit) {
        var reader = new CallerRows.Reader(Assurance.VERIFIED, null, vectorizing.model());
        CallerRows rows = stores.read(memory.organizationId(), tx -> {
            UserMemoryRecord row = stores.identities().get(tx, memory);
            return CallerRows.read(tx, stores, row == null ? List.of() : List.of(row), reader, stores.now());
        });
        var question = new Question(query, vectorizing.question(query), stores.now());
        return LoadedCaller.whole(rows).search(question, limit).stream()
                .map(hit -> new Scored<>(hit.value().chunk(), hit.score()))
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
}
