package dev.recaller.memory;

import java.time.Instant;

/** A current preference of the caller, for example {@code contact_channel = email}. Confidence is 0 to 1. */
public record Preference(String key, String value, String category, double confidence, Instant validFrom) {}
