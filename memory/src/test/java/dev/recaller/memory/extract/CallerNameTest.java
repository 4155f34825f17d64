package dev.recaller.memory.extract;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

final class CallerNameTest {

    private static final UUID FIRST = new UUID(0, 1);
    private static final UUID SECOND = new UUID(0, 2);
    private static final UUID THIRD = new UUID(0, 3);

    @Test
    void inOneCallTheLastNameStands() {
        var settled = CallerName.settle(List.of(), said("John", "Peter"), FIRST);

        assertThat(current(settled)).containsExactly("Peter");
        assertThat(settled.speaker()).isEqualTo("Peter");
    }

    @Test
    void anotherNameInALaterCallStandsBesideTheFirst() {
        var first = CallerName.settle(List.of(), said("John"), FIRST);
        var second = CallerName.settle(first.names(), said("Mary"), SECOND);

        assertThat(current(second)).containsExactly("John", "Mary");
        assertThat(second.speaker()).isEqualTo("Mary");
    }

    @Test
    void aNameThatSoundsAlikeIsTheSameOne() {
        var first = CallerName.settle(List.of(), said("John"), FIRST);
        var second = CallerName.settle(first.names(), said("Jon"), SECOND);

        assertThat(current(second)).containsExactly("John");
        assertThat(second.speaker()).isEqualTo("John");
    }

    @Test
    void aSpellingAndASurnameMakeTheNameBetter() {
        var first = CallerName.settle(List.of(), said("John"), FIRST);
        var fuller = CallerName.settle(first.names(), said("John Smith"), SECOND);
        assertThat(current(fuller)).containsExactly("John Smith");

        var spelled = CallerName.settle(
                fuller.names(), List.of(intro("John Smith"), new Introduction(1, "Smyth", true, false)), THIRD);
        assertThat(current(spelled)).containsExactly("John Smyth");
    }

    @Test
    void wordsOfCorrectionReplaceTheOneKnownName() {
        var first = CallerName.settle(List.of(), said("John"), FIRST);
        var second = CallerName.settle(first.names(), List.of(new Introduction(0, "Peter", false, true)), SECOND);

        assertThat(current(second)).containsExactly("Peter");
    }

    @Test
    void handingOverThePhoneKeepsWhoIsKnown() {
        var first = CallerName.settle(List.of(), said("John"), FIRST);
        var second = CallerName.settle(first.names(), said("John", "Mary"), SECOND);

        assertThat(current(second)).containsExactly("John", "Mary");
        assertThat(second.speaker()).isEqualTo("Mary");
    }

    @Test
    void lookingAgainWithMoreTurnsGivesWhatOneLookGives() {
        var john = CallerName.settle(List.of(), said("John"), FIRST);
        List<Introduction> all = List.of(
                intro("Peter"), new Introduction(1, "Paul", false, true), new Introduction(2, "Mary", false, false));

        var step = CallerName.settle(john.names(), all.subList(1, 2), SECOND);
        step = CallerName.settle(step.names(), all.subList(0, 2), SECOND);
        step = CallerName.settle(step.names(), all, SECOND);
        var atOnce = CallerName.settle(john.names(), all, SECOND);

        assertThat(current(step)).containsExactlyInAnyOrderElementsOf(current(atOnce));
        assertThat(step.speaker()).isEqualTo(atOnce.speaker());
    }

    @Test
    void aLateTurnOfAnOldCallDoesNotUndoALaterCorrection() {
        var first = CallerName.settle(List.of(), said("John"), FIRST);
        var corrected = CallerName.settle(first.names(), List.of(new Introduction(0, "Peter", false, true)), SECOND);
        var late = CallerName.settle(corrected.names(), said("John"), FIRST);

        assertThat(current(late)).containsExactly("Peter");
    }

    private static Introduction intro(String name) {
        return new Introduction(0, name, false, false);
    }

    private static List<Introduction> said(String... names) {
        return Arrays.stream(names).map(CallerNameTest::intro).toList();
    }

    private static List<String> current(CallerName.Settled settled) {
        return settled.names().stream()
                .filter(CallerName::isCurrent)
                .map(CallerName::name)
                .toList();
    }
}
