package dev.recaller.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FlowFolderTest {

    @TempDir
    private Path temporary;

    private Path folder;
    private final List<String> problems = new CopyOnWriteArrayList<>();

    @BeforeEach
    void write() throws IOException {
        folder = temporary.resolve("flows");
        Files.createDirectories(folder.resolve("sales"));
        flow(folder.resolve("front-desk.json"), "front-desk");
        flow(folder.resolve("reception.json"), "reception");
        flow(folder.resolve("sales/quote.json"), "quote");
        flow(temporary.resolve("secret.json"), "secret");
    }

    @Test
    void runsTheNamedFlowOfTheFolder() {
        FlowFolder flows = flows();

        assertThat(flows.named("reception.json"))
                .get()
                .extracting(FlowFolderTest::id)
                .isEqualTo("reception");
        assertThat(flows.named("reception"))
                .get()
                .extracting(FlowFolderTest::id)
                .isEqualTo("reception");
        assertThat(flows.named("sales/quote"))
                .get()
                .extracting(FlowFolderTest::id)
                .isEqualTo("quote");
        assertThat(flows.named("sales/../reception"))
                .get()
                .extracting(FlowFolderTest::id)
                .isEqualTo("reception");
        assertThat(flows.named("reception")).isEqualTo(flows.named("reception.json"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "nowhere",
                "../secret.json",
                "../secret",
                "sales",
                "..",
                "sales/../../secret",
                "a\u0000b",
                "/etc/hosts"
            })
    void findsNothingThatIsMissingOrElsewhere(String name) {
        assertThat(flows().named(name)).isEmpty();
    }

    @Test
    void doesNotFollowALinkOutOfTheFolder() throws IOException {
        Files.createSymbolicLink(folder.resolve("link.json"), temporary.resolve("secret.json"));

        assertThat(flows().named("link")).isEmpty();
    }

    @Test
    void allowsAnAbsolutePathIntoTheFolder() {
        assertThat(flows().named(folder.resolve("reception.json").toString()))
                .get()
                .extracting(FlowFolderTest::id)
                .isEqualTo("reception");
    }

    @Test
    void findsNothingInABrokenFileUntilItIsMended() throws IOException {
        FlowFolder flows = flows();
        Path file = folder.resolve("reception.json");
        Files.writeString(file, "{");
        changed(file, 1);
        assertThat(flows.named("reception")).isEmpty();

        flow(file, "mended");
        changed(file, 2);
        assertThat(flows.named("reception"))
                .get()
                .extracting(FlowFolderTest::id)
                .isEqualTo("mended");
    }

    @Test
    void goesOnWithTheLastGoodVersionWhileTheFileIsBroken() throws IOException {
        FlowFolder flows = flows();
        Path file = folder.resolve("front-desk.json");
        Files.writeString(file, "{");
        changed(file, 1);
        assertThat(flows.standard().flow().id()).isEqualTo("front-desk");

        flow(file, "mended");
        changed(file, 2);
        assertThat(flows.standard().flow().id()).isEqualTo("mended");
    }

    @Test
    void doesNotStartWithABrokenDefault() throws IOException {
        Files.writeString(folder.resolve("front-desk.json"), "{\"start\": \"x\"}");

        assertThatThrownBy(this::flows)
                .isInstanceOf(ConfigurationException.class)
                .message()
                .satisfies(message -> assertThat(message.lines())
                        .hasSizeGreaterThan(2)
                        .allMatch(line -> line.contains("front-desk.json: ")));
    }

    @Test
    void aFileThatBreaksIsToldOnceWithAllThatIsWrong() throws IOException {
        FlowFolder flows = flows();
        Path file = folder.resolve("reception.json");
        flow(file, "reception", 7, "Goodbye.");
        flows.check();
        Files.writeString(file, "{\"schemaVersion\": 1, \"id\": \"reception\", \"version\": 8, \"start\": \"x\"}");
        changed(file, 1);

        for (int i = 0; i < 3; i++) {
            flows.check();
            assertThat(flows.named("reception"))
                    .get()
                    .extracting(it -> it.flow().version())
                    .isEqualTo(7);
        }

        assertThat(problems).singleElement().asString().startsWith("version 7 of reception goes on: ");
        assertThat(problems.getFirst().lines())
                .hasSizeGreaterThan(2)
                .allMatch(line -> line.contains("reception.json: "));
    }

    @Test
    void aNewFileThatCannotRunIsToldBeforeACallNeedsIt() throws IOException {
        FlowFolder flows = flows();
        flows.check();
        Files.writeString(folder.resolve("new.json"), "{");

        flows.check();

        assertThat(problems)
                .singleElement()
                .asString()
                .startsWith("a flow cannot run: ")
                .contains("new.json: ");
    }

    @Test
    void aDeletedFileSaysSoAndTheDefaultOneGoesOn() throws IOException {
        FlowFolder flows = flows();
        flows.check();
        Files.delete(folder.resolve("reception.json"));
        Files.delete(folder.resolve("front-desk.json"));

        for (int i = 0; i < 3; i++) {
            flows.check();
        }

        assertThat(problems)
                .hasSize(2)
                .anyMatch(problem -> problem.endsWith("reception.json was deleted: calls that name it find no flow"))
                .anyMatch(problem -> problem.startsWith("version 1 of front-desk goes on: ")
                        && problem.endsWith("front-desk.json: there is no such flow"));
        assertThat(flows.named("reception")).isEmpty();
        assertThat(flows.withId("reception")).isEmpty();
        assertThat(flows.standard().flow().id()).isEqualTo("front-desk");

        flow(folder.resolve("reception.json"), "reception");
        assertThat(flows.named("reception")).as("it is back").isPresent();
    }

    @Test
    void aVersionThatCallsRanIsNotChangedByItsFile() throws IOException {
        FlowFolder flows = flows();
        Path file = folder.resolve("reception.json");
        flow(file, "reception", 7, "Goodbye.");
        flows.used(flows.named("reception").orElseThrow());

        flow(file, "reception", 7, "So long.");
        changed(file, 1);
        flows.check();
        assertThat(flows.named("reception"))
                .get()
                .extracting(FlowFolder.Document::text)
                .asString()
                .contains("Goodbye.");
        assertThat(problems)
                .singleElement()
                .asString()
                .endsWith("reception.json: version 7 of reception was used by calls with another content:"
                        + " raise its version to 8");

        flow(file, "reception", 8, "So long.");
        changed(file, 2);
        assertThat(flows.named("reception"))
                .get()
                .extracting(it -> it.flow().version())
                .isEqualTo(8);
    }

    @Test
    void aVersionThatNoCallRanMayChangeAndTestsAndLayoutAlways() throws IOException {
        FlowFolder flows = flows();
        Path file = folder.resolve("reception.json");
        flow(file, "reception", 7, "So long.");
        changed(file, 1);
        FlowFolder.Document read = flows.named("reception").orElseThrow();
        assertThat(read.text()).contains("So long.");
        flows.used(read);

        Files.writeString(
                file,
                read.text()
                        .replace("\n", " ")
                        .replace("\"edges\": []", "\"edges\":[], \"tests\":[{\"name\":\"t\",\"from\":\"anonymous\"}]"));
        changed(file, 2);
        flows.check();

        assertThat(problems).isEmpty();
        assertThat(flows.named("reception"))
                .get()
                .extracting(FlowFolder.Document::text)
                .asString()
                .contains("tests");
    }

    @Test
    void findsAFlowByItsIdInTheFolder() throws IOException {
        flow(folder.resolve("a.json"), "front-desk", 9, "Another one.");
        flow(folder.resolve("z.json"), "billing");

        assertThat(flows().withId("billing"))
                .get()
                .extracting(FlowFolderTest::id)
                .isEqualTo("billing");
        assertThat(flows().withId("front-desk"))
                .as("the default file before others")
                .get()
                .extracting(it -> it.flow().version())
                .isEqualTo(1);
        assertThat(flows().withId("secret")).isEmpty();
        assertThat(flows().withId("nobody")).isEmpty();
    }

    @Test
    void aFolderThatIsExchangedAsAWholeIsReadAnew() throws IOException {
        Path first = Files.createDirectories(folder.resolve("..1"));
        Path second = Files.createDirectories(folder.resolve("..2"));
        flow(first.resolve("mounted.json"), "mounted", 1, "One.");
        flow(second.resolve("mounted.json"), "mounted", 2, "Two.");
        Path data = folder.resolve("..data");
        Files.createSymbolicLink(data, Path.of("..1"));
        Files.createSymbolicLink(folder.resolve("mounted.json"), Path.of("..data/mounted.json"));
        FlowFolder flows = flows();
        assertThat(flows.named("mounted"))
                .get()
                .extracting(it -> it.flow().version())
                .isEqualTo(1);

        Files.delete(data);
        Files.createSymbolicLink(data, Path.of("..2"));
        flows.check();

        assertThat(flows.named("mounted"))
                .get()
                .extracting(it -> it.flow().version())
                .isEqualTo(2);
        assertThat(problems).isEmpty();
    }

    @Test
    void watchesTheFolder() throws Exception {
        FlowFolder flows = flows();
        try (AutoCloseable _ = flows.watch(Duration.ofMillis(20))) {
            Path written = Files.writeString(folder.resolve("front-desk.new"), "{"); // not seen half written
            Files.move(written, folder.resolve("front-desk.json"), StandardCopyOption.ATOMIC_MOVE);

            Awaitility.await().untilAsserted(() -> assertThat(problems).hasSize(1));
        }
    }

    private static String id(FlowFolder.Document document) {
        return document.flow().id();
    }

    private FlowFolder flows() {
        return FlowFolder.open(folder.resolve("front-desk.json"), problems::add);
    }

    private static void changed(Path file, int seconds) throws IOException {
        Files.setLastModifiedTime(
                file, FileTime.from(Instant.parse("2026-11-22T10:00:00Z").plusSeconds(seconds)));
    }

    private static void flow(Path file, String id) throws IOException {
        flow(file, id, 1, "Goodbye.");
    }

    private static void flow(Path file, String id, int version, String goodbye) throws IOException {
        Files.writeString(file, """
                {"schemaVersion": 1, "id": "%s", "version": %d, "name": "A flow", "start": "bye",
                 "nodes": [{"id": "bye", "type": "hangup", "say": "%s"}], "edges": []}
                """.formatted(id, version, goodbye));
    }
}
