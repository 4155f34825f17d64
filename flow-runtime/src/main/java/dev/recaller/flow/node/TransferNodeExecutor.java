package dev.recaller.flow.node;

import dev.recaller.flow.EndReason;
import dev.recaller.flow.definition.PhoneNode;
import dev.recaller.flow.line.Said;
import dev.recaller.flow.line.Transferred;

/** Hands the caller on. The flow goes on after it, but nobody hears it any more. */
final class TransferNodeExecutor implements NodeExecutor<PhoneNode.Transfer> {

    @Override
    public Outcome execute(PhoneNode.Transfer node, Call call) throws InterruptedException {
        String to = call.render(node, node.to()).strip();
        if (to.isEmpty()) {
            call.warn(node, "there is nobody to transfer to: 'to' is empty");
            return new Outcome.Took("failed");
        }
        if (node.say() != null && call.talk().say(call.render(node, node.say())) instanceof Said.HungUp) {
            return new Outcome.Ended(EndReason.CALLER_HANGUP);
        }
        return switch (call.talk().transfer(to, node.ring())) {
            case Transferred.Done _ -> new Outcome.Took("done");
            case Transferred.Busy _ -> new Outcome.Took("busy");
            case Transferred.NoAnswer _ -> new Outcome.Took("no_answer");
            case Transferred.HungUp _ -> new Outcome.Ended(EndReason.CALLER_HANGUP);
            case Transferred.Failed(String why) -> {
                call.warn(node, "the transfer failed: " + why);
                yield new Outcome.Took("failed");
            }
        };
    }
}
