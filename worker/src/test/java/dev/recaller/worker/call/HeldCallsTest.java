package dev.recaller.worker.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.recaller.livekit.server.ApiKey;
import dev.recaller.livekit.server.LiveKitServer;
import dev.recaller.livekit.testing.FreePort;
import dev.recaller.sql.Database;
import dev.recaller.sql.EmbeddedDatabase;
import dev.recaller.worker.FragileProxy;
import dev.recaller.worker.failover.MissedCalls;
import dev.recaller.worker.failover.Watch;
import dev.recaller.worker.store.CallLeases;
import dev.recaller.worker.store.CallLeases.Held;
import dev.recaller.worker.store.CallLeases.Lost;
import dev.recaller.worker.store.CallStore;
import dev.recaller.worker.telemetry.Meters;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Workers that watch each other on one real database, which may be away. */
class HeldCallsTest {
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final EmbeddedDatabase embedded = EmbeddedDatabase.temporary();
    private final Database database = Database.open(embedded.urls().worker(), 2);
    private final FragileProxy way = new FragileProxy(URI.create(embedded.urls().worker()));
    private final FragileProxy longerWay =
            new FragileProxy(URI.create(embedded.urls().worker()));
    private final LiveKitServer nowhere = new LiveKitServer(
            URI.create("http://127.0.0.1:" + FreePort.tcp()), new ApiKey("key", "secret"), Duration.ofSeconds(1));
    private final Meters meters = new Meters();
    private final List<Database> databases = new ArrayList<>();
    private final List<Watch> watches = new ArrayList<>();
    private final List<Lost> seen = new CopyOnWriteArrayList<>();
    private final List<UUID> taken = new CopyOnWriteArrayList<>();

    @AfterEach
    void close() {
        watches.forEach(Watch::close);
        nowhere.close();
        databases.forEach(Database::close);
        database.close();
        way.close();
        longerWay.close();
        embedded.close();
    }

    @Test
    void aDatabaseThatWasAwayCostsNobodyTheirCalls() throws Exception {
        worker(way);
        worker(longerWay);
        worker(way).close();
        await("that they judge others").atMost(LIMIT).until(() -> !seen.isEmpty());
        int _ = database.transactions()
                .run("acme", transaction -> transaction.execute("delete from call_leases where held_until < now()"));
        await("that there is nobody to judge").atMost(LIMIT).until(() -> overdue() == 0);
        seen.clear();

        way.freeze();
        longerWay.freeze();
        await("that all leases are over").atMost(LIMIT).until(() -> overdue() == 2);
        way.thaw();
        await("that one is back").atMost(LIMIT).until(() -> overdue() == 1);
        longerWay.thaw();
        await("that both are").atMost(LIMIT).until(() -> overdue() == 0);

        assertThat(seen).as("who came back first did not judge the other").isEmpty();
        assertThat(taken).isEmpty();
    }

    @Test
    void whoDoesNotRenewIsSeenByTheOthers() throws Exception {
        Watch lost = worker(way);
        worker(way);

        lost.close();

        await().atMost(LIMIT).until(() -> !seen.isEmpty());
    }

    private Watch worker(FragileProxy its) {
        Database database = Database.open(its.url().toString(), 3);
        databases.add(database);
        CallLeases leases = CallLeases.in(database, UUID.randomUUID(), () -> null);
        var held = new HeldCalls(leases, meters);
        UUID call = UUID.randomUUID();
        var telephone = new CallStore.Telephone("room", "RM_1", null, null, null, null, null);
        CallStore.in(database, () -> {})
                .save(new CallStore.Call(
                        call, "acme", "menu", 1, 30, telephone, Instant.now(), null, null, null, null));
        held.hold(new Held("acme", call, "room", "RM_1", ""), () -> taken.add(call));
        var watch = new Watch(held, leases, seen::add, new MissedCalls(nowhere, "recaller", leases, meters));
        watches.add(watch);
        watch.start();
        return watch;
    }

    /** How many leases are over, asked past the proxies. */
    private int overdue() throws Exception {
        try (var reader = Database.open(embedded.urls().reader(), 1);
                var connection = reader.connection();
                var rows = connection
                        .createStatement()
                        .executeQuery("select count(*) from call_leases where held_until < now()")) {
            rows.next();
            return rows.getInt(1);
        }
    }
}
