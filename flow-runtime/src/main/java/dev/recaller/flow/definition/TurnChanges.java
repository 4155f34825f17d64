package dev.recaller.flow.definition;

import dev.recaller.flow.definition.FlowConfiguration.Endpointing;
import dev.recaller.flow.definition.FlowConfiguration.Interruption;
import dev.recaller.flow.definition.FlowConfiguration.Silence;
import dev.recaller.flow.definition.FlowConfiguration.Turns;
import org.jspecify.annotations.Nullable;

/** A node's {@code turns}: what it changes of the flow's while the call is in it; null is as the flow has it. */
public record TurnChanges(
        @Nullable Integer minMs,
        @Nullable Integer maxMs,
        @Nullable Boolean interruptible,
        @Nullable Integer minSpeechMs,
        @Nullable Integer resumeAfterMs,
        @Nullable Integer promptAfterMs,
        @Nullable Integer maxPrompts,
        @Nullable Integer holdMs) {

    public static final TurnChanges NONE = new TurnChanges(null, null, null, null, null, null, null, null);

    public Turns of(Turns flow) {
        if (equals(NONE)) {
            return flow;
        }
        int minimum = or(minMs, flow.endpointing().minMs());
        return new Turns(
                new Endpointing(
                        minimum, Math.max(minimum, or(maxMs, flow.endpointing().maxMs()))),
                new Interruption(
                        interruptible == null ? flow.interruption().enabled() : interruptible,
                        or(minSpeechMs, flow.interruption().minSpeechMs()),
                        or(resumeAfterMs, flow.interruption().resumeAfterMs())),
                new Silence(
                        or(promptAfterMs, flow.silence().promptAfterMs()),
                        or(maxPrompts, flow.silence().maxPrompts()),
                        or(holdMs, flow.silence().holdMs())));
    }

    /** Of {@code turns}, a node's or the flow's. */
    static TurnChanges read(Fields turns) {
        Fields endpointing = turns.object("endpointing");
        Integer minMs = endpointing.optionalNumber("minMs", 50, 5_000);
        Integer maxMs = endpointing.optionalNumber("maxMs", 50, 10_000);
        if (minMs != null && maxMs != null && maxMs < minMs) {
            endpointing.complain("maxMs", "is less than minMs", null);
        }
        Fields interruption = turns.object("interruption");
        Fields silence = turns.object("silence");
        return new TurnChanges(
                minMs,
                maxMs,
                interruption.optionalFlag("enabled"),
                interruption.optionalNumber("minSpeechMs", 50, 5_000),
                interruption.optionalNumber("resumeAfterMs", 0, 30_000),
                silence.optionalNumber("promptAfterMs", 500, 120_000),
                silence.optionalNumber("maxPrompts", 0, 10),
                silence.optionalNumber("holdMs", 1_000, 600_000));
    }

    private static int or(@Nullable Integer own, int flows) {
        return own == null ? flows : own;
    }
}
