package dev.recaller.flow.node;

import dev.recaller.flow.definition.MemoryNode;
import java.util.Locale;

/** Reads the caller's memory into a variable, which keeps its value when nothing was found. */
final class MemoryRecallNodeExecutor implements NodeExecutor<MemoryNode.Recall> {

    @Override
    public Outcome execute(MemoryNode.Recall node, Call call) throws InterruptedException {
        CallMemory.Recalled recalled = call.memory().recall(node.timeout(), node.maxItems());
        recalled.recollection().ifPresent(found -> call.context().set(node.into(), found));
        return new Outcome.Took(recalled.outcome().name().toLowerCase(Locale.ROOT));
    }
}
