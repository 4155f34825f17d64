package dev.recaller.worker.call;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recaller.flow.line.Line;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class OperatedLineTest {

    /** What a line makes of its other methods: by them it comes through. */
    private static final List<String> MADE_OF_OTHERS = List.of("keys(Duration)", "say(String)");

    @Test
    void whateverALineCanDoAnOperatedOneCan() {
        List<String> own = Arrays.stream(OperatedLine.class.getDeclaredMethods())
                .filter(method -> !method.isSynthetic())
                .map(OperatedLineTest::named)
                .toList();
        assertThat(own).contains("transfer(String, Duration)");
        assertThat(Arrays.stream(Line.class.getMethods())
                        .filter(method -> !Modifier.isStatic(method.getModifiers()))
                        .map(OperatedLineTest::named))
                .allMatch(method -> own.contains(method) || MADE_OF_OTHERS.contains(method));
    }

    private static String named(Method method) {
        return method.getName()
                + Arrays.stream(method.getParameterTypes())
                        .map(Class::getSimpleName)
                        .toList()
                        .toString()
                        .replace('[', '(')
                        .replace(']', ')');
    }
}
