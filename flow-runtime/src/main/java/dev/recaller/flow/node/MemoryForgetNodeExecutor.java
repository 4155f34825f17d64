package dev.recaller.flow.node;

import dev.recaller.flow.definition.MemoryNode;

/** Erases what is remembered of the caller; nothing more of this call is stored. */
final class MemoryForgetNodeExecutor implements NodeExecutor<MemoryNode.Forget> {

    @Override
    public Outcome execute(MemoryNode.Forget node, Call call) throws InterruptedException {
        try {
            return new Outcome.Took(call.memory().forget() ? "done" : "error");
        } catch (UnsupportedOperationException e) {
            call.warn(node, String.valueOf(e.getMessage()));
            return new Outcome.Took("error");
        }
    }
}
