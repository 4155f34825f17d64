package dev.recaller.bench.phone;

import dev.recaller.bench.phone.Scenario.Line;
import dev.recaller.bench.phone.Scenario.Step;
import dev.recaller.bench.phone.Scenario.Who;
import dev.recaller.memory.Assurance;
import dev.recaller.memory.Conversation;
import dev.recaller.memory.MemoryConfiguration;
import dev.recaller.memory.MemoryIdentity;
import dev.recaller.memory.Query;
import dev.recaller.memory.Recollection;
import dev.recaller.memory.Turn;
import dev.recaller.memory.UnifiedMemoryService;
import dev.recaller.sql.Database;
import dev.recaller.worker.caller.Caller;
import dev.recaller.worker.caller.CallerId;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Plays scenarios on a real memory without a model: the worker's rules for numbers, the service as a call uses it, a clock of its own. */
final class Player implements AutoCloseable {

    private static final String REGION = "US";
    private static final Duration PLENTY = Duration.ofSeconds(30);
    private static final Duration A_LINE = Duration.ofSeconds(10);
    private static final int MOST = 20;

    private final Tables tables;
    private final UnifiedMemoryService memory;
    private Instant now = Instant.parse("2026-01-05T09:00:00Z");
    private int organizations;
    private UUID lastCall = UUID.randomUUID();

    /**
     * @param worker as the worker's role
     * @param reader as the operator's
     */
    Player(Database worker, Database reader) {
        tables = new Tables(reader);
        memory = new UnifiedMemoryService(worker, (InstantSource) () -> now, null);
    }

    /**
     * What came of a scenario.
     *
     * @param failures what was not so, in words
     */
    record Outcome(Scenario scenario, int checks, List<String> failures) {
        Outcome {
            failures = List.copyOf(failures);
        }

        boolean holds() {
            return failures.isEmpty();
        }
    }

    Outcome play(Scenario scenario) {
        String organization = "phone-" + ++organizations;
        List<String> failures = new ArrayList<>();
        int checks = 0;
        for (Step step : scenario.steps()) {
            switch (step) {
                case Step.Call call -> speak(organization, call);
                case Step.Ask ask -> {
                    now = now.plus(ask.inCall() ? Duration.ZERO : ask.after());
                    checks += ask.checks().size();
                    Recollection recollection = recall(organization, ask);
                    ask.checks().forEach(check -> add(failures, Judge.of(check, recollection)));
                }
                case Step.Look look -> {
                    checks += look.checks().size();
                    look.checks().forEach(check -> add(failures, tables.judge(check, organization)));
                }
            }
        }
        return new Outcome(scenario, checks, failures);
    }

    private void speak(String organization, Step.Call call) {
        now = now.plus(call.after());
        lastCall = UUID.randomUUID();
        Known known = known(organization, call.who());
        for (int index = 0; index < call.lines().size(); index++) {
            Line line = call.lines().get(index);
            if (known.identity() != null) {
                var turn = new Turn(index, line.speaker(), line.text(), now);
                memory.store(
                        known.identity(),
                        new Conversation(lastCall, known.assurance(), List.of(turn)),
                        configuration(call.memoryEnabled()));
            }
            now = now.plus(A_LINE);
        }
    }

    private Recollection recall(String organization, Step.Ask ask) {
        Known known = known(organization, ask.who());
        return known.identity() == null
                ? Recollection.EMPTY
                : memory.recall(
                        known.identity(),
                        new Query(ask.question(), MOST, known.assurance(), ask.inCall() ? lastCall : null),
                        PLENTY);
    }

    private record Known(@Nullable MemoryIdentity identity, Assurance assurance) {}

    /** As a call knows its caller: without a usable number or a user id there is no memory. */
    private static Known known(String organization, Who who) {
        Caller caller = CallerId.of(who.presented(), REGION);
        String user = who.userId();
        String phone = caller.phoneNumber();
        if (user == null && phone == null) {
            return new Known(null, Assurance.ANONYMOUS);
        }
        Assurance given = who.assurance();
        Assurance assurance = given != null ? given : user != null ? Assurance.VERIFIED : caller.assurance();
        return new Known(new MemoryIdentity(organization, user, phone), assurance);
    }

    private static MemoryConfiguration configuration(boolean enabled) {
        MemoryConfiguration given = MemoryConfiguration.DEFAULT;
        return new MemoryConfiguration(
                enabled,
                given.usePhoneNumber(),
                given.useUserId(),
                given.autoStore(),
                given.retentionDays(),
                given.extractEntities(),
                given.extractPreferences());
    }

    @Override
    public void close() {
        memory.close();
    }

    private static void add(List<String> failures, @Nullable String failure) {
        if (failure != null) {
            failures.add(failure);
        }
    }
}
