package dev.recaller.flow.node;

import dev.recaller.flow.definition.PhoneNode;
import java.util.regex.Pattern;

final class SendDigitsNodeExecutor implements NodeExecutor<PhoneNode.SendDigits> {

    private static final Pattern DIGITS = Pattern.compile("[0-9A-D*#w]{1,128}");

    @Override
    public Outcome execute(PhoneNode.SendDigits node, Call call) throws InterruptedException {
        String digits = call.render(node, node.digits()).replaceAll("[\\s-]", "");
        if (!DIGITS.matcher(digits).matches()) {
            call.warn(node, "'digits' must be 1 to 128 of 0-9, A-D, *, # and w");
            return new Outcome.Took("failed");
        }
        return new Outcome.Took(call.talk().sendDigits(digits) ? "done" : "failed");
    }
}
