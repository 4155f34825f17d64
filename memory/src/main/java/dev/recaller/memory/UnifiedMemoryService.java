package dev.recaller.memory;

import dev.recaller.memory.extract.Extraction;
import dev.recaller.memory.extract.Extractor;
import dev.recaller.memory.extract.Utterance;
import dev.recaller.memory.recall.Embedder;
import dev.recaller.sql.Database;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Everything Recaller remembers, one organization at a time: what belongs to another one is as if it did not exist. Blocks;
 * safe for use by any number of threads. Each method is one transaction. A database that fails or refuses is a
 * {@link MemoryException}.
 */
public final class UnifiedMemoryService implements AutoCloseable {

    private static final int LARGEST = 1000;

    private final Organizations organizations;
    private final Vectorizing vectorizing;
    private final Remembering remembering;
    private final Recalling recalling;
    private final Extracting extracting;

    /**
     * A service on this database.
     *
     * @param hashKey at least 16 characters, the same for all that use the database: finds the tombstones of erasures
     * @param embedder the model that reads what is stored and asked, closed by whoever opened it; null: words alone are
     *     searched
     */
    public UnifiedMemoryService(Database database, InstantSource clock, String hashKey, @Nullable Embedder embedder) {
        var stores = new Stores(database, clock);
        this.organizations = new Organizations(stores);
        this.vectorizing = new Vectorizing(stores, embedder);
        this.remembering = new Remembering(stores, vectorizing, new IdentityHash(hashKey));
        this.recalling = new Recalling(stores, vectorizing);
        this.extracting = new Extracting(stores);
    }

    /** What an organization and its flow together say about memory. An unknown organization has no defaults. */
    public MemoryConfiguration configuration(String organizationId, MemoryConfiguration.Given flow) {
        return MemoryConfiguration.resolve(flow, organizations.defaults(organizationId));
    }

    /**
     * The memory of this identity: the exact row, else the user's, else with both given the number's row without a user
     * (adopted by the user, unless the number is shared or was silent), else with a number only the one row that has it,
     * else a new one.
     */
    public Memory getOrCreateMemory(MemoryIdentity identity) {
        return remembering.getOrCreate(identity);
    }

    /**
     * The organization's callers, who spoke last first.
     *
     * @param after the last one of the page before; null: from the beginning
     * @param limit 1 to 1000
     */
    public List<KnownCaller> callers(String organizationId, @Nullable MemoryId after, int limit) {
        requireLimit(limit);
        return recalling.callers(organizationId, after, limit);
    }

    /**
     * The memory this identity has, the user's rather than the number's; empty when it has none, or when a number belongs to
     * several users. Creates nothing.
     */
    public Optional<Memory> find(MemoryIdentity identity) {
        return recalling.find(identity);
    }

    /** The memories a caller's recall reads, the user's first; empty for a caller never heard of. Creates nothing. */
    public List<Memory> memoriesOf(MemoryIdentity identity) {
        return remembering.memoriesOf(identity);
    }

    /**
     * Stores turns of a call with what the rules find in them, once each: turns stored before change nothing, and
     * neither do turns said before the caller was erased. Does nothing when {@code configuration} lets nothing of the
     * identity be used or the caller is anonymous.
     */
    public Stored store(MemoryIdentity identity, Conversation conversation, MemoryConfiguration configuration) {
        Optional<MemoryIdentity> usable = configuration.usable(identity);
        if (usable.isEmpty()
                || conversation.assurance() == Assurance.ANONYMOUS
                || conversation.turns().isEmpty()) {
            return Stored.NOTHING;
        }
        return remembering.store(usable.get(), conversation, configuration);
    }

    /**
     * Stores something that is no turn of a call, for as long as the organization retains.
     *
     * @throws MemoryException {@code NOT_FOUND} when the organization has no such memory
     */
    public ChunkId storeChunk(MemoryId memory, NewChunk chunk) {
        MemoryConfiguration configuration = configuration(memory.organizationId(), MemoryConfiguration.Given.NOTHING);
        return remembering.store(memory, chunk, configuration.retentionDays());
    }

    /** All current preferences, whatever assurance they need. */
    public List<Preference> getPreferences(MemoryId memory) {
        return recalling.preferences(memory);
    }

    /** Who and what the caller spoke of, last mentioned first, whatever assurance it needs. */
    public List<Entity> entities(MemoryId memory) {
        return recalling.entities(memory);
    }

    /**
     * The last turns of all calls, oldest of them first.
     *
     * @param limit 1 to 1000
     */
    public List<MemoryChunk> history(MemoryId memory, int limit) {
        requireLimit(limit);
        return recalling.history(memory, limit);
    }

    /**
     * What fits the query, best first, whatever assurance it needs.
     *
     * @param limit 1 to 1000
     */
    public List<Scored<MemoryChunk>> search(MemoryId memory, String query, int limit) {
        requireLimit(limit);
        return recalling.search(memory, query, limit);
    }

    /**
     * Reads what a call may know of its caller, for all that the call recalls. Creates nothing.
     *
     * @param assurance rows that need more are not read, except those of the call
     * @param callId what was said in this call is found whatever its assurance, and tells who of several people speaks
     * @param limit hard, at least a millisecond: when it is over, {@link MemoryException.Code#TIMEOUT}
     */
    public CallerMemory open(MemoryIdentity identity, Assurance assurance, UUID callId, Duration limit) {
        return assurance == Assurance.ANONYMOUS
                ? new Nobody(assurance)
                : recalling.open(identity, assurance, callId, limit);
    }

    /**
     * What may be known of a caller now, for those who ask once; a call {@link #open}s its caller's memory. Creates
     * nothing; a caller never heard of is {@link Recollection#EMPTY}.
     *
     * @param limit hard, at least a millisecond: when it is over, {@link MemoryException.Code#TIMEOUT}
     */
    public Recollection recall(MemoryIdentity identity, Query query, Duration limit) {
        return query.assurance() == Assurance.ANONYMOUS ? Recollection.EMPTY : recalling.recall(identity, query, limit);
    }

    /**
     * Makes vectors the organization's chunks lack, or have of another model, for a job that runs now and then. Turns are
     * vectorized as they are stored and when their caller is loaded; this finds what was dropped and who does not call.
     * Takes about 10 ms for each that lacks them, on the model's own threads and after those of calls; without a model there
     * is nothing to do.
     *
     * @param after where to go on, as the last sweep said; null: from the beginning
     * @param chunks so many are looked at, 1 to 1000
     */
    public VectorSweep sweepVectors(String organizationId, @Nullable ChunkId after, int chunks) {
        requireLimit(chunks);
        return vectorizing.sweep(organizationId, after, chunks);
    }

    /** The organization that follows this one by id, among those that have rows; for work that is done for all. */
    public Optional<String> organizationAfter(String organizationId) {
        return organizations.after(organizationId);
    }

    /** The memory that turns of this call are stored in; empty when none are. */
    public Optional<MemoryId> memoryOf(String organizationId, UUID callId) {
        return extracting.memoryOf(organizationId, callId);
    }

    /** The stored turns of one call in order, as an {@link Extractor} reads them. */
    public List<Utterance> utterances(MemoryId memory, UUID callId) {
        return extracting.utterances(memory, callId);
    }

    /** Whether what an extractor of this version found in a call is stored, be it nothing. */
    public boolean isExtracted(MemoryId memory, UUID callId) {
        return extracting.isStored(memory, callId);
    }

    /**
     * Stores what an extractor found in a call, once a call and version of the extractor, as far as the configuration's two
     * switches and the rules let it: every statement needs evidence, all of it turns of the caller in this call whose words
     * bear it out ({@link dev.recaller.memory.extract.Evidence}); names of the caller are left to the rules, how well they
     * are proven to nobody; a key of the registry keeps its newest value; secrets are redacted.
     *
     * @return how many statements were stored; those known before do not count
     * @throws MemoryException {@code NOT_FOUND} when the organization has no such memory
     */
    public int storeExtraction(MemoryId memory, UUID callId, MemoryConfiguration configuration, Extraction extraction) {
        return configuration.extracts() ? extracting.store(memory, callId, configuration, extraction) : 0;
    }

    /**
     * A model's summary of one call, for people to read: it may tell what the agent said, so it is never evidence and never
     * recalled.
     */
    public Optional<String> summary(String organizationId, UUID callId) {
        return extracting.summary(organizationId, callId);
    }

    private static void requireLimit(int limit) {
        if (limit < 1 || limit > LARGEST) {
            throw new IllegalArgumentException("limit: " + limit + " is not 1 to " + LARGEST);
        }
    }

    /** Stops making vectors; those not made are made when their caller is next loaded. */
    @Override
    public void close() {
        vectorizing.close();
    }
}
