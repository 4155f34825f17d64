package dev.recaller.memory.recall;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * Where passages stand: those that can be found first, then the facts that only speak for the turns they came from.
 * Places are numbers from 0; -1 is none.
 */
final class Placement {

    private final List<Entry> entries;
    private final int candidates;
    private final int[] previous;
    private final int[] next;
    private final int[] call;
    private final int calls;
    private final int[][] sources;

    Placement(List<Entry> all) {
        Map<UUID, Integer> turns = new HashMap<>();
        List<Entry> found = new ArrayList<>(all.size());
        List<Entry> facts = new ArrayList<>();
        for (Entry entry : all) {
            if (entry.passage().turn()) {
                turns.put(entry.passage().id(), -1);
            }
        }
        for (Entry entry : all) {
            Passage passage = entry.passage();
            if (!passage.turn() && passage.sources().stream().anyMatch(turns::containsKey)) {
                facts.add(entry);
            } else {
                if (passage.turn()) {
                    turns.put(passage.id(), found.size());
                }
                found.add(entry);
            }
        }
        candidates = found.size();
        sources = new int[facts.size()][];
        for (int fact = 0; fact < sources.length; fact++) {
            sources[fact] = facts.get(fact).passage().sources().stream()
                    .mapToInt(source -> turns.getOrDefault(source, -1))
                    .filter(turn -> turn >= 0)
                    .toArray();
        }
        found.addAll(facts);
        entries = found;
        previous = none(candidates);
        next = none(candidates);
        call = none(candidates);
        calls = placeCalls();
    }

    private int placeCalls() {
        Map<UUID, Integer> numbers = new HashMap<>();
        List<Integer> last = new ArrayList<>();
        for (int place = 0; place < candidates; place++) {
            Passage passage = entries.get(place).passage();
            if (!passage.turn() || passage.session() == null) {
                continue;
            }
            Integer number = numbers.putIfAbsent(passage.session(), last.size());
            if (number == null) {
                call[place] = last.size();
                last.add(place);
            } else {
                call[place] = number;
                previous[place] = last.get(number);
                next[previous[place]] = place;
                last.set(number, place);
            }
        }
        return last.size();
    }

    private static int[] none(int size) {
        int[] places = new int[size];
        Arrays.fill(places, -1);
        return places;
    }

    Entry entry(int place) {
        return entries.get(place);
    }

    int entries() {
        return entries.size();
    }

    /** How many, from the first, can be found. */
    int candidates() {
        return candidates;
    }

    /** The turn before in the same call. */
    int previous(int place) {
        return previous[place];
    }

    /** The turn after in the same call. */
    int next(int place) {
        return next[place];
    }

    /** The number of the call it was said in. */
    int call(int place) {
        return call[place];
    }

    int calls() {
        return calls;
    }

    /** For each fact behind the candidates the turns it came from. */
    int[][] sources() {
        return sources;
    }
}
