package dev.recaller.flow.node;

import dev.recaller.flow.EndReason;
import dev.recaller.flow.definition.SpeechNode;
import dev.recaller.flow.line.Said;

final class HangupNodeExecutor implements NodeExecutor<SpeechNode.Hangup> {

    @Override
    public Outcome execute(SpeechNode.Hangup node, Call call) throws InterruptedException {
        if (node.say() != null && call.talk().say(call.render(node, node.say())) instanceof Said.HungUp) {
            return new Outcome.Ended(EndReason.CALLER_HANGUP);
        }
        if (node.returns() && call.nested()) {
            return new Outcome.Returned();
        }
        call.talk().hangUp();
        return new Outcome.Ended(EndReason.AGENT_HANGUP);
    }
}
