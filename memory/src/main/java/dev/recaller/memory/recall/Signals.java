package dev.recaller.memory.recall;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/** All signals of one question over one caller's passages. */
final class Signals {

    /** Words of a question that count, the first; who asks with more has told a story. */
    private static final int MOST_WORDS = 60;

    /** How many are looked at word by word. */
    private static final int LOOKED_AT = 50;

    private final Placement placement;
    private final int candidates;
    private final Map<Signal, double[]> values = new EnumMap<>(Signal.class);
    private final boolean meaning;
    private final boolean[] shares;

    private Signals(Placement placement, boolean meaning) {
        this.placement = placement;
        this.meaning = meaning;
        candidates = placement.candidates();
        shares = new boolean[candidates];
    }

    /**
     * Those that can be had of all passages.
     *
     * @param meaning whether vectors count; else words alone
     */
    static Signals of(Placement placement, Question question, boolean meaning) {
        var signals = new Signals(placement, meaning);
        List<String> asked =
                Words.of(question.text()).stream().limit(MOST_WORDS).toList();
        double[] facts = signals.addWords(asked);
        if (!meaning) {
            signals.addLetters(asked);
        } else {
            signals.addMeaning(question, facts);
        }
        signals.addFacts(facts);
        signals.addCues(question);
        return signals;
    }

    double[] get(Signal signal) {
        return values.getOrDefault(signal, new double[0]);
    }

    /** Weighted sums, one for each passage that can be found. */
    double[] scores(Map<Signal, Double> weights) {
        double[] scores = new double[candidates];
        // In the order of the signals, so that equal questions give equal sums.
        for (Map.Entry<Signal, double[]> signal : values.entrySet()) {
            double weight = weights.getOrDefault(signal.getKey(), 0.0);
            double[] each = signal.getValue();
            for (int place = 0; weight != 0 && place < candidates; place++) {
                scores[place] += weight * each[place];
            }
        }
        return scores;
    }

    /** Whether anything of the question is in a passage, in its call, or in its date. */
    boolean speaksFor(int place) {
        return meaning
                || shares[place]
                || get(Signal.LETTERS)[place] > 0
                || get(Signal.DATE)[place] > 0
                || get(Signal.FACT)[place] > 0;
    }

    /** Looks at the best of these scores word by word. */
    void addMatch(double[] scores, TokenMatch match) {
        int[] best = best(scores, LOOKED_AT);
        double[] found = new double[candidates];
        double lowest = Double.POSITIVE_INFINITY;
        for (int place : best) {
            Vectors vectors = placement.entry(place).vectors();
            found[place] = vectors == null ? Double.NaN : match.score(vectors.tokens());
            lowest = vectors == null ? lowest : Math.min(lowest, found[place]);
        }
        double[] all = new double[candidates];
        Arrays.fill(all, Double.isInfinite(lowest) ? 0 : lowest);
        for (int place : best) {
            all[place] = Double.isNaN(found[place]) ? all[place] : found[place];
        }
        scale(all);
        values.put(Signal.MATCH, all);
        values.put(Signal.MATCH_BEFORE, shifted(all, placement::previous));
    }

    /** The places of the highest scores, best first; of equal ones the later first. */
    static int[] best(double[] scores, int limit) {
        return best(scores, limit, _ -> true);
    }

    /** The same of those places that pass. */
    static int[] best(double[] scores, int limit, IntPredicate passes) {
        int[] best = new int[Math.min(limit, scores.length)];
        int count = 0;
        for (int place = scores.length - 1; place >= 0; place--) {
            boolean full = count == best.length;
            if ((full && (count == 0 || scores[place] <= scores[best[count - 1]])) || !passes.test(place)) {
                continue;
            }
            int from = 0;
            int to = count;
            while (from < to) {
                int middle = (from + to) / 2;
                if (scores[best[middle]] >= scores[place]) {
                    from = middle + 1;
                } else {
                    to = middle;
                }
            }
            System.arraycopy(best, from, best, from + 1, (full ? count - 1 : count) - from);
            best[from] = place;
            count += full ? 0 : 1;
        }
        return Arrays.copyOf(best, count);
    }

    /** Returns how well each fact's own words fit. */
    private double[] addWords(List<String> asked) {
        var scores = new WordScores(placement, Terms.words(asked), Entry::words);
        double[] turn = scores.alone();
        double[] facts = Arrays.copyOfRange(turn, candidates, turn.length);
        double most = Arrays.stream(turn).limit(candidates).max().orElse(0);
        for (int fact = 0; fact < facts.length; fact++) {
            facts[fact] = facts[fact] == 0 ? 0 : facts[fact] / Math.max(most, facts[fact]);
        }
        double[] words = scaled(turn);
        values.put(Signal.PAIR_WORDS, scaled(scores.withPrevious()));
        values.put(Signal.AROUND_WORDS, scaled(scores.withNeighbours()));
        values.put(Signal.CALL_WORDS, calls(scores.calls(), words));
        values.put(Signal.WORDS, words);
        values.put(Signal.WORDS_BEFORE, shifted(words, placement::previous));
        values.put(Signal.WORDS_AFTER, shifted(words, placement::next));
        values.put(Signal.WORDS_TWO_BEFORE, shifted(shifted(words, placement::previous), placement::previous));
        return facts;
    }

    /** A passage of no call stands for itself. */
    private double[] calls(double[] scores, double[] words) {
        double[] scaled = scores.clone();
        scale(scaled);
        double[] each = new double[candidates];
        for (int place = 0; place < candidates; place++) {
            int call = placement.call(place);
            each[place] = call < 0 ? words[place] : scaled[call];
            shares[place] = call < 0 ? words[place] > 0 : scores[call] > 0;
        }
        return each;
    }

    private void addLetters(List<String> asked) {
        values.put(Signal.LETTERS, scaled(new WordScores(placement, Terms.letters(asked), Entry::letters).alone()));
        values.put(Signal.PHRASES, scaled(new WordScores(placement, Terms.phrases(asked), Entry::phrases).alone()));
    }

    private void addMeaning(Question question, double[] facts) {
        float[] asked = question.embedding() == null
                ? new float[0]
                : question.embedding().vector();
        double[] turn = alike(asked, Vectors::turn, get(Signal.WORDS), facts);
        double[] pair = alike(asked, Vectors::pair, get(Signal.PAIR_WORDS), new double[0]);
        values.put(Signal.MEANING, turn);
        values.put(Signal.PAIR_MEANING, pair);
        values.put(Signal.MEANING_BEFORE, shifted(turn, placement::previous));
        values.put(Signal.MEANING_AFTER, shifted(turn, placement::next));
    }

    /**
     * Cosines, scaled. A passage without a vector is taken to be as all are on average, or the better the more words it
     * shares. Facts' values become the mean of words and meaning.
     */
    private double[] alike(float[] asked, Function<Vectors, float[]> part, double[] words, double[] facts) {
        double[] alike = new double[candidates];
        double lowest = Double.POSITIVE_INFINITY;
        double highest = Double.NEGATIVE_INFINITY;
        double sum = 0;
        int known = 0;
        for (int place = 0; place < candidates; place++) {
            Vectors vectors = placement.entry(place).vectors();
            alike[place] = vectors == null ? Double.NaN : dot(asked, part.apply(vectors));
            if (vectors != null) {
                lowest = Math.min(lowest, alike[place]);
                highest = Math.max(highest, alike[place]);
                sum += alike[place];
                known++;
            }
        }
        double range = highest > lowest ? highest - lowest : Double.POSITIVE_INFINITY;
        double average = known == 0 ? 0 : (sum / known - lowest) / range;
        for (int place = 0; place < candidates; place++) {
            alike[place] = Double.isNaN(alike[place])
                    ? average + (1 - average) * words[place]
                    : (alike[place] - lowest) / range;
        }
        for (int fact = 0; fact < facts.length; fact++) {
            Vectors vectors = placement.entry(candidates + fact).vectors();
            double meaning = vectors == null
                    ? average + (1 - average) * facts[fact]
                    : Math.clamp((dot(asked, part.apply(vectors)) - lowest) / range, 0, 1);
            facts[fact] = (facts[fact] + meaning) / 2;
        }
        return alike;
    }

    private void addFacts(double[] facts) {
        double[] best = new double[candidates];
        int[][] sources = placement.sources();
        for (int fact = 0; fact < facts.length; fact++) {
            for (int turn : sources[fact]) {
                best[turn] = Math.max(best[turn], facts[fact]);
            }
        }
        values.put(Signal.FACT, best);
    }

    private void addCues(Question question) {
        var asked = new Asked(question.text());
        Set<String> speakers = new HashSet<>();
        for (int place = 0; place < candidates; place++) {
            @Nullable String speaker = placement.entry(place).passage().speaker();
            if (speaker != null) {
                speakers.add(speaker);
            }
        }
        Set<String> about = asked.about(speakers);
        boolean tells = about.size() < speakers.size();
        QuestionDates dates = QuestionDates.of(question.text(), question.askedAt());
        double[] date = new double[candidates];
        for (int place = 0; !dates.isEmpty() && place < candidates; place++) {
            date[place] = dates.fit(placement.entry(place).passage().saidAt());
        }
        values.put(Signal.DATE, date);
        boolean time = asked.forTime();
        boolean number = asked.forNumber();
        put(Signal.SPEAKER, place -> tells && about.contains(speaker(place)));
        put(Signal.ASKS, place -> placement.entry(place).asks());
        put(Signal.FIRST, place -> placement.call(place) >= 0 && placement.previous(place) < 0);
        put(Signal.PERSONAL, place -> placement.entry(place).personal());
        put(Signal.TIME, place -> placement.entry(place).hasTime());
        put(Signal.TIME_ASKED, place -> time && placement.entry(place).hasTime());
        put(Signal.NUMBER_ASKED, place -> number && placement.entry(place).hasNumber());
    }

    private String speaker(int place) {
        @Nullable String speaker = placement.entry(place).passage().speaker();
        return speaker == null ? "" : speaker;
    }

    private void put(Signal signal, IntPredicate holds) {
        double[] each = new double[candidates];
        for (int place = 0; place < candidates; place++) {
            each[place] = holds.test(place) ? 1 : 0;
        }
        values.put(signal, each);
    }

    private interface Neighbour {
        int of(int place);
    }

    private double[] shifted(double[] each, Neighbour neighbour) {
        double[] shifted = new double[candidates];
        for (int place = 0; place < candidates; place++) {
            int from = neighbour.of(place);
            shifted[place] = from < 0 ? 0 : each[from];
        }
        return shifted;
    }

    /** The candidates' values, scaled. */
    private double[] scaled(double[] each) {
        double[] scaled = Arrays.copyOf(each, candidates);
        scale(scaled);
        return scaled;
    }

    /** Scales so that the lowest becomes 0 and the highest 1; where they do not differ, all 1 if they are positive, else 0. */
    private static void scale(double[] each) {
        double lowest = Double.POSITIVE_INFINITY;
        double highest = Double.NEGATIVE_INFINITY;
        for (double value : each) {
            lowest = Math.min(lowest, value);
            highest = Math.max(highest, value);
        }
        double range = highest - lowest;
        for (int i = 0; i < each.length; i++) {
            each[i] = range > 0 ? (each[i] - lowest) / range : lowest > 0 ? 1 : 0;
        }
    }

    private static double dot(float[] left, float[] right) {
        float first = 0;
        float second = 0;
        float third = 0;
        float fourth = 0;
        int length = Math.min(left.length, right.length);
        int i = 0;
        for (; i + 3 < length; i += 4) {
            first += left[i] * right[i];
            second += left[i + 1] * right[i + 1];
            third += left[i + 2] * right[i + 2];
            fourth += left[i + 3] * right[i + 3];
        }
        for (; i < length; i++) {
            first += left[i] * right[i];
        }
        return first + second + third + fourth;
    }
}
