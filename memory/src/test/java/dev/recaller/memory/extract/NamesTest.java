package dev.recaller.memory.extract;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class NamesTest {

    @ParameterizedTest
    @CsvSource({
        "John, Jon",
        "Catherine, Katherine",
        "Kathryn, Catherine",
        "Steven, Stephen",
        "Sara, Sarah",
        "Ann, Anne",
        "Eric, Erik",
        "Brian, Bryan",
        "Philip, Phillip",
        "Jeff, Geoff",
        "Allen, Alan",
        "Lee, Leigh",
        "Marc, Mark",
        "Mohammed, Muhammad",
        "John, John Smith",
        "Jon Smith, John Smyth",
        "John Schmidt, Jon Schmitt",
    })
    void soundAlike(String one, String other) {
        assertThat(Names.alike(one, other)).isTrue();
        assertThat(Names.alike(other, one)).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "John, Jane",
        "John, Jean",
        "Peter, Petra",
        "Paul, Paula",
        "Mary, Peter",
        "John Smith, John Miller",
        "Bob, Barbara",
        "Maria, Mario",
        "Tim, Tom",
        "Dan, Dana",
    })
    void areTwoNames(String one, String other) {
        assertThat(Names.alike(one, other)).isFalse();
        assertThat(Names.alike(other, one)).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"John, John", "John Smith, John", "Dr Smith, Dr Smith", "Mrs Miller, Mrs Miller"})
    void greetsByTheGivenName(String name, String greeting) {
        assertThat(Names.greeting(name)).isEqualTo(greeting);
    }
}
