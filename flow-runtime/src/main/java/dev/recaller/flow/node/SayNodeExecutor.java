package dev.recaller.flow.node;

import dev.recaller.flow.EndReason;
import dev.recaller.flow.definition.SpeechNode;
import dev.recaller.flow.line.Said;

final class SayNodeExecutor implements NodeExecutor<SpeechNode.Say> {

    @Override
    public Outcome execute(SpeechNode.Say node, Call call) throws InterruptedException {
        return switch (call.talk().say(call.render(node, node.text()))) {
            case Said.Whole _, Said.Interrupted _ -> new Outcome.Took("done");
            case Said.HungUp _ -> new Outcome.Ended(EndReason.CALLER_HANGUP);
        };
    }
}
