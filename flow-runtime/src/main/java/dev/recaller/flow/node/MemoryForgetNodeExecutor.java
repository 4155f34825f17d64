package dev.recaller.flow.node;

import dev.recaller.flow.definition.MemoryNode;
import java.util.Optional;

/** Erases what is remembered of the caller; nothing more of this call is stored. */
final class MemoryForgetNodeExecutor implements NodeExecutor<MemoryNode.Forget> {

    @Override
    public Outcome execute(MemoryNode.Forget node, Call call) throws InterruptedException {
        Optional<String> problem = call.memory().forget();
        problem.ifPresent(what -> call.warn(node, what));
        return new Outcome.Took(problem.isEmpty() ? "done" : "error");
    }
}
