package dev.recaller.bench.phone;

import dev.recaller.memory.Assurance;
import dev.recaller.memory.Speaker;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One story of one organization.
 *
 * @param gap why it is known not to hold yet; null: it has to
 */
record Scenario(String category, String name, @Nullable String gap, List<Step> steps) {

    Scenario {
        steps = List.copyOf(steps);
    }

    /**
     * Who is on the line.
     *
     * @param presented the number as the telephone network presents it, by word when it is withheld
     * @param assurance null: what the number alone is worth
     */
    record Who(
            @Nullable String userId,
            @Nullable String presented,
            @Nullable Assurance assurance) {}

    record Line(Speaker speaker, String text) {}

    sealed interface Step {
        /** A call, begun so long after what was before, whose lines are stored as they are said. */
        record Call(Who who, Duration after, boolean memoryEnabled, List<Line> lines) implements Step {
            public Call {
                lines = List.copyOf(lines);
            }
        }

        /**
         * A recall and what it must give.
         *
         * @param inCall by the last call, else at ring time of the next
         * @param question null: what matters most
         */
        record Ask(
                Who who,
                Duration after,
                boolean inCall,
                @Nullable String question,
                List<Check> checks) implements Step {
            public Ask {
                checks = List.copyOf(checks);
            }
        }

        /** A look into the tables of the whole organization. */
        record Look(List<Check> checks) implements Step {
            public Look {
                checks = List.copyOf(checks);
            }
        }
    }
}
