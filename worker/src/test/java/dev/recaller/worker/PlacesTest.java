package dev.recaller.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class PlacesTest {

    @Test
    void noMoreAreTakenThanThereAre() {
        var places = new Places(2);
        assertThat(places.take()).isTrue();
        assertThat(places.load()).isEqualTo(0.5);
        assertThat(places.take()).isTrue();
        assertThat(places.take()).isFalse();
        places.giveBack();
        assertThat(places.take()).isTrue();
        assertThat(places.load()).isEqualTo(1);
    }

    @Test
    void whereThereAreFewerThanAreTakenThoseAreKeptAndNoneIsGiven() {
        var places = new Places(3);
        for (int i = 0; i < 3; i++) {
            assertThat(places.take()).isTrue();
        }
        places.change(1);
        assertThat(places.load()).isEqualTo(1);
        places.giveBack();
        places.giveBack();
        assertThat(places.take()).isFalse();
        places.change(2);
        assertThat(places.take()).isTrue();
    }

    @Test
    void whoWaitsForTheLastOneIsToldAtOnce() throws Exception {
        var places = new Places(2);
        assertThat(places.awaitEmpty(0)).isTrue();
        assertThat(places.take()).isTrue();
        assertThat(places.awaitEmpty(1)).isFalse();
        var waiting = CompletableFuture.supplyAsync(() -> awaited(places));
        places.giveBack();
        assertThat(waiting.get(10, TimeUnit.SECONDS)).isTrue();
    }

    private static boolean awaited(Places places) {
        try {
            return places.awaitEmpty(TimeUnit.SECONDS.toNanos(30));
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
