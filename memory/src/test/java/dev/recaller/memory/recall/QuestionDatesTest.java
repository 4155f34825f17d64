package dev.recaller.memory.recall;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class QuestionDatesTest {

    /** A Friday. */
    private static final Instant NOW = Instant.parse("2026-03-20T10:00:00Z");

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    what happened in May            | 2025-05-31 | 1
                    what happened in May            | 2025-06-10 | 0.524
                    what happened in May            | 2025-04-24 | 0.25
                    what happened in May            | 2025-07-01 | 0
                    in june 2024                    | 2025-06-05 | 0
                    in june 2024                    | 2024-06-05 | 1
                    on 5 June 2025                  | 2025-06-05 | 1
                    on June 5th                     | 2025-06-12 | 0.5
                    the 2nd of Dec                  | 2025-12-02 | 1
                    on 31 February                  | 2026-02-03 | 1
                    yesterday                       | 2026-03-19 | 1
                    last week                       | 2026-03-09 | 1
                    last week                       | 2026-03-08 | 0.464
                    two weeks ago                   | 2026-03-06 | 1
                    a month ago                     | 2026-02-20 | 1
                    last month                      | 2026-02-01 | 1
                    last year                       | 2025-07-01 | 1
                    on friday                       | 2026-03-13 | 1
                    last night                      | 2026-03-19 | 1
                    """)
    void isCloserTheNearerItWasSaid(String question, String day, double fit) {
        assertThat(QuestionDates.of(question, NOW).fit(Instant.parse(day + "T12:00:00Z")))
                .isCloseTo(fit, offset(0.001));
    }

    @ParameterizedTest
    @ValueSource(strings = {"may I ask something", "what did I say", "99999 years ago", ""})
    void otherQuestionsAreAboutNoTime(String question) {
        assertThat(QuestionDates.of(question, NOW).isEmpty()).isTrue();
    }

    @Test
    void aMonthWithoutAYearIsThatYearsOrTheOneBefore() {
        QuestionDates dates = QuestionDates.of("in December", NOW);
        assertThat(dates.fit(Instant.parse("2025-12-05T00:00:00Z"))).isEqualTo(1);
        assertThat(dates.fit(Instant.parse("2026-01-05T00:00:00Z"))).isGreaterThan(0.7);
    }
}
