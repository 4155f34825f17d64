package dev.recaller.flow.line;

import java.time.Duration;

/** What came from the caller. */
public sealed interface Heard {

    record Speech(String text) implements Heard {}

    /** Nobody spoke for so long. */
    record Silence(Duration lasted) implements Heard {}

    /** Keys of the telephone: 0 to 9, * and #. */
    record Digits(String digits) implements Heard {}

    /** The line is gone. */
    record HungUp() implements Heard {}
}
