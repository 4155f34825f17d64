package dev.recaller.flow.testing;

import dev.recaller.memory.extract.Utterance;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What the caller said once and what the agent answered to it.
 *
 * @param caller null: the agent spoke first
 * @param nodes that it came through; empty where that is not known
 */
public record Exchange(@Nullable String caller, List<String> agent, List<String> nodes) {

    public Exchange {
        agent = List.copyOf(agent);
        nodes = List.copyOf(nodes);
    }

    /** Whether the same was said, whatever the way. */
    public boolean saysAs(Exchange other) {
        return Objects.equals(caller, other.caller) && agent.equals(other.agent);
    }

    /** Of a call that was stored. */
    public static List<Exchange> of(List<Utterance> turns) {
        var exchanges = new Exchanges();
        turns.forEach(turn -> exchanges.add(turn.byCaller(), turn.text()));
        return exchanges.all();
    }

    /** Exchanges while they come about. */
    static final class Exchanges {
        private final List<Exchange> done = new ArrayList<>();
        private @Nullable String caller;
        private final List<String> agent = new ArrayList<>();
        private final List<String> nodes = new ArrayList<>();

        void add(boolean byCaller, String text) {
            if (!byCaller) {
                agent.add(text);
                return;
            }
            if (caller != null || !agent.isEmpty()) {
                done.add(new Exchange(caller, agent, nodes));
                agent.clear();
                nodes.clear();
            }
            caller = text;
        }

        void at(String node) {
            nodes.add(node);
        }

        List<Exchange> all() {
            List<Exchange> all = new ArrayList<>(done);
            if (caller != null || !agent.isEmpty()) {
                all.add(new Exchange(caller, agent, nodes));
            }
            return all;
        }
    }
}
