package dev.recaller.flow.node;

import dev.recaller.flow.EndReason;
import dev.recaller.flow.definition.AgentNode;
import dev.recaller.flow.line.Line;
import dev.recaller.flow.line.Said;
import dev.recaller.flow.model.ChatModel;
import dev.recaller.flow.model.ModelException;
import dev.recaller.memory.Speaker;
import dev.recaller.memory.Turn;
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
    private final @Nullable String realtime;
    private final AgentConversation conversation;
    private final Summarizing summarizing;
    private final Set<String> warned = new HashSet<>();
    private @Nullable EarlyAnswer early;

    AgentTalk(AgentNode node, Call call, ChatModel model) {
        this.node = node;
        this.call = call;
        this.model = model;
        this.models = call.flow().configuration().models().chats();
        this.realtime = call.flow().configuration().models().realtime();
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
            Optional<ChatModel> speaker = call.talk().speaker(realtime);
            ChatModel.Request request = new ChatModel.Request(
                    speaker.isPresent() && realtime != null ? List.of(realtime) : models,
                    AgentPrompt.system(call, node, Optional.of(words)) + conversation.before(),
                    conversation.with(words),
                    Offers.of(node, call, this::warnOnce).functions());
            early = new EarlyAnswer(words, speaker.orElse(model), request);
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

    /** Asks who speaks itself, then the models in their order until one does not fail before it said anything. */
    private Step ask(String system, Offers offers, AgentCalls calls) throws InterruptedException {
        Step step = new Step.Broke();
        Optional<ChatModel> speaker = call.talk().speaker(realtime);
        if (speaker.isPresent() && realtime != null) {
            step = askSpeaker(speaker.get(), request(List.of(realtime), system, offers), offers, calls);
        }
        for (int first = 0; first < models.size() && step instanceof Step.Broke; first++) {
            step = ask(request(models.subList(first, models.size()), system, offers), offers, calls);
        }
        return step;
    }

    private ChatModel.Request request(List<String> from, String system, Offers offers) {
        return new ChatModel.Request(from, system + conversation.before(), conversation.messages(), offers.functions());
    }

    /** {@code Broke} when nothing came of it, for whatever reason: the talk goes on in text. */
    private Step askSpeaker(ChatModel speaker, ChatModel.Request request, Offers offers, AgentCalls calls)
            throws InterruptedException {
        Said said;
        EarlyAnswer begun = takeEarly(speaker);
        AnswerEvents events = events(speaker, begun, request);
        try (begun;
                events) {
            said = call.talk().say(new AnswerSpeech(events));
        }
        boolean nothing = events.calls().isEmpty() || events.failure().isPresent();
        if (nothing && said instanceof Said.Whole(String heard) && heard.isBlank()) {
            warn(events.failure()
                    .orElseGet(() -> new ModelException(request.models().getFirst() + " said nothing", null)));
            return new Step.Broke();
        }
        return step(said, events, offers, calls);
    }

    private Step ask(ChatModel.Request request, Offers offers, AgentCalls calls) throws InterruptedException {
        Said said;
        EarlyAnswer begun = takeEarly(model);
        AnswerEvents events = events(model, begun, request);
        try (begun;
                events) {
            said = call.talk()
                    .say(new AnswerSentences(events, call.flow().configuration().locale()));
        }
        return step(said, events, offers, calls);
    }

    private Step step(Said said, AnswerEvents events, Offers offers, AgentCalls calls) throws InterruptedException {
        return switch (said) {
            case Said.HungUp _ -> new Step.Left(new Outcome.Ended(EndReason.CALLER_HANGUP));
            case Said.Interrupted _ -> new Step.Spoke();
            case Said.Whole(String heard)
            when events.failure().isPresent() -> {
                warn(events.failure().get());
                yield events.begun() && heard.isBlank() ? new Step.Broke() : new Step.Left(ERROR);
            }
            case Said.Whole(String heard)
            when events.calls().isEmpty() -> heard.isBlank() ? new Step.Silent() : new Step.Spoke();
            case Said.Whole(String heard) -> calls.make(heard, events.calls(), offers);
        };
    }

    private AnswerEvents events(ChatModel from, @Nullable EarlyAnswer begun, ChatModel.Request request) {
        return new AnswerEvents(() -> begun == null ? from.answer(request) : begun.take(), call.talk()::timeUp);
    }

    private @Nullable EarlyAnswer takeEarly(ChatModel from) {
        EarlyAnswer begun = early;
        if (begun == null || !begun.isOf(from)) {
            doubted();
            return null;
        }
        early = null;
        return begun;
    }

    /** A model may fail, our own code may not. */
    private void warn(RuntimeException failure) {
        if (!(failure instanceof ModelException)) {
            throw failure;
        }
        call.warn(node, String.valueOf(failure.getMessage()));
    }

    /** What is so at every answer is told once. */
    private void warnOnce(String message) {
        if (warned.add(message)) {
            call.warn(node, message);
        }
    }
}
