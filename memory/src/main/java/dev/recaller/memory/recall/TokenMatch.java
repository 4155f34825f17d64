package dev.recaller.memory.recall;

import java.util.List;

/** ColBERT's late interaction: each word piece of the question finds the one most alike in a passage. */
final class TokenMatch {

    private static final double FULL = 127.0 * 127.0;

    private final byte[] question;
    private final double[] rarity;

    /** @param having how many of all {@code passages} have a word piece, by its number */
    TokenMatch(byte[] question, int[] having, int passages) {
        this.question = question;
        rarity = new double[question.length / TokenBasis.TOKEN];
        for (int token = 0; token < rarity.length; token++) {
            int with = having[piece(question, token)];
            rarity[token] = Math.log(1 + (passages - with + 0.5) / (with + 0.5));
        }
    }

    /** The mean likeness of the question's pieces, each weighing as it is rare; at most about 1. */
    double score(byte[] passage) {
        double sum = 0;
        double all = 0;
        for (int token = 0; token < rarity.length; token++) {
            int best = Integer.MIN_VALUE;
            int from = token * TokenBasis.TOKEN + 2;
            for (int at = 2; at < passage.length; at += TokenBasis.TOKEN) {
                int alike = 0;
                for (int i = 0; i < TokenBasis.KEPT; i++) {
                    alike += question[from + i] * passage[at + i];
                }
                best = Math.max(best, alike);
            }
            sum += rarity[token] * (passage.length == 0 ? 0 : best / FULL);
            all += rarity[token];
        }
        return all == 0 ? 0 : sum / all;
    }

    /** Adds {@code by} in {@code having} once for each word piece of each passage. */
    static void count(List<Vectors> passages, int[] having, int by) {
        int[] lastSeen = new int[passages.isEmpty() ? 0 : having.length];
        int number = 0;
        for (Vectors vectors : passages) {
            number++;
            int tokens = vectors.tokens().length / TokenBasis.TOKEN;
            for (int token = 0; token < tokens; token++) {
                int piece = piece(vectors.tokens(), token);
                having[piece] += lastSeen[piece] == number ? 0 : by;
                lastSeen[piece] = number;
            }
        }
    }

    private static int piece(byte[] tokens, int token) {
        int at = token * TokenBasis.TOKEN;
        return (tokens[at] & 0xff) | (tokens[at + 1] & 0xff) << 8;
    }
}
