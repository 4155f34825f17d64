package dev.recaller.flow.node;

import dev.recaller.flow.EndReason;
import dev.recaller.flow.definition.AgentNode;
import dev.recaller.flow.line.Line;
import dev.recaller.flow.line.Said;
import dev.recaller.flow.model.ChatModel;
import dev.recaller.flow.model.ChatModel.FunctionCall;
import dev.recaller.flow.model.ChatModel.Message;
import dev.recaller.flow.model.ModelException;
import dev.recaller.memory.Speaker;
import dev.recaller.memory.Turn;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One agent with its caller, from the node's first answer to its exit. For the flow's thread. */
final class AgentTalk implements Line.Foresight, AutoCloseable {

    /** A model may say nothing; so often it is asked. */
    private static final int TRIES = 3;

    private static final Outcome ERROR = new Outcome.Took("error");

    private final AgentNode node;
    private final Call call;
    private final ChatModel model;
    private final List<String> models;
    private final AgentConversation conversation;
    private final Summarizing summarizing;
    private final Set<String> warned = new HashSet<>();
    private @Nullable EarlyAnswer early;

    AgentTalk(AgentNode node, Call call, ChatModel model) {
        this.node = node;
        this.call = call;
        this.model = model;
        this.models = call.flow().configuration().models().chats();
        this.conversation = new AgentConversation(call.context());
        this.summarizing = new Summarizing(model, models, node.limits().maxTokens(), this::warnOnce);
    }

    /** Answers the caller; empty when it is the caller's turn. */
    Optional<Outcome> answer() throws InterruptedException {
        Optional<String> words = callersLastWords();
        String system = AgentPrompt.system(call, node, words);
        if (early != null && !words.filter(early::answers).isPresent()) {
            doubted();
        }
        AgentCalls calls = new AgentCalls(node, call, conversation);
        int silent = 0;
        for (int steps = node.limits().maxSteps(); steps > 0; steps--) {
            conversation.follow();
            summarizing.fit(conversation);
            Offers all = Offers.of(node, call, this::warnOnce);
            switch (ask(system, steps > 1 ? all : all.leavingOnly(), calls)) {
                case Step.Left(Outcome outcome) -> {
                    return Optional.of(outcome);
                }
                case Step.Spoke _ -> {
                    conversation.follow();
                    summarizing.prepare(conversation);
                    return Optional.empty();
                }
                case Step.Broke _ -> {
                    return Optional.of(ERROR);
                }
                case Step.Silent _ -> {
                    silent++;
                }
                case Step.Called _ -> {}
            }
            if (silent == TRIES) {
                break;
            }
        }
        call.warn(node, "the model gave no answer");
        return Optional.of(ERROR);
    }

    @Override
    public void probably(String words) throws InterruptedException {
        doubted();
        conversation.follow();
        if (conversation.tokens() < node.limits().maxTokens() && !call.talk().timeUp()) {
            List<Message> messages = new ArrayList<>(conversation.messages());
            messages.add(new Message.Caller(words));
            ChatModel.Request request = new ChatModel.Request(
                    models,
                    AgentPrompt.system(call, node, Optional.of(words)) + conversation.before(),
                    messages,
                    Offers.of(node, call, this::warnOnce).functions());
            early = new EarlyAnswer(words, model, request);
        }
    }

    @Override
    public void doubted() {
        if (early != null) {
            early.close();
            early = null;
        }
    }

    @Override
    public void close() {
        doubted();
        summarizing.close();
    }

    private Optional<String> callersLastWords() {
        List<Turn> turns = call.context().turns();
        return turns.isEmpty() || turns.getLast().speaker() != Speaker.CALLER
                ? Optional.empty()
                : Optional.of(turns.getLast().text());
    }

    /** Asks the models in their order until one does not fail before it said anything. */
    private Step ask(String system, Offers offers, AgentCalls calls) throws InterruptedException {
        Step step = new Step.Broke();
        for (int first = 0; first < models.size() && step instanceof Step.Broke; first++) {
            step = ask(
                    new ChatModel.Request(
                            models.subList(first, models.size()),
                            system + conversation.before(),
                            conversation.messages(),
                            offers.functions()),
                    offers,
                    calls);
        }
        return step;
    }

    private Step ask(ChatModel.Request request, Offers offers, AgentCalls calls) throws InterruptedException {
        String said;
        List<FunctionCall> called;
        EarlyAnswer begun = early;
        early = null;
        try (begun;
                AnswerSentences sentences = new AnswerSentences(
                        () -> begun == null ? model.answer(request) : begun.take(),
                        call.flow().configuration().locale(),
                        call.talk()::timeUp)) {
            switch (call.talk().say(sentences)) {
                case Said.HungUp _ -> {
                    return new Step.Left(new Outcome.Ended(EndReason.CALLER_HANGUP));
                }
                case Said.Interrupted _ -> {
                    return new Step.Spoke();
                }
                case Said.Whole(String heard) -> said = heard;
            }
            if (sentences.failure().isPresent()) {
                return failed(sentences, said);
            }
            called = sentences.calls();
        }
        if (called.isEmpty()) {
            return said.isBlank() ? new Step.Silent() : new Step.Spoke();
        }
        return calls.make(said, called, offers);
    }

    private Step failed(AnswerSentences sentences, String said) {
        RuntimeException failure = sentences.failure().orElseThrow();
        if (!(failure instanceof ModelException)) {
            throw failure;
        }
        call.warn(node, String.valueOf(failure.getMessage()));
        return sentences.begun() && said.isBlank() ? new Step.Broke() : new Step.Left(ERROR);
    }

    /** What is so at every answer is told once. */
    private void warnOnce(String message) {
        if (warned.add(message)) {
            call.warn(node, message);
        }
    }
}
