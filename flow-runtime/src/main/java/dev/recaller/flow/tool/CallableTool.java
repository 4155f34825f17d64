package dev.recaller.flow.tool;

/** Something a model may call, granted by the flow and made for one call. Safe for use by several threads. */
public interface CallableTool {

    /** As the model calls it: letters, digits, {@code _} and {@code -}, 64 at most. */
    String name();

    /** What the model reads to decide. */
    String description();

    /** A JSON Schema as text; arguments that do not fit it never reach {@link #call}. */
    String parameters();

    /**
     * Does it, on a thread of its own, beside the other tools of the same answer; ends soon after it is interrupted.
     *
     * @param argumentsJson a JSON object that fits {@link #parameters}, written by a model: not to be trusted
     * @return what the model is told, as data
     * @throws ToolException what the model is told instead, as a failure; any other exception is told without its words
     */
    String call(String argumentsJson) throws InterruptedException;
}
