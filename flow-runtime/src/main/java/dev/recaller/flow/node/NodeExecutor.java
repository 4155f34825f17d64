package dev.recaller.flow.node;

import dev.recaller.flow.definition.Node;

/** Runs nodes of one type, on the call's thread. Holds no state: one serves all calls. */
interface NodeExecutor<N extends Node> {

    Outcome execute(N node, Call call) throws InterruptedException;
}
