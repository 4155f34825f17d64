package dev.recaller.flow.expression;

import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** An expression or template that is wrong, or an expression whose values are missing. */
public final class ExpressionException extends RuntimeException {

    private static final long serialVersionUID = 1;

    /** One thing that is wrong; the hint says what to do about it. */
    public record Mistake(String message, @Nullable String hint) {}

    private final transient List<Mistake> mistakes;

    ExpressionException(List<Mistake> mistakes) {
        super(mistakes.stream().map(Mistake::message).collect(Collectors.joining("; ")));
        this.mistakes = List.copyOf(mistakes);
    }

    ExpressionException(String message, @Nullable String hint) {
        this(List.of(new Mistake(message, hint)));
    }

    public List<Mistake> mistakes() {
        return mistakes;
    }
}
