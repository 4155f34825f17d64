package dev.recaller.flow.node;

import dev.recaller.flow.EndReason;
import dev.recaller.flow.definition.SpeechNode;

final class WaitNodeExecutor implements NodeExecutor<SpeechNode.Wait> {

    @Override
    public Outcome execute(SpeechNode.Wait node, Call call) throws InterruptedException {
        if (node.music()) {
            call.talk().music(true);
        }
        try {
            return call.talk().pause(node.duration())
                    ? new Outcome.Took("done")
                    : new Outcome.Ended(EndReason.CALLER_HANGUP);
        } finally {
            call.talk().music(false);
        }
    }
}
