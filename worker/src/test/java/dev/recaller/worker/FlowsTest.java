package dev.recaller.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.recaller.flow.definition.Flow;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FlowsTest {

    @TempDir
    private Path temporary;

    private Path folder;

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
        Flows flows = flows();

        assertThat(flows.forCall(null)).containsSame(flows.standard());
        assertThat(flows.forCall(" ")).containsSame(flows.standard());
        assertThat(flows.forCall("reception.json")).get().extracting(Flow::id).isEqualTo("reception");
        assertThat(flows.forCall("reception")).get().extracting(Flow::id).isEqualTo("reception");
        assertThat(flows.forCall("sales/quote")).get().extracting(Flow::id).isEqualTo("quote");
        assertThat(flows.forCall("sales/../reception"))
                .get()
                .extracting(Flow::id)
                .isEqualTo("reception");
        assertThat(flows.forCall("reception")).isEqualTo(flows.forCall("reception.json"));
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
        assertThat(flows().forCall(name)).isEmpty();
    }

    @Test
    void doesNotFollowALinkOutOfTheFolder() throws IOException {
        Files.createSymbolicLink(folder.resolve("link.json"), temporary.resolve("secret.json"));

        assertThat(flows().forCall("link")).isEmpty();
    }

    @Test
    void allowsAnAbsolutePathIntoTheFolder() {
        assertThat(flows().forCall(folder.resolve("reception.json").toString()))
                .get()
                .extracting(Flow::id)
                .isEqualTo("reception");
    }

    @Test
    void findsNothingInABrokenFileUntilItIsMended() throws IOException {
        Flows flows = flows();
        Path file = folder.resolve("reception.json");
        Files.writeString(file, "{");
        changed(file, 1);
        assertThat(flows.forCall("reception")).isEmpty();

        flow(file, "mended");
        changed(file, 2);
        assertThat(flows.forCall("reception")).get().extracting(Flow::id).isEqualTo("mended");
    }

    @Test
    void goesOnWithTheLastGoodVersionWhileTheFileIsBroken() throws IOException {
        Flows flows = flows();
        Path file = folder.resolve("front-desk.json");
        Files.writeString(file, "{");
        changed(file, 1);
        assertThat(flows.standard().id()).isEqualTo("front-desk");

        flow(file, "mended");
        changed(file, 2);
        assertThat(flows.standard().id()).isEqualTo("mended");
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

    private Flows flows() {
        return Flows.open(folder.resolve("front-desk.json"));
    }

    private static void changed(Path file, int seconds) throws IOException {
        Files.setLastModifiedTime(
                file, FileTime.from(Instant.parse("2026-11-22T10:00:00Z").plusSeconds(seconds)));
    }

    private static void flow(Path file, String id) throws IOException {
        Files.writeString(file, """
                {"schemaVersion": 1, "id": "%s", "version": 1, "name": "A flow", "start": "bye",
                 "nodes": [{"id": "bye", "type": "hangup", "say": "Goodbye."}], "edges": []}
                """.formatted(id));
    }
}
