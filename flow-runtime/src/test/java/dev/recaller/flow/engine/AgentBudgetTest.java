package dev.recaller.flow.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.recaller.flow.model.ChatModel;
import dev.recaller.flow.model.ModelException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A talk that grows longer than its model is to be given. */
@Timeout(60)
class AgentBudgetTest {

    private static final int MAX_TOKENS = 600;

    private static final String AGENT = """
            {
              "schemaVersion": 1, "id": "agent", "version": 1, "name": "Agent", "start": "talk",
              "nodes": [
                { "id": "talk", "type": "agent", "prompt": "Be kind.", "exits": { "done": "the caller is finished" },
                  "limits": { "maxTokens": 600, "maxTurns": 100 } },
                { "id": "bye", "type": "hangup" }
              ],
              "edges": [ { "from": "talk", "to": "bye" } ]
            }
            """;

    private static final String LONG = "My order number is four hundred and eleven, and I want to know where it is. ";

    /** Answers every turn with a few words, and what it is asked to sum up as the test says. */
    private static final class Notes implements ChatModel {
        final List<Request> turns = new CopyOnWriteArrayList<>();
        final List<Request> summaries = new CopyOnWriteArrayList<>();
        final CountDownLatch gate;
        private final String summary;

        Notes(String summary, int closed) {
            this.summary = summary;
            this.gate = new CountDownLatch(closed);
        }

        @Override
        public Answer answer(Request request) {
            if (!request.system().contains("keep the notes")) {
                turns.add(request);
                return saying("I see.");
            }
            summaries.add(request);
            try {
                gate.await();
            } catch (InterruptedException e) {
                throw new ModelException("interrupted", e);
            }
            if (summary.equals("!")) {
                throw new ModelException("overloaded", new IllegalStateException());
            }
            return saying(summary);
        }

        private static Answer saying(String text) {
            Iterator<Event> events = Stream.<Event>of(new Event.Text(text)).iterator();
            return new Answer() {
                @Override
                public boolean hasNext() {
                    return events.hasNext();
                }

                @Override
                public Event next() {
                    return events.next();
                }

                @Override
                public void close() {}
            };
        }
    }

    @Test
    void whatWasSaidLongAgoIsSummedUpAndTheModelIsNeverGivenMoreThanItsTokens() throws InterruptedException {
        Notes model = new Notes("The order is <b>411</b>.", 0);
        Scenario scenario = talking(model, 40);
        assertThat(scenario.run().turns()).hasSize(81);
        assertThat(model.summaries).isNotEmpty();
        assertThat(model.turns).hasSize(41).allMatch(request -> tokens(request) <= MAX_TOKENS);
        assertThat(model.turns.getFirst().system()).doesNotContain("in short");
        assertThat(model.turns.getLast().system())
                .contains(
                        "What was said earlier in this call, in short: <data>The order is &lt;b&gt;411&lt;/b&gt;.</data>");
        assertThat(scenario.warnings).isEmpty();
    }

    @Test
    void whatIsSummedUpIsQuotedAndKnowsTheSummaryBefore() throws InterruptedException {
        Notes model = new Notes("The order is 411.", 0);
        talking(model, 40).run();
        assertThat(model.summaries.getFirst().messages())
                .singleElement()
                .asString()
                .contains("caller: <data>" + LONG.strip())
                .contains("you: <data>I see.</data>");
        assertThat(model.summaries.getLast().messages())
                .singleElement()
                .asString()
                .contains("before: <data>The order is 411.</data>");
        assertThat(model.summaries.getLast().functions()).isEmpty();
    }

    @Test
    void whenSummingUpFailsTheOldestIsDropped() throws InterruptedException {
        Notes model = new Notes("!", 0);
        Scenario scenario = talking(model, 40);
        scenario.run();
        assertThat(model.turns).hasSize(41).allMatch(request -> tokens(request) <= MAX_TOKENS);
        assertThat(model.turns.getLast().system()).doesNotContain("in short");
        assertThat(scenario.warnings).contains("talk: what was said earlier could not be summed up: overloaded");
    }

    @Test
    void itIsSummedUpBesideTheTalk() throws InterruptedException {
        Notes model = new Notes("The order is 411.", 1);
        List<String> caller = new ArrayList<>();
        Thread opener = Thread.ofVirtual().start(() -> {
            await().until(() -> model.turns.size() >= 14 && !model.summaries.isEmpty());
            caller.add("answered " + model.summaries.size());
            model.gate.countDown();
        });
        talking(model, 40).run();
        opener.join();
        assertThat(caller).containsExactly("answered 1");
    }

    private static Scenario talking(ChatModel model, int turns) {
        Scenario scenario = Scenario.flow(AGENT).model(model);
        for (int i = 0; i < turns; i++) {
            scenario.hears(LONG);
        }
        return scenario;
    }

    private static int tokens(ChatModel.Request request) {
        return request.messages().stream()
                        .mapToInt(message -> switch (message) {
                            case ChatModel.Message.Caller(String text) -> text.getBytes(StandardCharsets.UTF_8).length;
                            case ChatModel.Message.Agent(String text) -> text.getBytes(StandardCharsets.UTF_8).length;
                            case ChatModel.Message.Called _, ChatModel.Message.Returned _ -> 0;
                        })
                        .sum()
                / 3;
    }
}
