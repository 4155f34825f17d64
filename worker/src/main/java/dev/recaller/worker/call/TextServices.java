package dev.recaller.worker.call;

import dev.recaller.flow.engine.FlowRunner;
import dev.recaller.memory.UnifiedMemoryService;
import dev.recaller.sql.TimeOrderedIds;
import dev.recaller.worker.store.CallStore;
import java.time.InstantSource;

/** What all conversations in text share; all of it is safe for use by many at once and outlives them. */
public record TextServices(
        FlowChoice choice,
        FlowRunner flows,
        UnifiedMemoryService memory,
        CallStore store,
        AfterCalls afterCalls,
        LiveCalls live,
        TimeOrderedIds ids,
        InstantSource clock) {}
