package dev.recaller.flow.node;

import dev.recaller.flow.definition.Node;

/** Which executor runs which node. */
public final class NodeExecutors {

    private static final MemoryRecallNodeExecutor MEMORY_RECALL = new MemoryRecallNodeExecutor();
    private static final MemoryStoreNodeExecutor MEMORY_STORE = new MemoryStoreNodeExecutor();
    private static final SayNodeExecutor SAY = new SayNodeExecutor();
    private static final ListenNodeExecutor LISTEN = new ListenNodeExecutor();
    private static final AgentNodeExecutor AGENT = new AgentNodeExecutor();
    private static final ConditionNodeExecutor CONDITION = new ConditionNodeExecutor();
    private static final SetNodeExecutor SET = new SetNodeExecutor();
    private static final HangupNodeExecutor HANGUP = new HangupNodeExecutor();

    private NodeExecutors() {}

    public static Outcome execute(Node node, Call call) throws InterruptedException {
        return switch (node) {
            case Node.MemoryRecall it -> MEMORY_RECALL.execute(it, call);
            case Node.MemoryStore it -> MEMORY_STORE.execute(it, call);
            case Node.Say it -> SAY.execute(it, call);
            case Node.Listen it -> LISTEN.execute(it, call);
            case Node.Agent it -> AGENT.execute(it, call);
            case Node.Condition it -> CONDITION.execute(it, call);
            case Node.SetVariables it -> SET.execute(it, call);
            case Node.Hangup it -> HANGUP.execute(it, call);
        };
    }
}
