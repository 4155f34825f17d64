package dev.recaller.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The threats that {@code docs/threat-model.md} names, and the tests it says show what holds them. */
class ThreatModelTest {

    private static final Path ROOT = Path.of("..");
    private static final Pattern NAMED = Pattern.compile("`([A-Z][A-Za-z]*)\\.([a-z][A-Za-z]*)`");
    private static final int SHOWN_BY = 4;

    @Test
    void everyThreatIsShownByTestsThatExist() throws IOException {
        Map<String, String> tests = tests();
        List<String> threats = Files.readAllLines(ROOT.resolve("docs/threat-model.md")).stream()
                .filter(line -> line.startsWith("| ") && !line.startsWith("| threat |"))
                .toList();
        assertThat(threats).hasSizeGreaterThan(8);
        for (String threat : threats) {
            List<MatchResult> named =
                    NAMED.matcher(threat.split("\\|", -1)[SHOWN_BY]).results().toList();
            assertThat(named).as(threat).isNotEmpty();
            for (MatchResult test : named) {
                assertThat(tests.get(test.group(1)))
                        .as("%s of: %s", test.group(), threat)
                        .isNotNull()
                        .containsPattern("void " + test.group(2) + "\\(");
            }
        }
    }

    /** The source of each class of tests, by its name. */
    private static Map<String, String> tests() throws IOException {
        try (Stream<Path> modules = Files.list(ROOT)) {
            return modules.map(module -> module.resolve("src/test/java"))
                    .filter(Files::isDirectory)
                    .flatMap(ThreatModelTest::sources)
                    .collect(Collectors.toMap(
                            file -> file.getFileName().toString().replace(".java", ""),
                            ThreatModelTest::text,
                            String::concat));
        }
    }

    private static Stream<Path> sources(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> file.toString().endsWith(".java")).toList().stream();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
