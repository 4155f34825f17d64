package dev.recaller.bench.writes;

import dev.recaller.memory.Turn;
import java.util.UUID;

/** Stores one turn of a caller's call durably: when it returns, the turn survives a crash. For many threads. */
interface TurnStore {

    void store(int caller, UUID callId, Turn turn) throws Exception;
}
