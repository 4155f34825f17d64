package dev.recaller.flow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recaller.memory.Assurance;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class FlowJournalTest {

    private static final UUID CALL = UUID.randomUUID();

    @Test
    void keepsTheNewestStateOfACallUntilItEnds() {
        FlowJournal journal = FlowJournal.inMemory();

        assertThat(journal.save(state("acme", 1))).isTrue();
        assertThat(journal.save(state("acme", 3))).isTrue();
        assertThat(journal.save(state("acme", 2))).isFalse();
        assertThat(journal.find("acme", CALL)).contains(state("acme", 3));
        assertThat(journal.find("other", CALL)).isEmpty();

        journal.ended("other", CALL);
        assertThat(journal.find("acme", CALL)).isPresent();
        journal.ended("acme", CALL);
        assertThat(journal.find("acme", CALL)).isEmpty();
    }

    @Test
    void noneKeepsNothing() {
        assertThat(FlowJournal.NONE.save(state("acme", 1))).isFalse();
        assertThat(FlowJournal.NONE.find("acme", CALL)).isEmpty();
    }

    private static FlowState state(String organizationId, long step) {
        var frame = new FlowState.Frame("f", 1, "n", Map.of());
        return new FlowState(
                organizationId, CALL, List.of(frame), false, step, Assurance.PRESENTED, List.of(), Set.of());
    }
}
