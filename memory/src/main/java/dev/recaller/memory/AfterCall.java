package dev.recaller.memory;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/**
 * What a flow says of the time after its calls.
 *
 * @param model which reads the call then, as its provider names it
 * @param longestCall after this a call is over, whether somebody says so or not
 */
public record AfterCall(String model, Duration longestCall) {
    public AfterCall {
        requireNonNull(model, "model is null");
        requireNonNull(longestCall, "longestCall is null");
    }
}
