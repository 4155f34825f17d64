package dev.recaller.flow.node;

import dev.recaller.flow.EndReason;
import dev.recaller.flow.definition.Node;
import dev.recaller.flow.line.Said;

final class HangupNodeExecutor implements NodeExecutor<Node.Hangup> {

    @Override
    public Outcome execute(Node.Hangup node, Call call) throws InterruptedException {
        if (node.say() != null && call.talk().say(call.render(node, node.say())) instanceof Said.HungUp) {
            return new Outcome.Ended(EndReason.CALLER_HANGUP);
        }
        call.talk().hangUp();
        return new Outcome.Ended(EndReason.AGENT_HANGUP);
    }
}
