package dev.recaller.memory.recall;

/**
 * What speaks for a passage when a question is asked. Each is between 0 and 1; word and vector scores are scaled so over
 * one caller's passages for one question.
 */
public enum Signal {
    /** Words shared with the passage and the turn before it. */
    PAIR_WORDS,
    /** Words shared with the passage and both its neighbours. */
    AROUND_WORDS,
    /** Words shared with the call. */
    CALL_WORDS,
    /** Words shared with the passage alone. */
    WORDS,
    /** Words shared with the turn before. */
    WORDS_BEFORE,
    /** Words shared with the turn after. */
    WORDS_AFTER,
    /** Words shared with the turn before that before. */
    WORDS_TWO_BEFORE,
    /** Groups of four letters shared: misheard and misspelled words. */
    LETTERS,
    /** Two words in the same order. */
    PHRASES,
    /** Meaning alike. */
    MEANING,
    /** Meaning alike, read with the turn before. */
    PAIR_MEANING,
    /** Meaning of the turn before alike. */
    MEANING_BEFORE,
    /** Meaning of the turn after alike. */
    MEANING_AFTER,
    /** Said by who the question is about, and not by all who speak. */
    SPEAKER,
    /** Said at the time the question is about, or soon after. */
    DATE,
    /** Is a question itself. */
    ASKS,
    /** Opens its call. */
    FIRST,
    /** Speaks of oneself. */
    PERSONAL,
    /** Has a time in it. */
    TIME,
    /** Has a time in it, and the question asks for one. */
    TIME_ASKED,
    /** Has a number in it, and the question asks for one. */
    NUMBER_ASKED,
    /** A fact that came from it answers. */
    FACT,
    /** Each word of the question finds one alike; only the best fifty are looked at. */
    MATCH,
    /** The same of the turn before. */
    MATCH_BEFORE;

    static final int COUNT = values().length;
}
