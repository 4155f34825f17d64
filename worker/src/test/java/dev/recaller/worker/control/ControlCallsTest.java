package dev.recaller.worker.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.recaller.worker.control.v1.Beginning;
import dev.recaller.worker.control.v1.Call;
import dev.recaller.worker.control.v1.CallEvent;
import dev.recaller.worker.control.v1.ConverseRequest;
import dev.recaller.worker.control.v1.DialRequest;
import dev.recaller.worker.control.v1.DrainRequest;
import dev.recaller.worker.control.v1.HangUpRequest;
import dev.recaller.worker.control.v1.JoinRequest;
import dev.recaller.worker.control.v1.ListCallsRequest;
import dev.recaller.worker.control.v1.SayRequest;
import dev.recaller.worker.control.v1.SayResponse;
import dev.recaller.worker.control.v1.StatusRequest;
import dev.recaller.worker.control.v1.TransferRequest;
import dev.recaller.worker.control.v1.Turn.Speaker;
import dev.recaller.worker.control.v1.UndrainRequest;
import dev.recaller.worker.control.v1.WatchRequest;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class ControlCallsTest {

    private static final String NUMBER = "+15105550100";

    @SuppressWarnings("NullAway.Init")
    private static RunningControl control;

    private final String organization = "org-" + UUID.randomUUID();
    private final String operator = control.key(organization, "operator");
    private final String viewer = control.key(organization, "viewer");

    @BeforeAll
    static void start() throws Exception {
        control = new RunningControl();
    }

    @AfterAll
    static void stop() {
        control.close();
    }

    @Test
    void aConversationInTextIsACallLikeAnyOtherAndRemembersTheCaller() throws Exception {
        Talk first = Talk.from(control, operator, NUMBER);
        String id = first.callId();
        assertThat(first.untilListening()).contains("Who am I talking to?");
        first.say("My name is Ada.");
        assertThat(first.untilListening()).contains("Nice to meet you, Ada.");
        first.say("A chair, please.");
        assertThat(first.ended()).isEqualTo("agent_hangup");

        assertThat(control.rows("select end_reason from calls where id = '" + id + "'"))
                .containsExactly("agent_hangup");
        Talk second = Talk.from(control, operator, NUMBER);
        String _ = second.callId();
        assertThat(second.untilListening()).contains("Hi Ada!");
        second.hangUp();
        assertThat(second.ended()).isEqualTo("caller_hangup");
    }

    @Test
    void aCallIsListedWatchedSpokenIntoAndHungUp() throws Exception {
        Talk talk = Talk.from(control, operator, NUMBER);
        String id = talk.callId();
        assertThat(talk.untilListening()).isNotEmpty();

        Call listed = control.calls(viewer)
                .list(ListCallsRequest.getDefaultInstance())
                .getCalls(0);
        assertThat(listed.getId()).isEqualTo(id);
        assertThat(listed.getFlowId()).isEqualTo("front-desk");
        assertThat(listed.getNode()).isEqualTo("hearName");
        assertThat(listed.getTelephone()).isFalse();

        Iterator<CallEvent> watching = control.calls(viewer)
                .watch(WatchRequest.newBuilder().setCallId(id).build());
        assertThat(watching.next().getState().getId()).isEqualTo(id);
        assertThat(watching.next().getTurn().getText()).contains("Who am I talking to?");

        CompletableFuture<SayResponse> saying = CompletableFuture.supplyAsync(() -> control.calls(operator)
                .say(SayRequest.newBuilder()
                        .setCallId(id)
                        .setText("Please hold the line.")
                        .build()));
        assertThat(talk.next().orElseThrow().getSpeech()).isEqualTo("Please hold the line.");
        assertThat(saying.join().getInterrupted()).isFalse();

        talk.say("My name is Ada.");
        List<CallEvent> events = new ArrayList<>();
        while (events.stream().noneMatch(event -> event.getTurn().getText().contains("Nice to meet you"))) {
            events.add(watching.next());
        }
        assertThat(events)
                .anySatisfy(event -> {
                    assertThat(event.getTurn().getSpeaker()).isEqualTo(Speaker.CALLER);
                    assertThat(event.getTurn().getText()).isEqualTo("My name is Ada.");
                })
                .anySatisfy(event -> assertThat(event.getNode()).isEqualTo("storeName"));

        control.calls(operator).hangUp(HangUpRequest.newBuilder().setCallId(id).build());
        assertThat(talk.ended()).isEqualTo("operator");
        while (watching.hasNext()) {
            events.add(watching.next());
        }
        assertThat(events.getLast().getEnded().getReason()).isEqualTo("operator");
        assertThat(control.rows("select end_reason from calls where id = '" + id + "'"))
                .containsExactly("operator");
        await().until(() -> control.calls(viewer)
                .list(ListCallsRequest.getDefaultInstance())
                .getCallsList()
                .isEmpty());
        assertThat(Refusals.of(() -> control.calls(operator)
                        .hangUp(HangUpRequest.newBuilder().setCallId(id).build())))
                .isEqualTo("NOT_FOUND CALL_UNKNOWN");
    }

    @Test
    void whatACallIsBegunWithIsCheckedAndAllMistakesAreTold() throws Exception {
        assertThat(beginning(Beginning.newBuilder().setFlow("nobody"))).isEqualTo("NOT_FOUND FLOW_UNKNOWN");
        assertThat(beginning(Beginning.newBuilder().putMetadata("phoneNumber", "12")))
                .isEqualTo("INVALID_ARGUMENT REQUEST_INVALID");
        assertThat(beginning(Beginning.newBuilder().putMetadata("colour", "red").putVariables("size", "2")))
                .isEqualTo("INVALID_ARGUMENT REQUEST_INVALID");
        var first = new Talk(control, operator);
        first.say("Hello?");
        assertThat(Refusals.of(first.failure())).isEqualTo("INVALID_ARGUMENT REQUEST_INVALID");
        assertThat(Refusals.fields(() -> control.calls(operator)
                        .dial(DialRequest.newBuilder()
                                .setTo("12")
                                .setBeginning(Beginning.newBuilder().putMetadata("phoneNumber", "x"))
                                .build())))
                .containsExactly("to", "beginning.metadata.phoneNumber");
        assertThat(Refusals.fields(() -> control.calls(operator)
                        .transfer(TransferRequest.newBuilder()
                                .setRing(com.google.protobuf.Duration.newBuilder()
                                        .setSeconds(-1))
                                .build())))
                .containsExactly("to", "ring");
    }

    @Test
    void whereLiveKitIsNotThereNothingIsBegun() {
        assertThat(Refusals.of(() -> control.calls(operator)
                        .dial(DialRequest.newBuilder().setTo(NUMBER).build())))
                .isEqualTo("UNAVAILABLE LIVEKIT");
        assertThat(Refusals.of(() -> control.calls(operator)
                        .join(JoinRequest.newBuilder().setRoom("a room").build())))
                .isEqualTo("UNAVAILABLE LIVEKIT");
    }

    @Test
    void aWorkerIsDrainedAndTakesCallsAgain() throws Exception {
        var worker = control.worker(control.key("*", "installation"));
        assertThat(worker.status(StatusRequest.getDefaultInstance()).getDraining())
                .isFalse();
        assertThat(worker.drain(DrainRequest.getDefaultInstance()).getDraining())
                .isTrue();
        assertThat(Refusals.of(Talk.from(control, operator, NUMBER).failure())).isEqualTo("UNAVAILABLE DRAINING");
        assertThat(worker.undrain(UndrainRequest.getDefaultInstance()).getDraining())
                .isFalse();
        Talk talk = Talk.from(control, operator, NUMBER);
        assertThat(talk.callId()).isNotEmpty();
        talk.hangUp();
        assertThat(talk.ended()).isEqualTo("caller_hangup");
    }

    private String beginning(Beginning.Builder start) throws InterruptedException {
        var talk = new Talk(control, operator);
        talk.send(ConverseRequest.newBuilder().setStart(start).build());
        return Refusals.of(talk.failure());
    }
}
