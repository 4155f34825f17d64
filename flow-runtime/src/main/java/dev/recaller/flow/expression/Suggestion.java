package dev.recaller.flow.expression;

import java.util.Collection;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/** "Did you mean": the known word nearest to a mistyped one. */
public final class Suggestion {

    private Suggestion() {}

    /** A hint naming the nearest word, else all of them when they are few; null when there is nothing to say. */
    public static @Nullable String of(String word, Collection<String> known) {
        int allowed = Math.max(1, word.length() / 3);
        String nearest = known.stream()
                .filter(candidate -> distance(word, candidate) <= allowed)
                .min(Comparator.<String>comparingInt(candidate -> distance(word, candidate))
                        .thenComparing(Comparator.naturalOrder()))
                .orElse(null);
        if (nearest != null) {
            return "did you mean '" + nearest + "'?";
        }
        return known.isEmpty() || known.size() > 20
                ? null
                : "known: " + String.join(", ", known.stream().sorted().toList());
    }

    /** Optimal string alignment: insertions, deletions, replacements and swaps of neighbours. */
    private static int distance(String a, String b) {
        if (Math.abs(a.length() - b.length()) > 20) {
            return Integer.MAX_VALUE;
        }
        int[][] cost = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                if (i == 0 || j == 0) {
                    cost[i][j] = i + j;
                    continue;
                }
                int replace = cost[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                cost[i][j] = Math.min(replace, Math.min(cost[i - 1][j], cost[i][j - 1]) + 1);
                if (i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1)) {
                    cost[i][j] = Math.min(cost[i][j], cost[i - 2][j - 2] + 1);
                }
            }
        }
        return cost[a.length()][b.length()];
    }
}
