package dev.recaller.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.recaller.worker.Configuration.Purpose;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

class ReloadTest {
    private static final Duration SELDOM = Duration.ofHours(1);

    @TempDir
    private Path folder;

    private final List<Configuration> applied = new CopyOnWriteArrayList<>();
    private final ListAppender<ILoggingEvent> logged = new ListAppender<>();

    @BeforeEach
    void listen() {
        logged.start();
        ((Logger) LoggerFactory.getLogger(Reload.class)).addAppender(logged);
    }

    @AfterEach
    void leave() {
        ((Logger) LoggerFactory.getLogger(Reload.class)).detachAppender(logged);
    }

    @Test
    void whatCanChangeFollowsTheFileAndOfTheRestIsSaidThatItWaits() throws IOException {
        settings("RECALLER_MAX_CALLS=5");
        try (var reload = new Reload(read(), this::read, applied::add, SELDOM)) {
            settings("RECALLER_MAX_CALLS=7", "RECALLER_AGENT_NAME=other");
            reload.again();
            assertThat(applied)
                    .singleElement()
                    .satisfies(now -> assertThat(now.maxCalls()).isEqualTo(7));
            assertThat(logged()).contains("in force now: RECALLER_MAX_CALLS");
            assertThat(logged()).contains("wait for the next one: RECALLER_AGENT_NAME");
        }
    }

    @Test
    void settingsWithMistakesChangeNothingAndEveryMistakeIsTold() throws IOException {
        settings("RECALLER_MAX_CALLS=5");
        try (var reload = new Reload(read(), this::read, applied::add, SELDOM)) {
            settings("RECALLER_MAX_CALLS=many", "RECALLER_DRAIN_SECONDS=-1");
            reload.again();
            assertThat(applied).isEmpty();
            assertThat(logged()).contains("RECALLER_MAX_CALLS=many").contains("RECALLER_DRAIN_SECONDS=-1");
        }
    }

    @Test
    void secretsFollowTheirFileAndNoneIsLogged() throws IOException {
        Path secrets = folder.resolve("secrets.json");
        Files.writeString(secrets, "{ \"acme\": { \"TOKEN\": \"first-hunter2\" } }");
        settings("RECALLER_SECRETS=secrets.json");
        try (var _ = new Reload(read(), this::read, applied::add, Duration.ofMillis(20))) {
            Files.writeString(secrets, "{ \"acme\": { \"TOKEN\": \"second-and-longer-hunter2\" } }");
            await("the new secret").untilAsserted(() -> assertThat(applied).isNotEmpty());
            assertThat(applied.getLast().secrets().find("acme", "TOKEN")).contains("second-and-longer-hunter2");
            assertThat(logged()).doesNotContain("hunter2");
        }
    }

    private void settings(String... lines) throws IOException {
        Files.write(folder.resolve("recaller.properties"), List.of(lines));
    }

    private Configuration read() {
        return Configuration.read(Map.of(), folder, Purpose.TOOL);
    }

    private String logged() {
        return String.join(
                "\n",
                List.copyOf(logged.list).stream()
                        .map(ILoggingEvent::getFormattedMessage)
                        .toList());
    }
}
