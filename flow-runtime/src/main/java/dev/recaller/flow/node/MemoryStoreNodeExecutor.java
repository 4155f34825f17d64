package dev.recaller.flow.node;

import dev.recaller.flow.definition.Node;
import java.util.Locale;

/** Stores every turn since the last store, in one transaction. */
final class MemoryStoreNodeExecutor implements NodeExecutor<Node.MemoryStore> {

    @Override
    public Outcome execute(Node.MemoryStore node, Call call) throws InterruptedException {
        return new Outcome.Took(call.memory().store(node.minAssurance()).name().toLowerCase(Locale.ROOT));
    }
}
