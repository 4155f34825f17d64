package dev.recaller.flow.node;

import dev.recaller.flow.EndReason;
import dev.recaller.flow.definition.AgentNode;
import dev.recaller.flow.line.Heard;
import dev.recaller.flow.model.ChatModel;
import dev.recaller.memory.Speaker;
import dev.recaller.memory.Turn;
import java.util.List;
import java.util.Optional;

/** Lets a model talk with the caller until it takes an exit. Listens first when the agent spoke last. */
final class AgentNodeExecutor implements NodeExecutor<AgentNode> {

    @Override
    public Outcome execute(AgentNode node, Call call) throws InterruptedException {
        ChatModel model = call.model();
        if (model == null) {
            call.warn(node, "no model is configured");
            return new Outcome.Took("error");
        }
        try (AgentTalk agent = new AgentTalk(node, call, model)) {
            for (int answers = 0; ; answers++) {
                Optional<Outcome> left =
                        answers == 0 && !agentSpokeLast(call) ? Optional.empty() : listen(node, call, agent);
                if (left.isPresent()) {
                    return left.get();
                }
                if (call.talk().timeUp()) {
                    return new Outcome.Ended(EndReason.MAX_DURATION);
                }
                if (answers == node.limits().maxTurns()) {
                    return new Outcome.Took("limit");
                }
                left = agent.answer();
                if (left.isPresent()) {
                    return left.get();
                }
            }
        }
    }

    private static boolean agentSpokeLast(Call call) {
        List<Turn> turns = call.context().turns();
        return !turns.isEmpty() && turns.getLast().speaker() == Speaker.AGENT;
    }

    /** Empty when the caller said something, or typed it. */
    private static Optional<Outcome> listen(AgentNode node, Call call, AgentTalk agent) throws InterruptedException {
        return switch (call.talk().listenWithKeys(agent, keys -> Routing.takesDigits(call.flow(), node, keys))) {
            case Heard.Speech _ -> Optional.empty();
            case Heard.Silence _ -> Optional.of(new Outcome.Took("silence"));
            case Heard.HungUp _ -> Optional.of(new Outcome.Ended(EndReason.CALLER_HANGUP));
            case Heard.Digits(String digits) -> Optional.of(new Outcome.Keyed(digits));
        };
    }
}
