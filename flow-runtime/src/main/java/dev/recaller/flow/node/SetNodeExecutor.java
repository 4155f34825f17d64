package dev.recaller.flow.node;

import dev.recaller.flow.definition.LogicNode;
import dev.recaller.memory.Assurance;

/** Sets variables top to bottom, so a later one may read an earlier one. One without a value stays as it was. */
final class SetNodeExecutor implements NodeExecutor<LogicNode.SetVariables> {

    @Override
    public Outcome execute(LogicNode.SetVariables node, Call call) {
        if (node.verified()) {
            call.context().raise(Assurance.VERIFIED);
        }
        node.values()
                .forEach((name, expression) -> call.evaluate(node, expression)
                        .ifPresent(value -> call.context().set(name, value)));
        return new Outcome.Took("done");
    }
}
