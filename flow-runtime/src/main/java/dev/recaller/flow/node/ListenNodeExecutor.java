package dev.recaller.flow.node;

import dev.recaller.flow.EndReason;
import dev.recaller.flow.definition.SpeechNode;
import dev.recaller.flow.line.Heard;

final class ListenNodeExecutor implements NodeExecutor<SpeechNode.Listen> {

    @Override
    public Outcome execute(SpeechNode.Listen node, Call call) throws InterruptedException {
        return switch (call.talk().listen()) {
            case Heard.Speech(String text) -> {
                keep(node, call, text);
                yield new Outcome.Took("heard");
            }
            case Heard.Digits(String digits) -> {
                keep(node, call, digits);
                yield new Outcome.Keyed(digits);
            }
            case Heard.Silence _ -> new Outcome.Took("silence");
            case Heard.HungUp _ -> new Outcome.Ended(EndReason.CALLER_HANGUP);
        };
    }

    private static void keep(SpeechNode.Listen node, Call call, String text) {
        if (node.into() != null) {
            call.context().set(node.into(), text);
        }
    }
}
