package dev.recaller.worker.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import dev.recaller.flow.FlowContext;
import dev.recaller.flow.FlowListener;
import dev.recaller.memory.Assurance;
import dev.recaller.worker.control.Deadlines.Limits;
import dev.recaller.worker.control.v1.CallEvent;
import dev.recaller.worker.control.v1.CallsGrpc;
import dev.recaller.worker.control.v1.EraseRequest;
import dev.recaller.worker.control.v1.ExportRequest;
import dev.recaller.worker.control.v1.ImportResponse;
import dev.recaller.worker.control.v1.MemoriesGrpc;
import dev.recaller.worker.control.v1.Piece;
import dev.recaller.worker.control.v1.PutFlowRequest;
import dev.recaller.worker.control.v1.SayRequest;
import dev.recaller.worker.control.v1.ShowMemoryRequest;
import dev.recaller.worker.control.v1.WatchRequest;
import dev.recaller.worker.control.v1.Whose;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import io.grpc.stub.StreamObserver;
import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ControlStreamsTest {

    private static final String NUMBER = "+15105550199";

    @Test
    void whatWasExportedIsImportedElsewhereAndADamagedFileIsRefusedWhole() throws Exception {
        try (var control = new RunningControl()) {
            String key = control.key("here", "admin");
            Talk talk = Talk.from(control, key, NUMBER);
            String _ = talk.callId();
            String _ = talk.untilListening();
            talk.say("My name is Ada.");
            String _ = talk.untilListening();
            talk.hangUp();
            assertThat(talk.ended()).isEqualTo("caller_hangup");

            byte[] document = exported(control, key);
            assertThat(new String(document, StandardCharsets.UTF_8))
                    .contains("Ada")
                    .endsWith("}\n");

            String there = control.key("there", "admin");
            byte[] damaged = new String(document, StandardCharsets.UTF_8)
                    .replace("Ada", "Eve")
                    .getBytes(StandardCharsets.UTF_8);
            assertThat(Refusals.of(importing(control, there, damaged)
                            .handle((_, e) -> e)
                            .get(30, TimeUnit.SECONDS)))
                    .isEqualTo("FAILED_PRECONDITION IMPORT_REFUSED");
            ImportResponse imported = importing(control, there, document).get(30, TimeUnit.SECONDS);
            assertThat(imported.getImported()).isEqualTo(1);
            assertThat(control.memories(there).show(whose()).getName()).isEqualTo("Ada");

            control.memories(there)
                    .erase(EraseRequest.newBuilder()
                            .setWhose(Whose.newBuilder().setPhoneNumber(NUMBER))
                            .build());
            assertThat(control.memories(there).show(whose()).getMemoryIdsList()).isEmpty();
            assertThat(control.memories(key).show(whose()).getName()).isEqualTo("Ada");
            assertThat(control.rows("select string_agg(distinct action, ',' order by action) from audit"
                            + " where organization_id = 'there' and actor like 'key:%'"))
                    .containsExactly(
                            "control:Memories/Erase,control:Memories/Import,control:Memories/Show,erase,import,show");
        }
    }

    @Test
    void aMessageThatUnpacksToMoreThanMayBeIsRefused() throws Exception {
        try (var control = new RunningControl()) {
            var flows = control.flows(control.key("packs", "admin")).withCompression("gzip");
            var packed = PutFlowRequest.newBuilder()
                    .setDocument(" ".repeat(16 << 20))
                    .build();
            assertThat(Refusals.of(() -> flows.put(packed))).startsWith("RESOURCE_EXHAUSTED");
        }
    }

    @Test
    void whoReadsSlowerThanPeopleSpeakIsCutAndTheCallGoesOn() throws Exception {
        try (var control = new RunningControl()) {
            String key = control.key("acme", "operator");
            Talk talk = Talk.from(control, key, NUMBER);
            String id = talk.callId();
            String _ = talk.untilListening();
            var refused = new CompletableFuture<Throwable>();
            var slow = new SlowReader(refused);
            CallsGrpc.newStub(control.channel(key))
                    .watch(WatchRequest.newBuilder().setCallId(id).build(), slow);

            FlowListener events = control.live.listener();
            var context = new FlowContext(UUID.fromString(id), "acme", null, Map.of(), Assurance.ANONYMOUS);
            for (int i = 0; i < 100_000; i++) {
                // What calls would tell in days: more than is on its way to a reader, and more than waits for one.
                events.nodeEntered(context, "node" + i, "say");
            }
            slow.read();
            assertThat(Refusals.of(refused.join())).isEqualTo("RESOURCE_EXHAUSTED TOO_SLOW");
            talk.say("My name is Ada.");
            assertThat(talk.untilListening()).contains("Ada");
            talk.hangUp();
        }
    }

    @Test
    void theServersDeadlineEndsWhatTakesLonger() throws Exception {
        var limits = new Limits(Duration.ofMillis(700), Duration.ofSeconds(2));
        try (var control = new RunningControl(
                new ControlSettings(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), true, null, null),
                limits)) {
            String key = control.key("acme", "operator");
            Talk talk = Talk.from(control, key, NUMBER);
            String id = talk.callId();
            String _ = talk.untilListening();
            Talk deaf = Talk.from(control, key, NUMBER);
            String _ = deaf.callId();

            assertThat(Refusals.of(deaf.failure())).isEqualTo("DEADLINE_EXCEEDED SERVER_DEADLINE");
            assertThat(Refusals.of(talk.failure())).isEqualTo("DEADLINE_EXCEEDED SERVER_DEADLINE");
            await().until(() -> control.live.of("acme").isEmpty());
            assertThat(control.rows("select count(*) from calls where end_reason is null"))
                    .containsExactly("0");
            assertThat(Refusals.of(() -> control.calls(key)
                            .say(SayRequest.newBuilder()
                                    .setCallId(id)
                                    .setText("x")
                                    .build())))
                    .isEqualTo("NOT_FOUND CALL_UNKNOWN");
        }
    }

    private static ShowMemoryRequest whose() {
        return ShowMemoryRequest.newBuilder()
                .setWhose(Whose.newBuilder().setPhoneNumber(NUMBER))
                .build();
    }

    private static byte[] exported(RunningControl control, String key) throws Exception {
        var document = new ByteArrayOutputStream();
        var pieces = control.memories(key)
                .export(ExportRequest.newBuilder().setAll(true).build());
        while (pieces.hasNext()) {
            pieces.next().getData().writeTo(document);
        }
        return document.toByteArray();
    }

    private static CompletableFuture<ImportResponse> importing(RunningControl control, String key, byte[] document) {
        var answer = new CompletableFuture<ImportResponse>();
        StreamObserver<Piece> out = MemoriesGrpc.newStub(control.channel(key)).import_(new StreamObserver<>() {
            @Override
            public void onNext(ImportResponse response) {
                answer.complete(response);
            }

            @Override
            public void onError(Throwable failure) {
                answer.completeExceptionally(failure);
            }

            @Override
            public void onCompleted() {}
        });
        for (int from = 0; from < document.length; from += 1_000) {
            out.onNext(Piece.newBuilder()
                    .setData(ByteString.copyFrom(document, from, Math.min(1_000, document.length - from)))
                    .build());
        }
        out.onCompleted();
        return answer;
    }

    /** Asks for no message before it is told to. */
    private static final class SlowReader implements ClientResponseObserver<WatchRequest, CallEvent> {
        private final CompletableFuture<Throwable> refused;
        private final CompletableFuture<ClientCallStreamObserver<WatchRequest>> stream = new CompletableFuture<>();

        SlowReader(CompletableFuture<Throwable> refused) {
            this.refused = refused;
        }

        void read() {
            stream.join().request(Integer.MAX_VALUE);
        }

        @Override
        public void beforeStart(ClientCallStreamObserver<WatchRequest> begun) {
            begun.disableAutoRequestWithInitial(0);
            stream.complete(begun);
        }

        @Override
        public void onNext(CallEvent event) {}

        @Override
        public void onError(Throwable failure) {
            refused.complete(failure);
        }

        @Override
        public void onCompleted() {}
    }
}
