package dev.recaller.flow.expression;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.recaller.memory.Preference;
import dev.recaller.memory.Recollection;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScopeTest {

    private static final Map<String, VariableType> TYPES =
            Map.of("caller", VariableType.RECOLLECTION, "queue", VariableType.STRING, "tries", VariableType.INTEGER);

    private static final Recollection JOHN = new Recollection(
            "John",
            Instant.EPOCH,
            2,
            List.of(new Preference("language", "en", "contact", 1, Instant.EPOCH)),
            List.of(),
            List.of());

    private final Scope scope = new Scope(TYPES);

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    has(caller.name)                              | true
                    caller.name == 'John' && tries < 3            | true
                    caller.conversationCount > 1                  | true
                    has(caller.preferences.language)              | true
                    caller.preferences.language == 'de'           | false
                    metadata.phoneNumber.startsWith('+1')         | true
                    has(metadata.nothing)                         | false
                    organizationId == 'acme' && userId == ''      | true
                    size(caller.items) == 0                       | true
                    """)
    void decidesOnVariablesAndContext(String source, boolean expected) {
        assertThat(scope.condition(source).evaluate(given(Map.of("caller", JOHN, "tries", 1L))))
                .isEqualTo(expected);
    }

    @Test
    void aCallerNobodyRecalledHasNoName() {
        assertThat(scope.condition("has(caller.name)").evaluate(given(Map.of())))
                .isEqualTo(false);
        assertThat(scope.condition("has(caller.name)").evaluate(given(Map.of("caller", Recollection.EMPTY))))
                .isEqualTo(false);
    }

    @Test
    void aMissingValueIsAnErrorAtEvaluationNotAFalse() {
        Expression condition = scope.condition("queue == 'sales'");
        assertThatThrownBy(() -> condition.evaluate(given(Map.of())))
                .isInstanceOf(ExpressionException.class)
                .hasMessageContaining("queue");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    calller.name == 'x'               | nothing is called 'calller'            | did you mean 'caller'?
                    caller.nmae == 'x'                | a recollection has no field 'nmae'     | did you mean 'name'?
                    caller.name                       | is of type string, not bool            | compare it with something
                    queue == 3                        | no matching overload                   |
                    queue ==                          | mismatched input                       |
                    [1, 2].exists(x, x > 1)           | nothing is called 'exists'             | expressions have no loops
                    recollection{name: 'x'}.name == 'x' | cannot make a recollection           | only memory_recall makes one
                    queue.getClass() == queue         | nothing is called 'getClass'           |
                    """)
    void refusesWhatIsWrongBeforeAnyCall(String source, String message, String hint) {
        assertThatThrownBy(() -> scope.condition(source))
                .isInstanceOfSatisfying(
                        ExpressionException.class,
                        e -> assertThat(e.mistakes()).anySatisfy(mistake -> {
                            assertThat(mistake.message()).contains(message);
                            if (hint != null) {
                                assertThat(mistake.hint()).isEqualTo(hint);
                            }
                        }));
    }

    @Test
    void aValueHasTheTypeOfItsVariable() {
        assertThat(scope.value("tries + 1", VariableType.INTEGER).evaluate(given(Map.of("tries", 1L))))
                .isEqualTo(2L);
        assertThatThrownBy(() -> scope.value("'one'", VariableType.INTEGER)).hasMessage("is of type string, not int");
    }

    @Test
    void anExpressionSaysWhatItReads() {
        assertThat(scope.condition("has(caller.name) && queue == userId").names())
                .containsExactlyInAnyOrder("caller", "queue", "userId");
    }

    static Values given(Map<String, Object> variables) {
        return new Values("acme", null, Map.of("phoneNumber", "+15105550100"), TYPES, variables);
    }
}
