package dev.recaller.worker.openai;

/** Told how many tokens a request cost, as far as the server says so. */
@FunctionalInterface
public interface TokenUsage {
    void used(long promptTokens, long answerTokens);
}
