package dev.recaller.flow.node;

import dev.recaller.flow.definition.LogicNode;

/** Nothing to do: the node's edges decide. */
final class ConditionNodeExecutor implements NodeExecutor<LogicNode.Condition> {

    @Override
    public Outcome execute(LogicNode.Condition node, Call call) {
        return new Outcome.Took("done");
    }
}
