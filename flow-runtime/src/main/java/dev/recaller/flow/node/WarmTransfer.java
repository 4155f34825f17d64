package dev.recaller.flow.node;

import dev.recaller.flow.definition.PhoneNode.Transfer;
import dev.recaller.flow.line.Consultation;
import dev.recaller.flow.line.Consulted;
import dev.recaller.flow.line.Heard;
import dev.recaller.flow.line.Line;
import dev.recaller.flow.line.Transferred;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/**
 * Hands the caller to somebody who is told first what it is about, and then says yes or presses 1: who does neither may be a
 * machine. The caller hears music meanwhile, and is with us again if it comes to nothing.
 */
final class WarmTransfer {

    /** After so much silence they are asked once more. */
    private static final Duration PATIENCE = Duration.ofSeconds(8);

    private static final int TIMES_ASKED = 2;

    /** SIP's status of a call that was picked up. */
    private static final int PICKED_UP = 200;

    private final Transfer node;
    private final Transfer.Warm warm;
    private final Call call;

    WarmTransfer(Transfer node, Transfer.Warm warm, Call call) {
        this.node = node;
        this.warm = warm;
        this.call = call;
    }

    Transferred to(String to) throws InterruptedException {
        Talk talk = call.talk();
        talk.music(true);
        try {
            String briefing = warm.say() == null ? Briefing.of(node, call) : call.render(node, warm.say());
            return switch (talk.consult(to, node.ring())) {
                case Consulted.NotReached(var how) -> how;
                case Consulted.Reached(var consultation) -> {
                    try (consultation) {
                        yield handOver(consultation, briefing);
                    }
                }
            };
        } finally {
            talk.music(false);
        }
    }

    private Transferred handOver(Consultation consultation, String briefing) throws InterruptedException {
        Locale locale = call.flow().configuration().locale();
        Line colleague = consultation.line();
        String words = briefing + " " + TakingOver.question(locale);
        for (int asked = 0; asked < TIMES_ASKED; asked++) {
            List<String> sentences = SentenceSplitter.split(words, locale);
            colleague.say(sentences.iterator());
            switch (answer(colleague.listen(PATIENCE), locale)) {
                case YES -> {
                    call.talk().music(false);
                    return call.talk().join(consultation);
                }
                case NO -> {
                    return call.talk().gone() ? new Transferred.HungUp() : new Transferred.Declined(PICKED_UP);
                }
                case UNCLEAR -> words = TakingOver.question(locale);
            }
        }
        return new Transferred.NoAnswer(PICKED_UP);
    }

    private static TakingOver.Answer answer(Heard heard, Locale locale) {
        return switch (heard) {
            case Heard.Speech(String words) -> TakingOver.answer(words, locale);
            case Heard.Digits(String keys) ->
                keys.contains("1")
                        ? TakingOver.Answer.YES
                        : keys.contains("2") ? TakingOver.Answer.NO : TakingOver.Answer.UNCLEAR;
            case Heard.Silence _ -> TakingOver.Answer.UNCLEAR;
            case Heard.HungUp _ -> TakingOver.Answer.NO;
        };
    }
}
