package dev.recaller.worker.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.recaller.flow.model.ChatModel;
import dev.recaller.flow.model.ChatModel.Event;
import dev.recaller.flow.model.ChatModel.Function;
import dev.recaller.flow.model.ChatModel.FunctionCall;
import dev.recaller.flow.model.ChatModel.Message;
import dev.recaller.flow.model.ChatModel.Request;
import dev.recaller.flow.model.ModelException;
import dev.recaller.worker.speech.ProviderException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Against a server that speaks the protocol from a script: no model that fits into a build can hold a conversation. */
@Timeout(60)
class OpenAiChatTest {

    private static final Request REQUEST = new Request(
            List.of("first", "second"), "Be brief.", List.of(new Message.Caller("What time do you open?")), List.of());

    private final FaultyServer server = new FaultyServer();
    private final OpenAi client = server.client();
    private final ChatModel chat = client.chat("first");

    @AfterEach
    void close() {
        client.close();
        server.close();
    }

    @Test
    void streamsTheWords() {
        server.answers(
                200,
                "text/event-stream",
                Streamed.whole(Streamed.text("At "), Streamed.text(""), Streamed.text("nine.")));
        assertThat(events(REQUEST)).containsExactly(new Event.Text("At "), new Event.Text("nine."));
        assertThat(server.requests)
                .singleElement()
                .asString()
                .contains("\"model\":\"first\"", "\"stream\":true", "Be brief.", "What time do you open?");
    }

    @Test
    void handsOutFunctionCallsWhole() {
        server.answers(
                200,
                "text/event-stream",
                Streamed.whole(
                        Streamed.text("One moment."),
                        Streamed.call(0, "a", "hours", "{\"da"),
                        Streamed.call(1, "b", "price", "{}"),
                        Streamed.call(0, "", "", "te\":\"2026-11-23\"}")));
        assertThat(events(REQUEST))
                .containsExactly(
                        new Event.Text("One moment."),
                        new Event.Call(new FunctionCall("a", "hours", "{\"date\":\"2026-11-23\"}")),
                        new Event.Call(new FunctionCall("b", "price", "{}")));
    }

    @Test
    void sendsFunctionsAndTheirResults() {
        server.answers(200, "text/event-stream", Streamed.whole(Streamed.text("Nine.")));
        events(new Request(
                List.of("first"),
                "Be brief.",
                List.of(
                        new Message.Caller("When?"),
                        new Message.Called(
                                "Let me look.",
                                List.of(new FunctionCall("a", "hours", "{}"), new FunctionCall("b", "price", "{}"))),
                        new Message.Returned("a", "9:00"),
                        new Message.Returned("b", "10")),
                List.of(new Function("hours", "Opening hours", """
                        {"type": "object", "properties": {"date": {"type": "string"}}}"""))));
        assertThat(server.requests)
                .singleElement()
                .asString()
                .containsPattern("\"tool_calls\":\\[\\{[^\\]]*\"id\":\"a\"[^\\]]*\"id\":\"b\"")
                .containsPattern("\"properties\":\\{\"date\":")
                .contains("\"content\":\"Let me look.\"", "\"tool_call_id\":\"a\"", "\"tool_call_id\":\"b\"", "9:00");
    }

    @Test
    void tellsWhyTheModelDidNotAnswer() {
        server.refuses(429);
        assertThatThrownBy(() -> chat.answer(REQUEST))
                .isInstanceOf(ModelException.class)
                .hasMessage("answer by first: answered 429 some_code")
                .hasCauseInstanceOf(ProviderException.class);
        server.answers(200, "text/html", "<html>It works!</html>");
        assertThatThrownBy(() -> chat.answer(REQUEST))
                .isInstanceOf(ModelException.class)
                .hasMessage("answer by first: the answer was not understood");
    }

    @Test
    void failsWhenAnAnswerBreaksOff() {
        server.cuts("text/event-stream", ("data: " + Streamed.text("At ") + "\n\n").getBytes(StandardCharsets.UTF_8));
        try (var answer = chat.answer(REQUEST)) {
            assertThat(answer.next()).isEqualTo(new Event.Text("At "));
            assertThatThrownBy(answer::hasNext)
                    .isInstanceOf(ModelException.class)
                    .hasMessageContaining("answer by first");
        }
        assertThat(server.requests).hasSize(1);
    }

    @Test
    void endsARequestWhoseThreadIsInterrupted() {
        server.hangs().hangs();
        var thrown = new AtomicReference<Throwable>();
        var thread = Thread.ofVirtual().start(() -> {
            try (var answer = chat.answer(REQUEST)) {
                assertThat(answer.hasNext()).isFalse();
            } catch (Throwable e) {
                thrown.set(e);
            }
        });
        await().until(() -> !server.requests.isEmpty());
        thread.interrupt();
        await().until(() -> thrown.get() != null);
        assertThat(thrown.get()).isInstanceOf(ModelException.class);
        assertThat(server.requests).hasSize(1);
    }

    private List<Event> events(Request request) {
        var events = new ArrayList<Event>();
        try (var answer = chat.answer(request)) {
            answer.forEachRemaining(events::add);
        }
        return events;
    }
}
