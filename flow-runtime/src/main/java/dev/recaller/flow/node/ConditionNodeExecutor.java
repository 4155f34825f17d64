package dev.recaller.flow.node;

import dev.recaller.flow.definition.Node;

/** Nothing to do: the node's edges decide. */
final class ConditionNodeExecutor implements NodeExecutor<Node.Condition> {

    @Override
    public Outcome execute(Node.Condition node, Call call) {
        return new Outcome.Took("done");
    }
}
