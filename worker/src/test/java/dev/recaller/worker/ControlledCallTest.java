package dev.recaller.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.recaller.livekit.testing.LiveKitServerFixture;
import dev.recaller.worker.command.RecallerProcess;
import dev.recaller.worker.control.ControlClient;
import dev.recaller.worker.control.ControlClient.Event;
import dev.recaller.worker.speech.SoundsLike;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A telephone call that an operator watches and steers, by the API and by the command line. */
class ControlledCallTest {

    @RegisterExtension
    static final LiveKitServerFixture liveKit = new LiveKitServerFixture();

    @SuppressWarnings("NullAway.Init")
    private static RunningWorker worker;

    @TempDir
    private Path folder;

    @BeforeAll
    static void start() throws Exception {
        worker = RunningWorker.start(liveKit);
    }

    @AfterAll
    static void stop() {
        worker.close();
    }

    @Test
    void anOperatorWatchesSpeaksAndHangsUp() throws Exception {
        String key = worker.key("default", "operator");
        List<Event> events = new CopyOnWriteArrayList<>();
        try (var client = ControlClient.open("127.0.0.1", worker.controlPort(), null, key);
                var phone = worker.phone("+14155550171").answered()) {
            await().atMost(Duration.ofSeconds(20)).until(() -> client.calls().size() == 1);
            ControlClient.Call call = client.calls().getFirst();
            assertThat(call.telephone()).isTrue();
            var watching =
                    CompletableFuture.runAsync(() -> client.watch(call.id(), events::add), Thread::startVirtualThread);
            phone.agentFinishes();

            assertThat(client.say(call.id(), "A colleague of mine is listening to us."))
                    .isTrue();
            assertThat(worker.words(phone.heard())).is(SoundsLike.words("colleague of mine is listening"));
            phone.say(worker.voice("My name is John."));
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> events.stream().anyMatch(event -> event.kind().equals("caller")));

            assertThat(recaller(key, "calls", "list")).contains(call.id() + "\tfront-desk\t1\ttelephone\t");
            assertThat(recaller(key, "calls", "hangup", call.id())).contains("ends");
            assertThat(phone.awaitHungUp(Duration.ofSeconds(10))).isTrue();
            watching.join();
        }
        worker.awaitNoCalls();
        assertThat(events).anySatisfy(event -> {
            assertThat(event.kind()).isEqualTo("agent");
            assertThat(event.text()).contains("Who am I talking to?");
        });
        assertThat(events.getLast().kind()).isEqualTo("ended");
        assertThat(events.getLast().text()).isEqualTo("operator");
    }

    @Test
    void aDrainingWorkerTakesNoCallUntilItIsUndrained() throws Exception {
        String key = worker.key("*", "installation");
        assertThat(recaller(key, "worker", "drain")).startsWith("Draining: 0 of ");
        await().until(() -> !worker.ready());
        assertThat(recaller(key, "worker", "undrain")).startsWith("Takes calls: ");
        await().atMost(Duration.ofSeconds(20)).until(worker::ready);
        try (var phone = worker.phone("+14155550172").answered()) {
            phone.agentFinishes();
            phone.hangUp();
        }
        worker.awaitNoCalls();
    }

    private String recaller(String key, String... arguments) throws Exception {
        var settings = Map.of("RECALLER_SERVER", "http://127.0.0.1:" + worker.controlPort(), "RECALLER_KEY", key);
        return RecallerProcess.run(settings, folder, "", arguments).ok().out();
    }
}
