package dev.recaller.worker.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.recaller.flow.model.ChatModel;
import dev.recaller.flow.model.ChatModel.Event;
import dev.recaller.flow.model.ChatModel.Function;
import dev.recaller.flow.model.ChatModel.FunctionCall;
import dev.recaller.flow.model.ChatModel.Message;
import dev.recaller.flow.model.ModelException;
import dev.recaller.worker.openai.VoiceServer.Call;
import dev.recaller.worker.openai.VoiceServer.Ending;
import dev.recaller.worker.openai.VoiceServer.Reply;
import dev.recaller.worker.speech.SpeechToText;
import dev.recaller.worker.speech.VoiceModel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A model that hears and speaks, behind a server that is as strict as the real one. */
@Timeout(60)
class RealtimeVoiceTest {

    private static final Function PRICE = new Function("price", "what something costs", "{\"type\": \"object\"}");

    private final VoiceServer server = new VoiceServer();
    private final AtomicLong tokens = new AtomicLong();
    private final OpenAi client = server.client(Duration.ofMillis(500));
    private final VoiceModel model =
            client.voiceModel("gpt-realtime", "marin", (prompt, answer) -> tokens.addAndGet(prompt + answer));
    private String transcript = "";
    private final SpeechToText ear = model.hearing(new Written());
    private final List<Message> talk = new ArrayList<>();

    @AfterEach
    void close() {
        ear.close();
        client.close();
        server.close();
        assertThat(server.errors)
                .as("what the server refused")
                .isSubsetOf("invalid_tools", "session_expired", "response_cancel_not_active");
    }

    @Test
    void hearsTheCallerAndIsTheOnlyOneWhoSpeaksWhenAsked() {
        server.replies(Reply.of("We are open."));
        callerSays("Are you open?", 1_000);
        assertThat(read(ask())).isEqualTo("We are open. 3000 ms");
        assertThat(server.conversation()).containsExactly("caller 999 ms", "agent 3000 ms: We are open.");
        assertThat(server.handshakes.getFirst()).contains("/v1/realtime?model=gpt-realtime");
        assertThat(server.instructions()).isEqualTo("Be kind.");
        var session = server.ofType("session.update").getFirst().path("session");
        assertThat(session.path("type").asString()).isEqualTo("realtime");
        assertThat(session.at("/audio/output/voice").asString()).isEqualTo("marin");
        assertThat(session.at("/audio/input").has("turn_detection")).isTrue();
        assertThat(session.at("/audio/input/turn_detection").isNull()).isTrue();
        assertThat(tokens).hasValue(30);
    }

    @Test
    void knowsWhatWasSaidByOthersInItsPlace() {
        server.replies(Reply.of("Yes.")).replies(Reply.of("Bye."));
        talk.add(new Message.Agent("Hello."));
        callerSays("Are you open?", 1_000);
        agentSaid(ask(), "Yes.");
        talk.add(new Message.Agent("Are you still there?"));
        talk.add(new Message.Caller("(keys: 12)"));
        talk.add(new Message.Agent("Thank you."));
        callerSays("Bye.", 500);
        agentSaid(ask(), "Bye.");
        assertThat(server.conversation())
                .containsExactly(
                        "agent: Hello.",
                        "caller 999 ms",
                        "agent 1000 ms: Yes.",
                        "agent: Are you still there?",
                        "caller: (keys: 12)",
                        "agent: Thank you.",
                        "caller 499 ms",
                        "agent 1000 ms: Bye.");
    }

    @Test
    void forgetsWhatWasNotHeardWhenItIsInterrupted() {
        server.replies(Reply.of("We are open from nine")).replies(Reply.of("Yes."));
        callerSays("When?", 500);
        ChatModel.Answer answer = ask();
        read(answer);
        answer.heard(Duration.ofMillis(1_500), "We");
        answer.close();
        talk.add(new Message.Agent("We ... (interrupted)"));
        callerSays("Today?", 700);
        read(ask());
        assertThat(server.conversation())
                .containsExactly("caller 499 ms", "agent 1500 ms", "caller 699 ms", "agent 1000 ms: Yes.");
    }

    @Test
    void isStoppedInTheMiddleAndForgetsTheRest() {
        server.replies(Reply.of("We are open from nine").stoppingAfter(20)).replies(Reply.of("Yes."));
        callerSays("When?", 500);
        ChatModel.Answer answer = ask();
        assertThat(answer.next()).isEqualTo(new Event.Text("We "));
        for (int tenths = 0; tenths < 7; tenths++) {
            assertThat(answer.next()).isInstanceOf(Event.Sound.class);
        }
        answer.heard(Duration.ofMillis(700), "We");
        answer.close();
        assertThat(answer.hasNext()).isFalse();
        talk.add(new Message.Agent("We ... (interrupted)"));
        callerSays("Today?", 700);
        read(ask());
        assertThat(server.conversation())
                .containsExactly("caller 499 ms", "agent 700 ms", "caller 699 ms", "agent 1000 ms: Yes.");
    }

    @Test
    void anAnswerNobodyHeardLeavesNoTrace() {
        server.replies(Reply.of("Early.")).replies(Reply.of("Yes."));
        SpeechToText.Turn turn = ear.begin();
        turn.add(new short[16_000]);
        transcript = "I would like";
        transcribe(turn);
        talk.add(new Message.Caller("I would like"));
        ChatModel.Answer early = ask();
        early.next();
        early.close();
        turn.add(new short[8_000]);
        transcript = "I would like a chair.";
        transcribe(turn);
        turn.close();
        talk.set(0, new Message.Caller("I would like a chair."));
        read(ask());
        assertThat(server.conversation()).containsExactly("caller 999 ms", "caller 500 ms", "agent 1000 ms: Yes.");
    }

    @Test
    void isGivenBothPiecesOfATurnAndNotTheNoiseBetween() {
        server.replies(Reply.of("Yes."));
        callerSays("A chair", 500);
        callerSays("you", 300);
        callerSays("and a table.", 700);
        callerSays("um", 200);
        talk.clear();
        talk.add(new Message.Caller("A chair and a table."));
        read(ask());
        assertThat(server.conversation()).containsExactly("caller 500 ms", "caller 700 ms", "agent 1000 ms: Yes.");
    }

    @Test
    void callsFunctionsTogetherAndIsToldWhatTheyReturned() {
        server.replies(Reply.of("Wait.", new Call("price", "{\"of\": \"a\"}"), new Call("price", "{\"of\": \"b\"}")))
                .replies(Reply.of("Ten."));
        callerSays("How much?", 500);
        ChatModel.Answer answer = ask();
        List<FunctionCall> calls = new ArrayList<>();
        answer.forEachRemaining(event -> {
            if (event instanceof Event.Call(FunctionCall call)) {
                calls.add(call);
            }
        });
        answer.heard(Duration.ofSeconds(1), "Wait.");
        answer.close();
        talk.add(new Message.Called("Wait.", calls));
        calls.forEach(call -> talk.add(new Message.Returned(call.id(), "ten for " + call.arguments())));
        agentSaid(ask(), "Ten.");
        assertThat(server.conversation())
                .containsExactly(
                        "caller 499 ms",
                        "agent 1000 ms: Wait.",
                        "call: price {\"of\": \"a\"}",
                        "call: price {\"of\": \"b\"}",
                        "result: ten for {\"of\": \"a\"}",
                        "result: ten for {\"of\": \"b\"}",
                        "agent 1000 ms: Ten.");
        assertThat(server.ofType("response.create")
                        .getFirst()
                        .at("/response/tools/0/name")
                        .asString())
                .isEqualTo("price");
    }

    @ParameterizedTest
    @EnumSource(
            value = Ending.class,
            names = {"FAILED", "REFUSED", "EXPIRED", "CUT", "GARBAGE"})
    void anAnswerThatBreaksOffIsAFailure(Ending ending) {
        server.replies(Reply.of("Yes.").ending(ending));
        callerSays("Are you open?", 500);
        assertThatThrownBy(() -> read(ask()))
                .isInstanceOf(ModelException.class)
                .hasMessageStartingWith("answer by gpt-realtime: ")
                .hasMessageNotContaining("secret");
    }

    @Test
    void anAnswerThatStallsIsAFailureAfterTheTimeASilenceMayTake() {
        server.replies(Reply.of("Yes.").stoppingAfter(5));
        callerSays("Are you open?", 500);
        assertThatThrownBy(() -> read(ask()))
                .isInstanceOf(ModelException.class)
                .hasMessage("answer by gpt-realtime: took too long");
    }

    @ParameterizedTest
    @EnumSource(
            value = Ending.class,
            names = {"EXPIRED", "CUT", "GARBAGE"})
    void afterItsConnectionWasLostItIsConnectedAnewAndToldTheTalkInText(Ending ending) {
        server.replies(Reply.of("Yes.")).replies(Reply.of("No.").ending(ending)).replies(Reply.of("Ten."));
        callerSays("Are you open?", 500);
        agentSaid(ask(), "Yes.");
        callerSays("How much?", 500);
        assertThatThrownBy(() -> read(ask())).isInstanceOf(ModelException.class);
        assertThat(model.works()).isFalse();
        talk.add(new Message.Agent("Nothing, says somebody else."));
        await().until(model::works);
        callerSays("Really?", 500);
        agentSaid(ask(), "Ten.");
        assertThat(server.handshakes).hasSize(2);
        assertThat(server.conversation())
                .containsExactly(
                        "caller: Are you open?",
                        "agent: Yes.",
                        "caller: How much?",
                        "agent: Nothing, says somebody else.",
                        "caller 499 ms",
                        "agent 1000 ms: Ten.");
    }

    @Test
    void aServerThatRefusesTheConnectionIsNotAskedAgain() {
        var refusing = new VoiceServer().refuses(401);
        try (refusing;
                var other = refusing.client(Duration.ofSeconds(1))) {
            VoiceModel refused = other.voiceModel("gpt-realtime", "marin", (_, _) -> {});
            await().until(() -> !refused.works());
            assertThatThrownBy(() -> refused.chat().answer(request()))
                    .isInstanceOf(ModelException.class)
                    .hasMessage("answer by gpt-realtime: answered 401, the API key was refused");
            assertThat(refusing.handshakes).hasSize(1);
        }
    }

    private void callerSays(String words, int millis) {
        try (SpeechToText.Turn turn = ear.begin()) {
            for (int sent = 0; sent < millis; sent += 100) {
                turn.add(new short[1_600]);
            }
            transcript = words;
            transcribe(turn);
            talk.add(new Message.Caller(words));
        }
    }

    private static void transcribe(SpeechToText.Turn turn) {
        try {
            turn.transcribe();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private ChatModel.Answer ask() {
        return model.chat().answer(request());
    }

    private ChatModel.Request request() {
        return new ChatModel.Request(List.of("gpt-realtime"), "Be kind.", talk, List.of(PRICE));
    }

    /** The words and the length of their sound, all of it heard. */
    private static String read(ChatModel.Answer answer) {
        var words = new StringBuilder();
        int samples = 0;
        while (answer.hasNext()) {
            switch (answer.next()) {
                case Event.Text(String delta) -> words.append(delta);
                case Event.Sound(short[] pcm) -> samples += pcm.length;
                case Event.Call call -> throw new AssertionError(call);
            }
        }
        return words + " " + samples / 24 + " ms";
    }

    private void agentSaid(ChatModel.Answer answer, String words) {
        read(answer);
        answer.heard(Duration.ofSeconds(1), words);
        answer.close();
        talk.add(new Message.Agent(words));
    }

    /** A transcription that is written down. */
    private final class Written implements SpeechToText {
        @Override
        public Turn begin() {
            return new Turn() {
                @Override
                public void add(short[] pcm) {}

                @Override
                public Transcript transcribe() {
                    return new Transcript(transcript, Duration.ZERO);
                }

                @Override
                public void close() {}
            };
        }
    }
}
