package dev.recaller.flow.node;

import dev.recaller.flow.EndReason;
import dev.recaller.flow.definition.PhoneNode;
import dev.recaller.flow.line.Said;
import dev.recaller.flow.line.Transferred;

/** Hands the caller on. The flow goes on after it, but nobody hears it any more. */
final class TransferNodeExecutor implements NodeExecutor<PhoneNode.Transfer> {

    private static final int OK = 200;

    @Override
    public Outcome execute(PhoneNode.Transfer node, Call call) throws InterruptedException {
        String to = call.render(node, node.to()).strip();
        if (to.isEmpty()) {
            call.warn(node, "there is nobody to transfer to: 'to' is empty");
            return took("failed", 0, node, call);
        }
        if (node.say() != null && call.talk().say(call.render(node, node.say())) instanceof Said.HungUp) {
            return new Outcome.Ended(EndReason.CALLER_HANGUP);
        }
        Transferred how = node.warm() == null
                ? call.talk().transfer(to, node.ring())
                : new WarmTransfer(node, node.warm(), call).to(to);
        return switch (how) {
            case Transferred.Done _ -> took("done", OK, node, call);
            case Transferred.Busy(int sipStatus) -> took("busy", sipStatus, node, call);
            case Transferred.NoAnswer(int sipStatus) -> took("no_answer", sipStatus, node, call);
            case Transferred.Declined(int sipStatus) ->
                took(node.warm() == null ? "failed" : "declined", sipStatus, node, call);
            case Transferred.HungUp _ -> new Outcome.Ended(EndReason.CALLER_HANGUP);
            case Transferred.Failed(int sipStatus, String why) -> {
                call.warn(node, "the transfer failed: " + why);
                yield took("failed", sipStatus, node, call);
            }
        };
    }

    private static Outcome took(String port, int sipStatus, PhoneNode.Transfer node, Call call) {
        if (node.into() != null) {
            call.context().set(node.into(), (long) sipStatus);
        }
        return new Outcome.Took(port);
    }
}
