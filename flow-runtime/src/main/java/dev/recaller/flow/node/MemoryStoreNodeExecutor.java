package dev.recaller.flow.node;

import dev.recaller.flow.definition.MemoryNode;
import java.util.Locale;

/** Stores every turn since the last store, in one transaction. */
final class MemoryStoreNodeExecutor implements NodeExecutor<MemoryNode.Store> {

    @Override
    public Outcome execute(MemoryNode.Store node, Call call) throws InterruptedException {
        return new Outcome.Took(call.memory().store(node.minAssurance()).name().toLowerCase(Locale.ROOT));
    }
}
