package dev.recaller.memory.jobs;

import java.time.Instant;

/**
 * A job that failed too often.
 *
 * @param instance of an extraction {@code <call id>/<extractor version>}
 * @param reason one word: why it failed last
 */
public record ParkedJob(String kind, String instance, int failures, String reason, Instant parkedAt) {}
