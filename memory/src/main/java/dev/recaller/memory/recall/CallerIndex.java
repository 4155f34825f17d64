package dev.recaller.memory.recall;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * All of one caller's passages, searched in memory. A passage's score is the weighted sum of its {@link Signal}s; what is
 * rare or near counts within this caller only. With vectors of at least half the passages their meaning counts; else
 * words decide alone. Facts speak for the turns they came from where these are here, and are found themselves where not.
 * Immutable.
 */
public final class CallerIndex {

    /** Word pieces have numbers of two bytes. */
    private static final int PIECES = 1 << Character.SIZE;

    /** A found passage. A higher score is better; scores compare only within one search. */
    public record Hit(Passage passage, double score) {}

    private final List<Entry> entries;
    private final Placement placement;
    private final int[] having;
    private final int embedded;
    private final int embeddedCandidates;

    private CallerIndex(List<Entry> entries, int[] having) {
        this.entries = entries;
        this.having = having;
        placement = new Placement(entries);
        int known = 0;
        int knownCandidates = 0;
        for (int place = 0; place < entries.size(); place++) {
            boolean made = placement.entry(place).vectors() != null;
            known += made ? 1 : 0;
            knownCandidates += made && place < placement.candidates() ? 1 : 0;
        }
        embedded = known;
        embeddedCandidates = knownCandidates;
    }

    /** Indexes passages, given in the order they were said; words alone rank them. */
    public static CallerIndex of(List<Passage> passages) {
        return of(passages, Map.of());
    }

    /** Indexes passages, given in the order they were said, with what a model made of them, or of some, by their ids. */
    public static CallerIndex of(List<Passage> passages, Map<UUID, Vectors> vectors) {
        return new CallerIndex(List.of(), new int[0]).with(passages, vectors);
    }

    /**
     * This index and what came since, as if all had been indexed at once. Cheap: what is indexed already is shared. A
     * passage that is here already takes the place of its former self.
     *
     * @param more said after all that is here
     * @param vectors of passages in {@code more} or here already
     */
    public CallerIndex with(List<Passage> more, Map<UUID, Vectors> vectors) {
        requireNonNull(more, "more is null");
        requireNonNull(vectors, "vectors is null");
        Map<UUID, Passage> news = new HashMap<>();
        more.forEach(passage -> news.put(passage.id(), passage));
        var vocabulary = new Vocabulary();
        List<Entry> all = new ArrayList<>(entries.size() + more.size());
        List<Vectors> gone = new ArrayList<>();
        List<Vectors> come = new ArrayList<>();
        for (Entry entry : entries) {
            UUID id = entry.passage().id();
            Passage changed = news.remove(id);
            Entry now = changed == null ? entry : new Entry(changed, entry.vectors(), vocabulary);
            Vectors made = vectors.get(id);
            if (made != null) {
                come.add(made);
                if (entry.vectors() != null) {
                    gone.add(entry.vectors());
                }
            }
            all.add(made == null ? now : now.with(made));
        }
        for (Passage passage : more) {
            Passage added = news.remove(passage.id());
            if (added != null) {
                Vectors made = vectors.get(passage.id());
                if (made != null) {
                    come.add(made);
                }
                all.add(new Entry(added, made, vocabulary));
            }
        }
        return new CallerIndex(List.copyOf(all), having(gone, come));
    }

    /** How many passages are here, facts included. */
    public int size() {
        return entries.size();
    }

    /**
     * The passages that speak to the question, best first; of equal ones the later first. Where vectors count, all
     * passages do; else those that share something with it or are near one that does.
     */
    public List<Hit> search(Question question, int limit) {
        return search(question, limit, Weights.SHIPPED);
    }

    /** The same with other weights, for who measures them. */
    public List<Hit> search(Question question, int limit, Weights weights) {
        Signals signals = read(question, weights);
        double[] scores = signals.scores(hasMeaning(question) ? weights.last() : weights.words());
        List<Hit> hits = new ArrayList<>();
        for (int place : Signals.best(scores, limit, signals::speaksFor)) {
            hits.add(new Hit(placement.entry(place).passage(), scores[place]));
        }
        return List.copyOf(hits);
    }

    /** The passages that can be found, in the order of {@link #signals}. */
    public List<Passage> passages() {
        List<Passage> passages = new ArrayList<>();
        for (int place = 0; place < placement.candidates(); place++) {
            passages.add(placement.entry(place).passage());
        }
        return passages;
    }

    /** Each signal's values for {@link #passages}, for who fits weights; those that are not there are 0. */
    public Map<Signal, double[]> signals(Question question, Weights weights) {
        Signals signals = read(question, weights);
        Map<Signal, double[]> values = new EnumMap<>(Signal.class);
        for (Signal signal : Signal.values()) {
            double[] each = signals.get(signal);
            values.put(signal, each.length == 0 ? new double[placement.candidates()] : each);
        }
        return values;
    }

    private Signals read(Question question, Weights weights) {
        boolean meaning = hasMeaning(question);
        Signals signals = Signals.of(placement, question, meaning);
        if (meaning) {
            byte[] tokens = requireNonNull(question.embedding()).tokens();
            signals.addMatch(signals.scores(weights.first()), new TokenMatch(tokens, having, embedded));
        }
        return signals;
    }

    private boolean hasMeaning(Question question) {
        return question.embedding() != null
                && embeddedCandidates > 0
                && 2 * embeddedCandidates >= placement.candidates();
    }

    /** How many passages have each word piece when some passages' vectors go and others come. */
    private int[] having(List<Vectors> gone, List<Vectors> come) {
        if (gone.isEmpty() && come.isEmpty()) {
            return having;
        }
        int[] changed = Arrays.copyOf(having, PIECES);
        TokenMatch.count(gone, changed, -1);
        TokenMatch.count(come, changed, 1);
        return changed;
    }
}
