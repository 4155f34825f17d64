package dev.recaller.memory.extract;

import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;

/** What of a call a model is shown: bounded, so that no call costs more than a long one. */
public final class Transcript {

    /** Model tokens of all turns shown together, four characters each; a call of half an hour has about as many. */
    static final int TOKENS = 8_000;

    /** Of one turn. */
    static final int TOKENS_OF_A_TURN = 400;

    /** A caller who said fewer words that mean something, greetings and consent aside, said nothing worth a request. */
    static final int FEWEST_WORDS = 2;

    private static final int CHARACTERS_OF_A_TOKEN = 4;

    private Transcript() {}

    /**
     * The turns to show, in order; empty when the caller said too little. Over the budget the middle is left out: the
     * caller's newest and oldest turns are kept, then the agent's that stand before them.
     */
    public static List<Utterance> of(List<Utterance> call) {
        List<Utterance> callers = call.stream().filter(Utterance::byCaller).toList();
        long words = callers.stream()
                .flatMap(said -> Wording.words(said.text()).stream())
                .filter(Wording::isContent)
                .count();
        if (words < FEWEST_WORDS) {
            return List.of();
        }
        NavigableMap<Integer, Utterance> shown = new TreeMap<>();
        int left = add(shown, endsFirst(callers), TOKENS);
        List<Utterance> asked = new ArrayList<>();
        for (int i = 1; i < call.size(); i++) {
            if (shown.containsKey(call.get(i).turn()) && !call.get(i - 1).byCaller()) {
                asked.add(call.get(i - 1));
            }
        }
        add(shown, endsFirst(asked), left);
        return List.copyOf(shown.values());
    }

    private static int add(NavigableMap<Integer, Utterance> shown, List<Utterance> turns, int budget) {
        int left = budget;
        for (Utterance turn : turns) {
            Utterance cut = cut(turn);
            int tokens = Math.ceilDiv(cut.text().length(), CHARACTERS_OF_A_TOKEN);
            if (tokens > left) {
                return 0;
            }
            left -= tokens;
            shown.put(turn.turn(), cut);
        }
        return left;
    }

    private static Utterance cut(Utterance turn) {
        int longest = TOKENS_OF_A_TURN * CHARACTERS_OF_A_TOKEN;
        return turn.text().length() <= longest
                ? turn
                : new Utterance(turn.turn(), turn.byCaller(), turn.text().substring(0, longest));
    }

    /** Last, first, last but one, second, ... */
    private static List<Utterance> endsFirst(List<Utterance> turns) {
        List<Utterance> order = new ArrayList<>();
        for (int first = 0, last = turns.size() - 1; first <= last; first++, last--) {
            order.add(turns.get(last));
            if (first < last) {
                order.add(turns.get(first));
            }
        }
        return order;
    }
}
