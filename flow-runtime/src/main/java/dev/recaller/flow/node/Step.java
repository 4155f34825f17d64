package dev.recaller.flow.node;

/** What came of asking a model once. */
sealed interface Step {

    /** The node is left. */
    record Left(Outcome outcome) implements Step {}

    /** It is the caller's turn. */
    record Spoke() implements Step {}

    /** Functions were called, and the model is to be told what they returned. */
    record Called() implements Step {}

    /** The model neither said nor called anything. */
    record Silent() implements Step {}

    /** The model failed before it said anything: another may be asked. */
    record Broke() implements Step {}
}
