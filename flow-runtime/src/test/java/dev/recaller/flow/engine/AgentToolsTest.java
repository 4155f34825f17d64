package dev.recaller.flow.engine;

import static dev.recaller.flow.EndReason.CALLER_HANGUP;
import static dev.recaller.flow.EndReason.MAX_DURATION;
import static dev.recaller.flow.EndReason.TRANSFERRED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.recaller.flow.http.HttpAccess;
import dev.recaller.flow.http.HttpAnswer;
import dev.recaller.flow.http.Secrets;
import dev.recaller.flow.line.Transferred;
import dev.recaller.flow.model.ChatModel.Function;
import dev.recaller.flow.model.ChatModel.FunctionCall;
import dev.recaller.flow.model.ChatModel.Message;
import dev.recaller.flow.tool.CallableTool;
import dev.recaller.flow.tool.ToolException;
import dev.recaller.flow.tool.ToolSource;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a model does beside talking. */
@Timeout(60)
class AgentToolsTest {

    private static final String AGENT = """
            {
              "schemaVersion": 1, "id": "agent", "version": 1, "name": "Agent", "start": "talk",
              "configuration": { "maxCallSeconds": 600, "models": { "chat": "big", "chatFallback": ["small"] } },
              "variables": { "office": { "type": "string", "default": "+15550100" }, "fax": { "type": "string", "default": "" } },
              "mcpServers": { "crm": { "url": "https://crm.example.com/mcp" } },
              "nodes": [
                { "id": "talk", "type": "agent", "prompt": "Be kind.",
                  "exits": { "done": "the caller is finished" }, "tools": [ "crm.*", "end_call", "transfer" ],
                  "transfers": { "sales": "{{office}}", "nobody": "{{fax}}" }, "limits": { "maxSteps": 4 } },
                { "id": "sorry", "type": "say", "text": "Sorry." },
                { "id": "bye", "type": "hangup" }
              ],
              "edges": [
                { "from": "talk", "port": "error", "to": "sorry" },
                { "from": "talk", "to": "bye" },
                { "from": "sorry", "to": "bye" }
              ]
            }
            """;

    private interface Work {
        String does(String arguments) throws InterruptedException;
    }

    private record Scripted(String name, Work work) implements CallableTool {
        @Override
        public String description() {
            return "does " + name;
        }

        @Override
        public String parameters() {
            return """
                    {"type": "object", "properties": {"number": {"type": "integer"}}, "additionalProperties": false}""";
        }

        @Override
        public String call(String arguments) throws InterruptedException {
            return work.does(arguments);
        }
    }

    private final ScriptedModel model = new ScriptedModel();
    private final List<CallableTool> tools = new ArrayList<>();
    private final Scenario scenario =
            Scenario.flow(AGENT).model(model).tools((_, _, grants, _) -> grants.contains("crm.*") ? tools : List.of());

    @Test
    void whatAToolReturnsIsAnsweredAndStaysInTheConversation() throws InterruptedException {
        tool("order", arguments -> "shipped " + arguments);
        model.answers("Let me look.", ">order {\"number\": 17}")
                .answers("It is on its way.")
                .answers(">done");
        var call = scenario.hears("Where is it?").run();
        assertThat(call.said()).containsExactly("Let me look.", "It is on its way.");
        assertThat(model.requests().get(1).messages())
                .containsExactly(
                        new Message.Called("Let me look.", List.of(new FunctionCall("1", "order", "{\"number\": 17}"))),
                        new Message.Returned("1", "shipped {\"number\": 17}"));
        assertThat(model.requests().getLast().messages())
                .endsWith(
                        new Message.Returned("1", "shipped {\"number\": 17}"),
                        new Message.Agent("It is on its way."),
                        new Message.Caller("Where is it?"));
    }

    @Test
    void aToolTheFlowDeclaresSendsItsRequest() throws InterruptedException {
        String declaring = AGENT.replace("\"crm.*\", ", "\"stock\", ")
                .replace(
                        "\"mcpServers\"",
                        "\"tools\": { \"stock\": { \"type\": \"http\", \"description\": \"how many there are\", \"method\": \"GET\","
                                + " \"url\": \"https://stock.example.com/{{of}}\", \"parameters\": { \"type\": \"object\", \"properties\": {"
                                + " \"of\": { \"type\": \"string\" } }, \"required\": [\"of\"] } } }, \"mcpServers\"");
        model.answers(">stock {\"of\": \"tea/green\"}").answers("Nine.");
        List<URI> sent = new CopyOnWriteArrayList<>();
        var http = new HttpAccess(
                request -> {
                    sent.add(request.uri());
                    return new HttpAnswer.Answered(200, "9");
                },
                Secrets.NONE);
        var call = Scenario.flow(declaring).model(model).http(http).run();
        assertThat(call.said()).containsExactly("Nine.");
        assertThat(sent).containsExactly(URI.create("https://stock.example.com/tea%2Fgreen"));
        assertThat(model.requests().getLast().messages()).endsWith(new Message.Returned("1", "9"));
    }

    @Test
    void toolsOfOneAnswerRunAtTheSameTimeAndReturnInItsOrder() throws InterruptedException {
        CyclicBarrier both = new CyclicBarrier(2);
        tool("order", _ -> meet(both, "first"));
        tool("price", _ -> meet(both, "second"));
        model.answers(">order", ">price").answers("Both.");
        assertThat(scenario.run().said()).containsExactly("Both.");
        assertThat(model.requests().getLast().messages())
                .endsWith(new Message.Returned("1", "first"), new Message.Returned("2", "second"));
    }

    @Test
    void aSlowToolMakesTheAgentAskForPatienceOnceAndGoesOn() throws InterruptedException {
        tool("order", _ -> {
            scenario.clock.pass(Duration.ofSeconds(2));
            await().until(() -> scenario.turns().contains("One moment, please."));
            scenario.clock.pass(Duration.ofSeconds(10));
            return "shipped";
        });
        model.answers(">order").answers(">order").answers("It is on its way.");
        var call = scenario.run();
        assertThat(call.said()).containsExactly("One moment, please.", "It is on its way.");
        assertThat(model.requests().getLast().messages())
                .filteredOn(Message.Agent.class::isInstance)
                .isEmpty();
    }

    @Test
    void aQuickToolIsNotExcused() throws InterruptedException {
        tool("order", _ -> "shipped");
        model.answers(">order").answers("It is on its way.");
        assertThat(scenario.run().said()).containsExactly("It is on its way.");
    }

    @Test
    void aCallerWhoSpeaksInsteadOfWaitingIsListenedTo() throws InterruptedException {
        tool("order", _ -> {
            scenario.clock.pass(Duration.ofSeconds(2));
            await().until(() -> !scenario.turns().isEmpty());
            return "shipped";
        });
        model.answers(">order").answers("It is on its way, and yes.");
        var call = scenario.interruptedAfter(1).hears("And the other one?").run();
        assertThat(call.said()).containsExactly("One", "It is on its way,", "and yes.");
        assertThat(model.requests().getLast().messages())
                .endsWith(new Message.Returned("1", "shipped"), new Message.Caller("And the other one?"));
    }

    @Test
    void aToolThatFailsIsToldToTheModelAndTheCallGoesOn() throws InterruptedException {
        tool("order", _ -> {
            throw new ToolException("no such order", null);
        });
        tool("price", _ -> {
            throw new IllegalStateException("password=hunter2");
        });
        model.answers(">order", ">price").answers("I could not find it.");
        assertThat(scenario.run().said()).containsExactly("I could not find it.");
        assertThat(model.requests().getLast().messages())
                .endsWith(
                        new Message.Returned("1", "It failed: no such order"),
                        new Message.Returned("2", "It failed: it does not work now"));
        assertThat(scenario.warnings).hasSize(2).allMatch(warning -> warning.startsWith("talk: tool '"));
    }

    @Test
    void argumentsThatDoNotFitNeverReachTheTool() throws InterruptedException {
        List<String> reached = new CopyOnWriteArrayList<>();
        tool("order", arguments -> {
            reached.add(arguments);
            return "";
        });
        model.answers(">order {\"number\": \"one\"}", ">order {\"num", ">order []", ">order {\"sql\": \"x\"}")
                .answers("Which number?");
        assertThat(scenario.run().said()).containsExactly("Which number?");
        assertThat(reached).isEmpty();
        List<Message> messages = model.requests().getLast().messages();
        assertThat(messages.stream().filter(Message.Returned.class::isInstance))
                .hasSize(4)
                .allMatch(message ->
                        ((Message.Returned) message).result().startsWith("It failed: the arguments do not fit: "));
        assertThat(((Message.Called) messages.getFirst()).calls())
                .extracting(FunctionCall::arguments)
                .containsExactly("{\"number\": \"one\"}", "{}", "{}", "{\"sql\": \"x\"}");
    }

    @Test
    void aToolTheFlowDidNotGrantIsNeitherOfferedNorCalled() throws InterruptedException {
        tool("refund", _ -> {
            throw new AssertionError("called");
        });
        String ungranted = AGENT.replace("\"crm.*\", ", "");
        model.answers(">refund").answers("I cannot do that.");
        Scenario other = Scenario.flow(ungranted)
                .model(model)
                .tools((_, _, grants, _) -> grants.contains("crm.*") ? tools : List.of());
        assertThat(other.run().said()).containsExactly("I cannot do that.");
        assertThat(model.requests().getFirst().functions())
                .extracting(Function::name)
                .containsExactly("done", "end_call", "transfer");
        assertThat(other.warnings).containsExactly("talk: the model called 'refund', which it was not offered");
    }

    @Test
    void aHangUpEndsTheTools() throws InterruptedException {
        CountDownLatch ended = new CountDownLatch(1);
        tool("order", _ -> untilInterrupted(ended));
        model.answers(">order");
        var call = scenario.hangsUpWaiting().run();
        assertThat(call.result().reason()).isEqualTo(CALLER_HANGUP);
        assertThat(ended.await(30, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void theLongestCallEndsTheTools() throws InterruptedException {
        CountDownLatch ended = new CountDownLatch(1);
        tool("order", _ -> {
            scenario.clock.pass(Duration.ofSeconds(700));
            return untilInterrupted(ended);
        });
        model.answers(">order");
        assertThat(scenario.run().result().reason()).isEqualTo(MAX_DURATION);
        assertThat(ended.await(30, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void aToolThatNeverAnswersIsGivenUp() throws InterruptedException {
        CountDownLatch ended = new CountDownLatch(1);
        tool("order", _ -> {
            scenario.clock.pass(Duration.ofSeconds(60));
            return untilInterrupted(ended);
        });
        model.answers(">order").answers("I cannot find out.");
        assertThat(scenario.run().said()).endsWith("I cannot find out.");
        assertThat(model.requests().getLast().messages())
                .endsWith(new Message.Returned("1", "It failed: it took too long"));
    }

    @Test
    void afterItsStepsTheModelIsOfferedNoMoreTools() throws InterruptedException {
        tool("order", _ -> "shipped");
        model.answers(">order").answers(">order").answers(">order").answers(">order");
        assertThat(scenario.run().said()).containsExactly("Sorry.");
        assertThat(model.requests()).hasSize(4);
        assertThat(model.requests().get(2).functions())
                .extracting(Function::name)
                .contains("order");
        assertThat(model.requests().getLast().functions())
                .extracting(Function::name)
                .containsExactly("done", "end_call", "transfer");
        assertThat(scenario.warnings).endsWith("talk: the model gave no answer");
    }

    @Test
    void aToolCalledBesideAnExitIsDoneFirst() throws InterruptedException {
        List<String> done = new CopyOnWriteArrayList<>();
        tool("order", arguments -> {
            done.add(arguments);
            return "ordered";
        });
        model.answers(">done", ">order {\"number\": 1}");
        assertThat(scenario.run().result().path()).containsExactly("talk", "bye");
        assertThat(done).containsExactly("{\"number\": 1}");
    }

    @Test
    void anExitBesideAToolThatFailedIsNotTaken() throws InterruptedException {
        tool("order", _ -> {
            throw new ToolException("sold out", null);
        });
        model.answers(">order", ">done").answers("It is sold out.").answers(">done");
        var call = scenario.hears("A pity.").run();
        assertThat(call.said()).containsExactly("It is sold out.");
        assertThat(model.requests().get(1).messages())
                .endsWith(
                        new Message.Returned("1", "It failed: sold out"),
                        new Message.Returned("2", "This was not done."));
    }

    @Test
    void theModelHandsTheCallerOnToADestinationOfTheFlow() throws InterruptedException {
        model.answers("I will connect you.", ">transfer {\"to\": \"sales\"}");
        var call = scenario.transfers(new Transferred.Done()).run();
        assertThat(call.acted()).containsExactly("transfers to +15550100");
        assertThat(call.result().reason()).isEqualTo(TRANSFERRED);
        assertThat(model.requests().getFirst().functions().getLast().parameters())
                .contains("\"enum\":[\"sales\",\"nobody\"]");
    }

    @Test
    void aTransferThatDidNotWorkLeavesTheCallerWithTheModel() throws InterruptedException {
        model.answers(">transfer {\"to\": \"sales\"}")
                .answers(">transfer {\"to\": \"sales\"}")
                .answers("They are busy.");
        var call = scenario.transfers(new Transferred.Busy(486))
                .transfers(new Transferred.Failed("486"))
                .run();
        assertThat(call.said()).containsExactly("They are busy.");
        assertThat(scenario.warnings).containsExactly("talk: the transfer failed: 486");
    }

    @Test
    void nobodyIsDialledWhomTheFlowDidNotName() throws InterruptedException {
        model.answers(">transfer {\"to\": \"+19005550199\"}")
                .answers(">transfer")
                .answers(">transfer {\"to\": \"nobody\"}")
                .answers("I cannot.");
        var call = scenario.run();
        assertThat(call.acted()).isEmpty();
        assertThat(call.said()).containsExactly("I cannot.");
    }

    @Test
    void twoToolsOfOneNameAreOneAndAWarning() throws InterruptedException {
        tool("end_call", _ -> "never");
        tool("order", _ -> "shipped");
        tool("order", _ -> "never");
        model.answers(">order").answers("It is on its way.").answers(">done");
        scenario.hears("Thanks.").run();
        assertThat(model.requests().get(1).messages()).endsWith(new Message.Returned("1", "shipped"));
        assertThat(scenario.warnings)
                .containsExactly(
                        "talk: two functions are called 'end_call', the second is left out",
                        "talk: two functions are called 'order', the second is left out");
    }

    @Test
    void aModelThatBreaksBeforeItsFirstSentenceIsFollowedByTheNext() throws InterruptedException {
        model.answers("We are", "!").answers("We are open.");
        var call = scenario.run();
        assertThat(call.said()).containsExactly("We are open.");
        assertThat(model.requests().getFirst().models()).containsExactly("big", "small");
        assertThat(model.requests().getLast().models()).containsExactly("small");
    }

    @Test
    void whenAllModelsBreakTheAgentTakesError() throws InterruptedException {
        model.answers("We are", "!").answers("!", "!");
        assertThat(scenario.run().said()).containsExactly("Sorry.");
    }

    @Test
    void oneSourceOfToolsComesAfterTheOther() throws InterruptedException {
        ToolSource first = (_, _, _, _) -> List.of(new Scripted("a", _ -> "a"));
        ToolSource second = (_, _, _, warn) -> {
            warn.accept("late");
            return List.of(new Scripted("b", _ -> "b"));
        };
        model.answers("Hello.").answers("Hello again.");
        Scenario both =
                Scenario.flow(AGENT).model(model).tools(first.and(second)).hears("Hello?");
        both.run();
        assertThat(model.requests().getLast().functions())
                .extracting(Function::name)
                .endsWith("a", "b");
        assertThat(both.warnings).containsExactly("talk: late");
    }

    private void tool(String name, Work work) {
        tools.add(new Scripted(name, work));
    }

    private static String meet(CyclicBarrier both, String result) {
        try {
            both.await(30, TimeUnit.SECONDS);
            return result;
        } catch (Exception e) {
            throw new AssertionError("they run one after the other", e);
        }
    }

    private static String untilInterrupted(CountDownLatch ended) throws InterruptedException {
        try {
            Thread.currentThread().join();
            return "never";
        } finally {
            ended.countDown();
        }
    }
}
