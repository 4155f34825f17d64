package dev.recaller.flow.node;

import dev.recaller.flow.definition.AgentNode;
import dev.recaller.flow.definition.HttpNode;
import dev.recaller.flow.definition.LogicNode;
import dev.recaller.flow.definition.MemoryNode;
import dev.recaller.flow.definition.Node;
import dev.recaller.flow.definition.PhoneNode;
import dev.recaller.flow.definition.SpeechNode;

/** Which executor runs which node. */
public final class NodeExecutors {

    private static final SayNodeExecutor SAY = new SayNodeExecutor();
    private static final PlayNodeExecutor PLAY = new PlayNodeExecutor();
    private static final ListenNodeExecutor LISTEN = new ListenNodeExecutor();
    private static final WaitNodeExecutor WAIT = new WaitNodeExecutor();
    private static final HangupNodeExecutor HANGUP = new HangupNodeExecutor();
    private static final MemoryRecallNodeExecutor MEMORY_RECALL = new MemoryRecallNodeExecutor();
    private static final MemoryStoreNodeExecutor MEMORY_STORE = new MemoryStoreNodeExecutor();
    private static final MemoryForgetNodeExecutor MEMORY_FORGET = new MemoryForgetNodeExecutor();
    private static final TransferNodeExecutor TRANSFER = new TransferNodeExecutor();
    private static final CollectDigitsNodeExecutor COLLECT_DIGITS = new CollectDigitsNodeExecutor();
    private static final SendDigitsNodeExecutor SEND_DIGITS = new SendDigitsNodeExecutor();
    private static final ConditionNodeExecutor CONDITION = new ConditionNodeExecutor();
    private static final SetNodeExecutor SET = new SetNodeExecutor();
    private static final ExtractNodeExecutor EXTRACT = new ExtractNodeExecutor();
    private static final HttpNodeExecutor HTTP = new HttpNodeExecutor();
    private static final AgentNodeExecutor AGENT = new AgentNodeExecutor();

    private NodeExecutors() {}

    /** Runs any node but a subflow, which the runner walks itself. */
    public static Outcome execute(Node node, Call call) throws InterruptedException {
        call.talk().takeTurns(node.turns());
        return switch (node) {
            case SpeechNode.Say it -> SAY.execute(it, call);
            case SpeechNode.Play it -> PLAY.execute(it, call);
            case SpeechNode.Listen it -> LISTEN.execute(it, call);
            case SpeechNode.Wait it -> WAIT.execute(it, call);
            case SpeechNode.Hangup it -> HANGUP.execute(it, call);
            case MemoryNode.Recall it -> MEMORY_RECALL.execute(it, call);
            case MemoryNode.Store it -> MEMORY_STORE.execute(it, call);
            case MemoryNode.Forget it -> MEMORY_FORGET.execute(it, call);
            case PhoneNode.Transfer it -> TRANSFER.execute(it, call);
            case PhoneNode.CollectDigits it -> COLLECT_DIGITS.execute(it, call);
            case PhoneNode.SendDigits it -> SEND_DIGITS.execute(it, call);
            case LogicNode.Condition it -> CONDITION.execute(it, call);
            case LogicNode.SetVariables it -> SET.execute(it, call);
            case LogicNode.Extract it -> EXTRACT.execute(it, call);
            case LogicNode.Subflow it -> throw new IllegalArgumentException("a subflow is walked: " + it.id());
            case HttpNode it -> HTTP.execute(it, call);
            case AgentNode it -> AGENT.execute(it, call);
        };
    }
}
