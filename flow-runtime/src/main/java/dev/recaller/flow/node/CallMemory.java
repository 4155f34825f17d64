package dev.recaller.flow.node;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import dev.recaller.flow.FlowContext;
import dev.recaller.flow.FlowListener;
import dev.recaller.flow.FlowListener.RecallOutcome;
import dev.recaller.memory.AfterCall;
import dev.recaller.memory.Assurance;
import dev.recaller.memory.Conversation;
import dev.recaller.memory.MemoryConfiguration;
import dev.recaller.memory.MemoryException;
import dev.recaller.memory.MemoryIdentity;
import dev.recaller.memory.Query;
import dev.recaller.memory.Recollection;
import dev.recaller.memory.Turn;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * What one call reads and writes in memory. Nothing is read or written when memory is off or the caller has no usable
 * identity. The first recall, while the phone rings, opens the caller's memory, which serves all others. The database is
 * used by threads of its own: the talk waits for it only as long as a node allows, what was opened too late is there for
 * the next recall, and what could not be stored in time is stored at the end.
 */
public final class CallMemory {

    enum StoreOutcome {
        STORED,
        SKIPPED,
        ERROR
    }

    /** What a recall brought; the recollection is there when memory answered, even if it is empty. */
    record Recalled(RecallOutcome outcome, Optional<Recollection> recollection) {}

    private record Allowed(Duration timeout, int maxItems) {}

    private record Access(MemoryIdentity identity, MemoryConfiguration configuration) {}

    private static final Duration ASK_PATIENCE = Duration.ofSeconds(1);
    private static final int ASKED_ITEMS = 10;
    private static final Duration STORE_PATIENCE = Duration.ofSeconds(2);
    private static final Duration FORGET_PATIENCE = Duration.ofSeconds(5);
    private static final Duration LAST_LOOK = Duration.ofSeconds(1);
    private static final Duration UNHEARD = Duration.ofMillis(300);
    private static final List<Duration> PAUSES = List.of(Duration.ofMillis(300), Duration.ofSeconds(1));

    private final FlowMemory service;
    private final MemoryConfiguration.Given flow;
    private final AfterCall after;
    private final FlowContext context;
    private final FlowListener listener;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final OpenedMemory opened;

    private volatile @Nullable MemoryConfiguration configuration;
    private @Nullable Allowed allowed; // the flow's thread only

    private final ReentrantLock storing = new ReentrantLock(true); // in the order of the turns
    private Assurance minimum = Assurance.PRESENTED; // of the turns not stored yet; under storing
    private volatile int stored; // turns in memory; written under storing
    private volatile boolean forgotten; // written under storing
    private volatile int wanted; // turns a memory_store node asked to store; written by the flow's thread

    public CallMemory(
            FlowMemory service,
            MemoryConfiguration.Given flow,
            AfterCall after,
            FlowContext context,
            FlowListener listener) {
        this.service = service;
        this.flow = flow;
        this.after = after;
        this.context = context;
        this.listener = listener;
        this.opened = new OpenedMemory(
                threads,
                (assurance, limit) ->
                        access().map(access -> service.open(access.identity(), assurance, context.callId(), limit)));
    }

    /** What matters of the caller. */
    Recalled recall(Duration timeout, int maxItems) throws InterruptedException {
        allowed = new Allowed(timeout, maxItems);
        return recall(null, timeout, maxItems);
    }

    /**
     * What fits the caller's words, as much as the last recall of the flow might bring, in less time than anybody hears;
     * nothing before there was one.
     */
    Optional<Recollection> search(String words) throws InterruptedException {
        Allowed known = allowed;
        if (known == null) {
            return Optional.empty();
        }
        Duration timeout = known.timeout().compareTo(UNHEARD) < 0 ? known.timeout() : UNHEARD;
        return recall(words, timeout, known.maxItems()).recollection();
    }

    /** What fits these words, whether or not the flow recalled; for any thread. */
    Recalled ask(String words) throws InterruptedException {
        return recall(words, ASK_PATIENCE, ASKED_ITEMS);
    }

    /** Stores something about the caller that is no turn of the call; for any thread. */
    StoreOutcome note(String text) throws InterruptedException {
        return unusable() ? StoreOutcome.SKIPPED : within(() -> storeNote(text));
    }

    private StoreOutcome storeNote(String text) {
        try {
            Optional<Access> access = access();
            access.ifPresent(it -> service.note(it.identity(), text));
            return access.isPresent() ? StoreOutcome.STORED : StoreOutcome.SKIPPED;
        } catch (MemoryException e) {
            return StoreOutcome.ERROR;
        }
    }

    /** Whether there may be memory to use: as far as is known without asking the database. */
    boolean usable() {
        MemoryConfiguration known = configuration;
        return !unusable()
                && (known == null || (known.enabled() && context.identity(known).isPresent()));
    }

    private Recalled recall(@Nullable String words, Duration timeout, int maxItems) throws InterruptedException {
        long begun = System.nanoTime();
        Recalled recalled = unusable()
                ? new Recalled(RecallOutcome.EMPTY, Optional.empty())
                : recallWithin(timeout, new Query(words, maxItems, context.assurance(), context.callId()));
        listener.recalled(context, recalled.outcome(), since(begun));
        return recalled;
    }

    private Recalled recallWithin(Duration timeout, Query query) throws InterruptedException {
        try {
            Optional<Recollection> recollection = opened.recall(query, timeout);
            boolean found = recollection.isPresent() && !recollection.get().isEmpty();
            return new Recalled(found ? RecallOutcome.FOUND : RecallOutcome.EMPTY, recollection);
        } catch (TimeoutException e) {
            return new Recalled(RecallOutcome.TIMEOUT, Optional.empty());
        } catch (ExecutionException e) {
            return new Recalled(outcome(e.getCause()), Optional.empty());
        } catch (MemoryException e) {
            return new Recalled(outcome(e), Optional.empty());
        }
    }

    private static RecallOutcome outcome(@Nullable Throwable cause) {
        return switch (cause) {
            case MemoryException e when e.code() == MemoryException.Code.TIMEOUT -> RecallOutcome.TIMEOUT;
            case MemoryException _ -> RecallOutcome.ERROR;
            case RuntimeException e -> throw e;
            case Error e -> throw e;
            case null, default -> throw new IllegalStateException(cause);
        };
    }

    /** Stores all turns so far; those not stored before need this assurance to be read back in another call. */
    StoreOutcome store(Assurance minAssurance) throws InterruptedException {
        if (unusable()) {
            return StoreOutcome.SKIPPED;
        }
        wanted = context.turns().size();
        return within(() -> storeWanted(false, minAssurance));
    }

    private StoreOutcome within(Callable<StoreOutcome> store) throws InterruptedException {
        Future<StoreOutcome> outcome = threads.submit(store);
        try {
            StoreOutcome stored = outcome.get(STORE_PATIENCE.toNanos(), NANOSECONDS);
            threads.execute(opened::refresh);
            return stored;
        } catch (TimeoutException e) {
            return StoreOutcome.ERROR;
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
    }

    /** Erases the caller, and stores no more of this call; what kept that from being done, if something did. */
    Optional<String> forget() throws InterruptedException {
        if (unusable()) {
            return Optional.empty();
        }
        Future<Boolean> done = threads.submit(this::forgetUnderLock);
        try {
            return done.get(FORGET_PATIENCE.toNanos(), NANOSECONDS)
                    ? Optional.empty()
                    : Optional.of("nobody is forgotten here: the runner was given no way to");
        } catch (TimeoutException e) {
            return Optional.of("the caller is not forgotten yet: the database did not answer in time");
        } catch (ExecutionException e) {
            return Optional.of("the caller is not forgotten: " + e.getMessage());
        }
    }

    private boolean forgetUnderLock() {
        storing.lock();
        try {
            Optional<Access> access = access();
            boolean able = access.isEmpty() || service.forget(access.get().identity());
            if (able) {
                forgotten = true;
            }
            return able;
        } finally {
            storing.unlock();
        }
    }

    /** A turn ended; with {@code autoStore} it is stored without anybody waiting. */
    void turnEnded() {
        MemoryConfiguration known = configuration;
        if (unusable() || (known != null && !known.autoStore())) {
            return;
        }
        threads.execute(() -> {
            storeWanted(false, Assurance.PRESENTED);
            opened.refresh();
        });
    }

    /** Stores what is not stored yet, trying again for a while. To be called once, at the end. */
    public void finish(Duration patience) throws InterruptedException {
        if (unusable()) {
            threads.close();
            return;
        }
        Future<Boolean> done = threads.submit(this::storeAtLast);
        opened.close();
        threads.shutdown();
        try {
            done.get(patience.toNanos(), NANOSECONDS);
            // Whoever ends the call may close the database next: nobody is to be asking it then.
            boolean _ = threads.awaitTermination(LAST_LOOK.toNanos(), NANOSECONDS);
        } catch (TimeoutException e) {
            listener.storeFailed(context, missing().size(), true, MemoryException.timeout(e));
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
    }

    private boolean storeAtLast() throws InterruptedException {
        for (Duration pause : PAUSES) {
            if (storeWanted(false, Assurance.PRESENTED) != StoreOutcome.ERROR) {
                return true;
            }
            Thread.sleep(pause);
        }
        return storeWanted(true, Assurance.PRESENTED) != StoreOutcome.ERROR;
    }

    private StoreOutcome storeWanted(boolean last, Assurance minAssurance) {
        storing.lock();
        try {
            if (minAssurance.compareTo(minimum) > 0) {
                minimum = minAssurance;
            }
            Optional<Access> access = access();
            access.ifPresent(this::storeMissing);
            minimum = Assurance.PRESENTED;
            return access.isPresent() ? StoreOutcome.STORED : StoreOutcome.SKIPPED;
        } catch (RuntimeException e) {
            listener.storeFailed(context, missing().size(), last, e);
            return StoreOutcome.ERROR;
        } finally {
            storing.unlock();
        }
    }

    private void storeMissing(Access access) {
        List<Turn> turns = missing();
        if (turns.isEmpty()) {
            return;
        }
        long begun = System.nanoTime();
        service.store(
                access.identity(),
                new Conversation(context.callId(), context.assurance(), turns, minimum, after),
                access.configuration());
        stored = turns.getLast().index() + 1;
        listener.stored(context, turns.size(), since(begun));
    }

    /** The turns that belong in memory and are not there; without an answer about {@code autoStore}, those asked for. */
    private List<Turn> missing() {
        MemoryConfiguration known = configuration;
        List<Turn> all = context.turns();
        int end = known != null && known.autoStore() ? all.size() : wanted;
        return all.subList(Math.min(stored, end), end);
    }

    /** Without asking the database: the flow says no, or there is nobody to remember. */
    private boolean unusable() {
        return forgotten
                || Boolean.FALSE.equals(flow.enabled())
                || context.identity(MemoryConfiguration.DEFAULT).isEmpty();
    }

    /** Whose memory and how, with the organization's defaults as of the first use; empty: none. */
    private Optional<Access> access() {
        MemoryConfiguration known = configuration;
        if (known == null) {
            known = service.configuration(context.organizationId(), flow);
            configuration = known;
        }
        MemoryConfiguration resolved = known;
        return resolved.enabled()
                ? context.identity(resolved).map(identity -> new Access(identity, resolved))
                : Optional.empty();
    }

    private static Duration since(long begun) {
        return Duration.ofNanos(System.nanoTime() - begun);
    }
}
