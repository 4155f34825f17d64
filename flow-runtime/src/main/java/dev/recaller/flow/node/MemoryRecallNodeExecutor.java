package dev.recaller.flow.node;

import dev.recaller.flow.definition.Node;
import java.util.Locale;

/** Reads the caller's memory into a variable, which keeps its value when nothing was found. */
final class MemoryRecallNodeExecutor implements NodeExecutor<Node.MemoryRecall> {

    @Override
    public Outcome execute(Node.MemoryRecall node, Call call) throws InterruptedException {
        CallMemory.Recalled recalled = call.memory().recall(node.timeout(), node.maxItems());
        recalled.recollection().ifPresent(found -> call.context().set(node.into(), found));
        return new Outcome.Took(recalled.outcome().name().toLowerCase(Locale.ROOT));
    }
}
