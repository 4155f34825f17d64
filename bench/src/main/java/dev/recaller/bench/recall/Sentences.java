package dev.recaller.bench.recall;

import java.util.List;

/** What callers say and ask in the benchmark: plain sentences, the same ones in every run. */
final class Sentences {

    /** How many differ; the model reads each of them once. */
    static final int COUNT = 1_500;

    private static final List<String> WHO = List.of(
            "my daughter",
            "my neighbour Ahmed",
            "my brother",
            "our dentist",
            "my colleague Ruth",
            "the plumber",
            "my wife",
            "the landlord",
            "my old teacher",
            "a friend from Leeds",
            "the whole family",
            "my doctor");

    private static final List<String> DID = List.of(
            "bought a second-hand bicycle",
            "lost the house keys",
            "moved to the third floor",
            "ordered two boxes of tiles",
            "asked for an earlier appointment",
            "plays the violin in an orchestra",
            "wants to cancel the subscription",
            "found a wallet near the station",
            "repaired the dishwasher",
            "is allergic to walnuts",
            "will fly to Lisbon",
            "sold the blue car",
            "has a fever since yesterday",
            "planted twelve apple trees",
            "needs a new passport");

    private static final List<String> WHEN = List.of(
            "last Tuesday",
            "in the spring",
            "before the holidays",
            "two weeks ago",
            "on the day of the storm",
            "around half past nine",
            "this morning",
            "when we spoke the last time",
            "at the end of March");

    private Sentences() {}

    static String sentence(int n) {
        String who = WHO.get(n % WHO.size());
        return Character.toUpperCase(who.charAt(0)) + who.substring(1) + " " + did(n) + " " + when(n)
                + (n % 2 == 0 ? "." : ", I think, but I would have to look it up to be sure.");
    }

    static String question(int n) {
        return switch (n % 3) {
            case 0 -> "Do you remember who " + did(n) + "?";
            case 1 -> "What did I tell you about " + WHO.get(n % WHO.size()) + " " + when(n) + "?";
            default -> "It is about " + WHO.get(n % WHO.size()) + ", who " + did(n) + ".";
        };
    }

    private static String did(int n) {
        return DID.get(n / WHO.size() % DID.size());
    }

    private static String when(int n) {
        return WHEN.get(n / (WHO.size() * DID.size()) % WHEN.size());
    }
}
