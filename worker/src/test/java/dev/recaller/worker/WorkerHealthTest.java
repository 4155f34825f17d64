package dev.recaller.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recaller.sql.Database;
import dev.recaller.sql.EmbeddedDatabase;
import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class WorkerHealthTest {

    private final EmbeddedDatabase postgres = EmbeddedDatabase.temporary();
    private final FragileProxy between =
            new FragileProxy(URI.create(postgres.urls().worker()));
    private final Database database = Database.open(between.url().toString(), 1);
    private boolean closedToCalls;
    private boolean registered = true;
    private boolean panicked;
    private List<String> failing = List.of();
    private final WorkerHealth health =
            new WorkerHealth(database, () -> failing, () -> closedToCalls, () -> registered, () -> panicked);

    @AfterEach
    void close() {
        database.close();
        between.close();
        postgres.close();
    }

    @Test
    void isReadyWhenNothingIsMissing() {
        assertThat(health.notReady()).isEmpty();
        assertThat(health.alive()).isTrue();
    }

    @Test
    void isNotReadyWithoutItsDatabaseAndAgainWhenItIsBack() {
        between.kill();
        assertThat(health.notReady()).containsExactly("the database does not answer");
        assertThat(health.alive()).as("a restart would not help").isTrue();
        between.revive();
        assertThat(health.notReady()).isEmpty();
    }

    @Test
    void isNotReadyWhenLiveKitDoesNotKnowItOrItTakesNoCalls() {
        registered = false;
        assertThat(health.notReady()).containsExactly("not registered at LiveKit");
        registered = true;
        closedToCalls = true;
        assertThat(health.notReady()).containsExactly("draining");
        assertThat(health.alive()).isTrue();
    }

    @Test
    void isNotAliveWhenTheNativeCorePanicked() {
        panicked = true;
        assertThat(health.alive()).isFalse();
        assertThat(health.notReady()).containsExactly("the native core panicked");
    }

    @Test
    void staysReadyWithoutAProviderAndSaysWhich() {
        failing = List.of("speech by openai/tts-1");
        assertThat(health.notReady()).isEmpty();
        assertThat(health.failing()).containsExactly("speech by openai/tts-1");
    }
}
