package dev.recaller.worker.fallback;

/**
 * One of several providers.
 *
 * @param name with its model, for logs: {@code openai/tts-1}
 * @param provider limited in time, see {@link TimeLimits}
 */
public record Link<P>(String name, P provider, Circuit circuit) {}
