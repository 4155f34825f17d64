package dev.recaller.flow.node;

import dev.recaller.flow.EndReason;
import dev.recaller.flow.definition.SpeechNode;
import dev.recaller.flow.line.Said;
import java.util.Optional;

final class PlayNodeExecutor implements NodeExecutor<SpeechNode.Play> {

    @Override
    public Outcome execute(SpeechNode.Play node, Call call) throws InterruptedException {
        Optional<Said> said = call.talk().play(node.audio());
        if (said.isEmpty()) {
            call.warn(node, "'" + node.audio() + "' cannot be played on this line");
        }
        return said.orElse(null) instanceof Said.HungUp
                ? new Outcome.Ended(EndReason.CALLER_HANGUP)
                : new Outcome.Took("done");
    }
}
