package dev.recaller.memory.recall;

/**
 * Okapi BM25 over one caller's texts. Rare terms weigh {@code ln(1 + (N - n + 0.5) / (n + 0.5))}.
 *
 * @param saturation k1: how soon a term's further occurrences stop counting
 * @param length b: how much a text's length counts
 */
record Bm25(double saturation, double length) {

    /**
     * How well each text fits.
     *
     * @param counts for each term how often each text has it
     * @param lengths of the texts
     * @param corpus how many texts, from the first, decide what is rare and what is long
     */
    double[] scores(int[][] counts, int[] lengths, int corpus) {
        double[] scores = new double[lengths.length];
        long total = 0;
        for (int text = 0; text < corpus; text++) {
            total += lengths[text];
        }
        if (total == 0) {
            return scores;
        }
        double[] slowness = new double[lengths.length];
        for (int text = 0; text < lengths.length; text++) {
            slowness[text] = saturation * (1 - length + length * lengths[text] * corpus / total);
        }
        for (int[] count : counts) {
            int having = 0;
            for (int text = 0; text < corpus; text++) {
                having += count[text] > 0 ? 1 : 0;
            }
            double rarity = Math.log(1 + (corpus - having + 0.5) / (having + 0.5));
            for (int text = 0; text < lengths.length; text++) {
                if (count[text] > 0) {
                    scores[text] += rarity * count[text] * (saturation + 1) / (count[text] + slowness[text]);
                }
            }
        }
        return scores;
    }
}
