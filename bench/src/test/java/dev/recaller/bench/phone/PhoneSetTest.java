package dev.recaller.bench.phone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.recaller.sql.Database;
import dev.recaller.sql.EmbeddedDatabase;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class PhoneSetTest {

    private static EmbeddedDatabase embedded;
    private static Database worker;
    private static Database reader;
    private static Player player;

    @BeforeAll
    static void open() {
        embedded = EmbeddedDatabase.temporary();
        worker = Database.open(embedded.urls().worker(), 2);
        reader = Database.open(embedded.urls().reader(), 1);
        player = new Player(worker, reader);
    }

    @AfterAll
    static void close() {
        player.close();
        reader.close();
        worker.close();
        embedded.close();
    }

    static List<Named<Scenario>> scenarios() {
        return PhoneSet.load().stream()
                .map(scenario -> Named.of(scenario.name(), scenario))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("scenarios")
    void holdsUnlessItIsAKnownGap(Scenario scenario) {
        Player.Outcome outcome = player.play(scenario);
        if (scenario.gap() == null) {
            assertThat(outcome.failures()).isEmpty();
        } else {
            assertThat(outcome.holds())
                    .as("it holds: take its gap out of the set")
                    .isFalse();
        }
    }

    @Test
    void everyScenarioChecksSomethingAndHasANameOfItsOwn() {
        assertThat(PhoneSet.load())
                .hasSizeGreaterThan(40)
                .extracting(Scenario::name)
                .doesNotHaveDuplicates();
        assertThat(PhoneSet.load())
                .allMatch(scenario -> scenario.steps().stream().anyMatch(step -> switch (step) {
                    case Scenario.Step.Call _ -> false;
                    case Scenario.Step.Ask ask -> !ask.checks().isEmpty();
                    case Scenario.Step.Look look -> !look.checks().isEmpty();
                }));
    }

    @Test
    void aWrongExpectationIsFound() {
        Scenario scenario = PhoneSet.read("""
                == test
                = nobody likes roses
                call +14155550001
                  c: My name is John.
                  c: I like roses.
                ask +14155550001: roses
                  greets Mary
                  not "roses"
                look
                  rows user_memory 2
                  stored nowhere "roses"
                """).getFirst();

        Player.Outcome outcome = player.play(scenario);

        assertThat(outcome.checks()).isEqualTo(4);
        assertThat(outcome.failures()).hasSize(4);
    }

    @Test
    void aLineThatCannotBeReadIsNamed() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PhoneSet.read("== test\n= one\nask +14155550001\n  greats John\n"))
                .withMessageContaining("greats John");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PhoneSet.read("== test\n  c: Hello.\n"))
                .withMessageStartingWith("line 2:");
    }
}
