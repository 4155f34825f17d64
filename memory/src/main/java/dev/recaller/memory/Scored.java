package dev.recaller.memory;

/** A search hit; a higher score is better, scores compare only within one search. */
public record Scored<T>(T value, double score) {}
