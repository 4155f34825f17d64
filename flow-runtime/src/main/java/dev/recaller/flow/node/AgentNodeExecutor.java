package dev.recaller.flow.node;

import dev.recaller.flow.EndReason;
import dev.recaller.flow.definition.AgentNode;
import dev.recaller.flow.definition.FlowConfiguration.Models;
import dev.recaller.flow.line.Heard;
import dev.recaller.flow.line.Said;
import dev.recaller.flow.model.ChatModel;
import dev.recaller.flow.model.ChatModel.FunctionCall;
import dev.recaller.flow.model.ChatModel.Message;
import dev.recaller.flow.model.ModelException;
import dev.recaller.memory.Speaker;
import dev.recaller.memory.Turn;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Lets a model talk with the caller until it takes an exit. Listens first when the agent spoke last. */
final class AgentNodeExecutor implements NodeExecutor<AgentNode> {

    /** Tries for one answer: a model may call a function nobody offered, or say nothing. */
    private static final int TRIES = 3;

    private static final Outcome ERROR = new Outcome.Took("error");

    @Override
    public Outcome execute(AgentNode node, Call call) throws InterruptedException {
        ChatModel model = call.model();
        if (model == null) {
            call.warn(node, "no model is configured");
            return ERROR;
        }
        for (int answers = 0; ; answers++) {
            Optional<Outcome> left = answers == 0 && !agentSpokeLast(call) ? Optional.empty() : listen(node, call);
            if (left.isPresent()) {
                return left.get();
            }
            if (call.talk().timeUp()) {
                return new Outcome.Ended(EndReason.MAX_DURATION);
            }
            if (answers == node.maxTurns()) {
                return new Outcome.Took("limit");
            }
            left = answer(node, call, model);
            if (left.isPresent()) {
                return left.get();
            }
        }
    }

    private static boolean agentSpokeLast(Call call) {
        List<Turn> turns = call.context().turns();
        return !turns.isEmpty() && turns.getLast().speaker() == Speaker.AGENT;
    }

    /** Empty when the caller said something. Keys that lead nowhere are passed over. */
    private static Optional<Outcome> listen(AgentNode node, Call call) throws InterruptedException {
        while (true) {
            switch (call.talk().listen()) {
                case Heard.Speech _ -> {
                    return Optional.empty();
                }
                case Heard.Silence _ -> {
                    return Optional.of(new Outcome.Took("silence"));
                }
                case Heard.HungUp _ -> {
                    return Optional.of(new Outcome.Ended(EndReason.CALLER_HANGUP));
                }
                case Heard.Digits(String digits) -> {
                    if (Routing.takesDigits(call.flow(), node, digits)) {
                        return Optional.of(new Outcome.Keyed(digits));
                    }
                }
            }
        }
    }

    /** Empty when the model answered and it is the caller's turn. */
    private static Optional<Outcome> answer(AgentNode node, Call call, ChatModel model) throws InterruptedException {
        Models names = call.flow().configuration().models();
        List<String> models = new ArrayList<>();
        models.add(names.chat());
        models.addAll(names.chatFallback());
        String system = AgentPrompt.system(call, node);
        List<Message> messages = AgentPrompt.conversation(call.context());
        for (int tries = 0; tries < TRIES; tries++) {
            ChatModel.Request request = new ChatModel.Request(models, system, messages, AgentPrompt.functions(node));
            try (AnswerSentences sentences = new AnswerSentences(() -> model.answer(request), call.talk()::timeUp)) {
                Said said = call.talk().say(sentences);
                switch (said) {
                    case Said.HungUp _ -> {
                        return Optional.of(new Outcome.Ended(EndReason.CALLER_HANGUP));
                    }
                    case Said.Interrupted _ -> {
                        return Optional.empty();
                    }
                    case Said.Whole _ -> {}
                }
                if (sentences.failure().isPresent()) {
                    throw sentences.failure().get();
                }
                Optional<FunctionCall> called = sentences.call();
                if (called.isEmpty() && !said.heard().isBlank()) {
                    return Optional.empty();
                }
                if (called.isPresent()) {
                    FunctionCall function = called.get();
                    if (node.exits().containsKey(function.name())) {
                        return Optional.of(new Outcome.Took(function.name()));
                    }
                    if (node.mayEndCall() && function.name().equals(AgentPrompt.END_CALL)) {
                        call.talk().hangUp();
                        return Optional.of(new Outcome.Ended(EndReason.AGENT_HANGUP));
                    }
                    call.warn(node, "the model called '" + function.name() + "', which it was not offered");
                    messages.add(new Message.Called(function));
                    messages.add(new Message.Returned(function.id(), "There is no such function."));
                }
            } catch (ModelException e) {
                call.warn(node, String.valueOf(e.getMessage()));
                return Optional.of(ERROR);
            }
        }
        call.warn(node, "the model gave no answer");
        return Optional.of(ERROR);
    }
}
