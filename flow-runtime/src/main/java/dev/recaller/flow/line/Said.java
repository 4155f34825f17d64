package dev.recaller.flow.line;

/** How saying something ended, with the words the caller really heard. */
public sealed interface Said {

    String heard();

    record Whole(String heard) implements Said {}

    /** The caller began to speak; {@link Line#listen} returns what they said. */
    record Interrupted(String heard) implements Said {}

    /** The line is gone. */
    record HungUp(String heard) implements Said {}
}
