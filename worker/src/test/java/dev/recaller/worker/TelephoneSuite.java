package dev.recaller.worker;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.recaller.worker.phone.Phone;
import dev.recaller.worker.speech.SoundsLike;
import dev.recaller.worker.store.NumberBook;
import dev.recaller.worker.store.NumberBook.Entry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;

/**
 * What a telephone does to the worker, by whichever telephone an {@link Exchange} has: a simulated participant of kind SIP
 * everywhere, one that speaks SIP and G.711 where there is a livekit-sip. What is heard is judged by a listener.
 */
@Timeout(180)
@TestInstance(Lifecycle.PER_CLASS)
@TestMethodOrder(OrderAnnotation.class)
abstract class TelephoneSuite {
    static final String DESK = "+15550100";
    static final String MENU = "+15550101";
    static final String PATIENT = "+15550102";
    static final String STRICT = "+15550103";
    /** What a bridge's trunk has to take. */
    static final List<String> NUMBERS = List.of(DESK, MENU, PATIENT, STRICT);

    private static final Duration SOON = Duration.ofSeconds(30);
    private static final int MANY = 10;

    private @Nullable Exchange opened;

    /** A running worker and telephones that can call it. */
    interface Exchange extends AutoCloseable {
        RunningWorker worker();

        /** Dials; {@code from} is the user part of the caller's address, as it is sent. */
        Phone dial(String from, String called) throws Exception;

        @Override
        void close();
    }

    abstract Exchange open() throws Exception;

    @BeforeAll
    void start() throws Exception {
        opened = open();
        worker().addFlow("menu.json", """
                { "schemaVersion": 1, "id": "menu", "version": 1, "name": "Menu", "start": "ask",
                  "nodes": [
                    { "id": "ask", "type": "collect_digits", "into": "key", "min": 2, "max": 2, "say": "Please enter the two digits of your order." },
                    { "id": "flowers", "type": "say", "text": "Your flowers will come on Friday." },
                    { "id": "unknown", "type": "say", "text": "There is no such order." },
                    { "id": "bye", "type": "hangup" } ],
                  "edges": [
                    { "from": "ask", "port": "complete", "to": "flowers", "when": "key == '42'" }, { "from": "ask", "to": "unknown" },
                    { "from": "flowers", "to": "bye" }, { "from": "unknown", "to": "bye" } ] }""");
        worker().addFlow("patient.json", """
                { "schemaVersion": 1, "id": "patient", "version": 1, "name": "Patient", "start": "hello",
                  "nodes": [
                    { "id": "hello", "type": "say", "text": "Welcome to the garden center." },
                    { "id": "hear", "type": "listen", "turns": { "silence": { "promptAfterMs": 1000, "maxPrompts": 1 } } },
                    { "id": "bye", "type": "hangup", "say": "Thank you for calling." } ],
                  "edges": [ { "from": "hello", "to": "hear" }, { "from": "hear", "to": "bye" } ] }""");
        try (var database = worker().database()) {
            NumberBook numbers = NumberBook.in(database);
            numbers.set("default", new Entry(MENU, "menu.json", false, null, null));
            numbers.set("default", new Entry(PATIENT, "patient.json", false, null, null));
            numbers.set("default", new Entry(STRICT, null, true, null, null));
        }
    }

    @AfterAll
    void stop() {
        if (opened != null) {
            opened.close();
        }
    }

    @Test
    void aCallerIsGreetedByNameTheSecondTime() throws Exception {
        String number = "+1234567890";
        try (var phone = dial(number, DESK).answered()) {
            phone.agentFinishes();
            assertThat(words(phone)).is(SoundsLike.words("hello this is the front desk who am i talking to"));
            phone.say(worker().voice("My name is John."));
            phone.agentFinishes();
            phone.hangUp();
        }
        worker().awaitNoCalls();
        try (var phone = dial(number, DESK).answered()) {
            phone.agentFinishes();
            assertThat(words(phone)).is(SoundsLike.words("hi john"));
        }
        worker().awaitNoCalls();
        assertThat(worker().metrics())
                .contains("recaller_calls_total{end_reason=\"caller_hangup\",flow=\"front-desk\"}")
                .contains("recaller_caller_identity_total{kind=\"valid\"}");
    }

    @Test
    void keysChooseInAMenuAndTheAgentHangsUp() throws Exception {
        try (var phone = dial("+14155550161", MENU).answered()) {
            phone.agentFinishes();
            phone.press("42");
            assertThat(phone.awaitHungUp(SOON)).isTrue();
            assertThat(words(phone))
                    .is(SoundsLike.words("two digits of your order"))
                    .is(SoundsLike.words("flowers will come on friday"));
        }
        worker().awaitNoCalls();
        assertThat(worker().metrics()).contains("recaller_calls_total{end_reason=\"agent_hangup\",flow=\"menu\"} 1.0");
    }

    @Test
    void aCallerWhoNeverSpeaksIsAskedOnceMoreAndLetGo() throws Exception {
        try (var phone = dial("+14155550162", PATIENT).answered()) {
            assertThat(phone.awaitHungUp(SOON)).isTrue();
            assertThat(words(phone))
                    .is(SoundsLike.words("welcome to the garden center"))
                    .is(SoundsLike.words("are you still there"))
                    .is(SoundsLike.words("thank you for calling"));
        }
        worker().awaitNoCalls();
    }

    @Test
    void aPhoneThatIsPutDownWhileRingingWasNeverAnswered() throws Exception {
        try (var phone = dial("+14155550163", DESK)) {
            phone.hangUp();
        }
        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(worker().metrics()).contains("end_reason=\"never_answered\""));
        worker().awaitNoCalls();
    }

    @Test
    void aCallerWhoIsNotWantedHearsNothing() throws Exception {
        try (var phone = dial("anonymous", STRICT)) {
            assertThat(phone.awaitHungUp(SOON)).isTrue();
            assertThat(phone.heard()).isEmpty();
        }
        worker().awaitNoCalls();
        assertThat(worker().metrics()).contains("end_reason=\"rejected_anonymous\"");
    }

    @Test
    void tenWhoCallAtOnceAreAllGreeted() throws Exception {
        List<Phone> phones = new ArrayList<>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<Phone>> callers = IntStream.range(0, MANY)
                    .<Callable<Phone>>mapToObj(i -> () -> {
                        Phone phone = dial("+1415555018" + i, DESK).answered();
                        phone.agentFinishes();
                        return phone;
                    })
                    .toList();
            for (Future<Phone> caller : threads.invokeAll(callers)) {
                phones.add(caller.get());
            }
            assertThat(worker().activeCalls()).isEqualTo(MANY);
        } finally {
            phones.forEach(Phone::close);
        }
        for (Phone phone : phones) {
            assertThat(words(phone)).is(SoundsLike.words("this is the front desk"));
        }
        worker().awaitNoCalls();
    }

    @Test
    @Order(Integer.MAX_VALUE)
    void aCallGoesOnWhileTheWorkerDrainsAndTheNextIsNotTaken() throws Exception {
        try (var phone = dial("+14155550164", DESK).answered()) {
            phone.agentFinishes();
            worker().drain();
            await("draining").atMost(Duration.ofSeconds(60)).until(() -> !worker().ready());
            try (var late = dial("+14155550165", DESK)) {
                phone.say(worker().voice("My name is John."));
                phone.agentFinishes();
                assertThat(words(phone)).is(SoundsLike.words("nice to meet you"));
                assertThat(late.heard()).isEmpty();
            }
            phone.hangUp();
        }
    }

    private Phone dial(String from, String called) throws Exception {
        return requireNonNull(opened).dial(from, called);
    }

    private String words(Phone phone) throws InterruptedException {
        return worker().words(phone.heard());
    }

    private RunningWorker worker() {
        return requireNonNull(opened).worker();
    }
}
