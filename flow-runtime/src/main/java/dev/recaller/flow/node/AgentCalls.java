package dev.recaller.flow.node;

import dev.recaller.flow.EndReason;
import dev.recaller.flow.definition.AgentNode;
import dev.recaller.flow.line.Transferred;
import dev.recaller.flow.model.ChatModel.FunctionCall;
import dev.recaller.flow.model.ChatModel.Message;
import dev.recaller.flow.tool.Arguments;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.json.JsonMapper;

/**
 * Does what the model called while it answered the caller once. Tools come first and beside each other; then, if none of
 * them failed, the first call that leaves the node.
 */
final class AgentCalls {

    private static final Duration RING = Duration.ofSeconds(30);
    private static final String UNKNOWN = "There is no such function.";
    private static final String NOT_DONE = "This was not done.";

    private final AgentNode node;
    private final Call call;
    private final AgentConversation conversation;
    private final ToolRun tools;

    AgentCalls(AgentNode node, Call call, AgentConversation conversation) {
        this.node = node;
        this.call = call;
        this.conversation = conversation;
        this.tools =
                new ToolRun(call.talk(), call.flow().configuration().locale(), message -> call.warn(node, message));
    }

    private sealed interface Leaving {
        record Left(Outcome outcome) implements Leaving {}

        record Stayed(String why) implements Leaving {}
    }

    /** @param said the words before the calls, as far as they were heard */
    Step make(String said, List<FunctionCall> calls, Offers offers) throws InterruptedException {
        List<ToolRun.Task> tasks = new ArrayList<>();
        for (FunctionCall function : calls) {
            if (offers.find(function.name()).orElse(null) instanceof Offer.Tool offer) {
                tasks.add(new ToolRun.Task(function, offer));
            }
        }
        switch (tools.run(tasks)) {
            case ToolRun.Ended(EndReason reason) -> {
                return new Step.Left(new Outcome.Ended(reason));
            }
            case ToolRun.Results results -> {
                return take(said, calls, offers, results);
            }
        }
    }

    private Step take(String said, List<FunctionCall> calls, Offers offers, ToolRun.Results results)
            throws InterruptedException {
        List<Message.Returned> returned = new ArrayList<>();
        boolean mayLeave = results.allOk()
                && calls.stream().allMatch(it -> offers.find(it.name()).isPresent());
        int tool = 0;
        for (FunctionCall function : calls) {
            String result;
            switch (offers.find(function.name()).orElse(null)) {
                case null -> {
                    call.warn(node, "the model called '" + function.name() + "', which it was not offered");
                    result = UNKNOWN;
                }
                case Offer.Tool _ -> result = results.texts().get(tool++);
                case Offer leaving -> {
                    Leaving how = mayLeave ? leave(leaving, function) : new Leaving.Stayed(NOT_DONE);
                    if (how instanceof Leaving.Left(Outcome outcome)) {
                        return new Step.Left(outcome);
                    }
                    mayLeave = false;
                    result = ((Leaving.Stayed) how).why();
                }
            }
            returned.add(new Message.Returned(function.id(), result));
        }
        conversation.called(said, calls.stream().map(AgentCalls::repeatable).toList(), returned);
        return tools.interrupted() ? new Step.Spoke() : new Step.Called();
    }

    private Leaving leave(Offer offer, FunctionCall function) throws InterruptedException {
        return switch (offer) {
            case Offer.Exit(var exit) -> new Leaving.Left(new Outcome.Took(exit.name()));
            case Offer.EndCall _ -> {
                call.talk().hangUp();
                yield new Leaving.Left(new Outcome.Ended(EndReason.AGENT_HANGUP));
            }
            case Offer.Transfer transfer -> transfer(transfer, function);
            case Offer.Tool _ -> throw new IllegalStateException("a tool leaves nothing");
        };
    }

    private Leaving transfer(Offer.Transfer offer, FunctionCall function) throws InterruptedException {
        Optional<String> mistakes = Arguments.mistakes(offer.function().parameters(), function.arguments());
        if (mistakes.isPresent()) {
            return new Leaving.Stayed("The arguments do not fit: " + mistakes.get());
        }
        String name =
                JsonMapper.shared().readTree(function.arguments()).get("to").stringValue();
        String to = offer.destinations().getOrDefault(name, "");
        if (to.isEmpty()) {
            call.warn(node, "there is nobody to transfer to: '" + name + "' is empty");
            return new Leaving.Stayed("There is no number for it.");
        }
        return switch (call.talk().transfer(to, RING)) {
            case Transferred.Done _ -> new Leaving.Left(new Outcome.Ended(EndReason.TRANSFERRED));
            case Transferred.HungUp _ -> new Leaving.Left(new Outcome.Ended(EndReason.CALLER_HANGUP));
            case Transferred.Busy _ -> new Leaving.Stayed("The line is busy. The caller is still with you.");
            case Transferred.NoAnswer _ -> new Leaving.Stayed("Nobody answers. The caller is still with you.");
            case Transferred.Declined _ ->
                new Leaving.Stayed("They do not take the call. The caller is still with you.");
            case Transferred.Failed(int _, String why) -> {
                call.warn(node, "the transfer failed: " + why);
                yield new Leaving.Stayed("It did not work. The caller is still with you.");
            }
        };
    }

    /** Servers read the arguments of calls they made before; they refuse all when one is no JSON object. */
    private static FunctionCall repeatable(FunctionCall call) {
        return Arguments.isObject(call.arguments()) ? call : new FunctionCall(call.id(), call.name(), "{}");
    }
}
