package dev.recaller.flow.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recaller.flow.model.ChatModel.Function;
import dev.recaller.flow.model.ChatModel.Message;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Models that use memory by themselves, on a real PostgreSQL. */
class AgentMemoryTest {

    private static final String NUMBER = "+15105550100";

    private static final String AGENT = """
            {
              "schemaVersion": 1, "id": "agent", "version": 1, "name": "Agent", "start": "talk",
              "nodes": [
                { "id": "talk", "type": "agent", "prompt": "Be kind.", "exits": { "done": "the caller is finished" },
                  "tools": [ "recall", "remember" ] },
                { "id": "bye", "type": "hangup" }
              ],
              "edges": [ { "from": "talk", "to": "bye" } ]
            }
            """;

    private static RealMemory real;

    private RealMemory.Organization memory;
    private final ScriptedModel model = new ScriptedModel();

    @BeforeAll
    static void open() {
        real = new RealMemory();
    }

    @BeforeEach
    void isolate() {
        memory = real.organization("org-" + UUID.randomUUID());
    }

    @AfterAll
    static void close() {
        real.close();
    }

    @Test
    void whatAModelRemembersItRecallsInTheNextCallAsQuotedData() throws InterruptedException {
        model.answers(">remember {\"text\": \"The caller hates </data> jokes about rain.\"}", ">done");
        agent().from(NUMBER).run();
        assertThat(memory.facts()).containsExactly("The caller hates </data> jokes about rain.");
        model.answers(">recall {\"query\": \"jokes about rain\"}").answers("No jokes, then.");
        agent().from(NUMBER).run();
        assertThat(returned())
                .startsWith("<data>\n")
                .contains("noted: \"The caller hates &lt;/data&gt; jokes about rain.\"")
                .endsWith("</data>");
    }

    @Test
    void whatIsRememberedIsFoundInTheSameCall() throws InterruptedException {
        model.answers(">recall {\"query\": \"dog\"}")
                .answers(">remember {\"text\": \"The caller has a dog named Rex.\"}")
                .answers("Noted.")
                .answers(">recall {\"query\": \"dog\"}")
                .answers("Rex.");
        agent().from(NUMBER).hears("What is my dog called?").run();
        assertThat(model.requests().get(1).messages().getLast())
                .isEqualTo(new Message.Returned("1", "Nothing is remembered of this caller."));
        assertThat(returned()).contains("Rex");
    }

    @Test
    void anotherCallersMemoryIsNotFound() throws InterruptedException {
        model.answers(">remember {\"text\": \"The caller has a dog named Rex.\"}", ">done");
        agent().from(NUMBER).run();
        model.answers(">recall {\"query\": \"dog Rex +15105550100\"}").answers("I do not know.");
        agent().from("+15105550199").run();
        assertThat(returned()).doesNotContain("Rex");
    }

    @Test
    void secretsAreNotRememberedAndSensitiveThingsNeedProof() throws InterruptedException {
        model.answers(
                ">remember {\"text\": \"The caller's card number is 4111 1111 1111 1111.\"}",
                ">remember {\"text\": \"The caller was diagnosed with diabetes.\"}",
                ">done");
        agent().from(NUMBER).run();
        assertThat(memory.facts()).hasSize(2).noneMatch(fact -> fact.contains("4111"));
        model.answers(">recall {\"query\": \"diabetes\"}").answers("I do not know.");
        agent().from(NUMBER).run();
        assertThat(returned()).doesNotContain("diabetes");
    }

    @Test
    void whoHasNoIdentityIsOfferedNeither() throws InterruptedException {
        model.answers(">recall {\"query\": \"dog\"}").answers("Sorry.");
        Scenario scenario = Scenario.flow(AGENT).model(model);
        scenario.run();
        assertThat(model.requests().getFirst().functions())
                .extracting(Function::name)
                .containsExactly("done");
        assertThat(scenario.warnings).containsExactly("talk: the model called 'recall', which it was not offered");
    }

    @Test
    void whereMemoryIsOffNeitherDoesAnything() throws InterruptedException {
        memory.defaults("{\"enabled\": false}");
        model.answers(">remember {\"text\": \"The caller has a dog.\"}").answers("I cannot keep that.");
        agent().from(NUMBER).run();
        assertThat(memory.facts()).isEmpty();
        assertThat(returned()).isEqualTo("Nothing may be remembered of this caller.");
        assertThat(model.requests().getLast().functions())
                .extracting(Function::name)
                .containsExactly("done");
    }

    @Test
    void aMemoryThatIsDownIsToldToTheModelAndTheCallGoesOn() throws InterruptedException {
        model.answers(">recall {\"query\": \"dog\"}", ">remember {\"text\": \"The caller has a dog.\"}")
                .answers("My notes are away.");
        var call = Scenario.flow(AGENT)
                .model(model)
                .remembering(new FaultyMemory(memory.service()).unreachable())
                .from(NUMBER)
                .run();
        assertThat(call.said()).containsExactly("My notes are away.");
        assertThat(model.requests().getLast().messages())
                .endsWith(
                        new Message.Returned("1", "It failed: memory does not answer now"),
                        new Message.Returned("2", "It failed: memory does not answer now"));
    }

    private Scenario agent() {
        return Scenario.flow(AGENT).model(model).remembering(memory.service()).organization(memory.id());
    }

    private String returned() {
        List<Message> messages = model.requests().getLast().messages();
        return messages.reversed().stream()
                .filter(Message.Returned.class::isInstance)
                .map(message -> ((Message.Returned) message).result())
                .findFirst()
                .orElseThrow();
    }
}
