package dev.recaller.flow.node;

import dev.recaller.flow.EndReason;
import dev.recaller.flow.definition.PhoneNode;
import dev.recaller.flow.line.Heard;
import dev.recaller.flow.line.Said;

/** Takes keys one by one until there are enough, the finishing key comes, or no further one does. */
final class CollectDigitsNodeExecutor implements NodeExecutor<PhoneNode.CollectDigits> {

    @Override
    public Outcome execute(PhoneNode.CollectDigits node, Call call) throws InterruptedException {
        if (node.say() != null && call.talk().say(call.render(node, node.say())) instanceof Said.HungUp) {
            return new Outcome.Ended(EndReason.CALLER_HANGUP);
        }
        StringBuilder digits = new StringBuilder();
        while (true) {
            switch (call.talk().keys(digits.isEmpty() ? node.first() : node.next())) {
                case Heard.HungUp _ -> {
                    return new Outcome.Ended(EndReason.CALLER_HANGUP);
                }
                case Heard.Digits(String keys) -> {
                    if (add(node, digits, keys)) {
                        return taken(node, call, digits.toString());
                    }
                }
                case Heard.Silence _ -> {
                    return digits.isEmpty() ? new Outcome.Took("timeout") : taken(node, call, digits.toString());
                }
                case Heard.Speech _ -> {}
            }
        }
    }

    /** Whether that is all. */
    private static boolean add(PhoneNode.CollectDigits node, StringBuilder digits, String keys) {
        for (int i = 0; i < keys.length(); i++) {
            char key = keys.charAt(i);
            if (node.finishOn() != null && key == node.finishOn()) {
                return true;
            }
            digits.append(key);
            if (digits.length() == node.max()) {
                return true;
            }
        }
        return false;
    }

    private static Outcome taken(PhoneNode.CollectDigits node, Call call, String digits) {
        if (digits.length() < node.min()) {
            return new Outcome.Took("invalid");
        }
        if (node.secret()) {
            call.context().setSecret(node.into(), digits);
        } else {
            call.context().set(node.into(), digits);
        }
        return new Outcome.Took("complete");
    }
}
