package dev.recaller.flow.node;

import dev.recaller.flow.definition.Node;

/** Sets variables top to bottom, so a later one may read an earlier one. One without a value stays as it was. */
final class SetNodeExecutor implements NodeExecutor<Node.SetVariables> {

    @Override
    public Outcome execute(Node.SetVariables node, Call call) {
        node.values()
                .forEach((name, expression) -> call.evaluate(node, expression)
                        .ifPresent(value -> call.context().set(name, value)));
        return new Outcome.Took("done");
    }
}
