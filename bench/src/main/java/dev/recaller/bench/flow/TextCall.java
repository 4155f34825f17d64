package dev.recaller.bench.flow;

import dev.recaller.flow.FlowContext;
import dev.recaller.flow.FlowListener;
import dev.recaller.flow.FlowResult;
import dev.recaller.flow.FlowStore;
import dev.recaller.flow.definition.Flow;
import dev.recaller.flow.engine.FlowRunner;
import dev.recaller.flow.line.Heard;
import dev.recaller.flow.line.Line;
import dev.recaller.flow.line.Said;
import dev.recaller.flow.node.FlowMemory;
import dev.recaller.memory.Assurance;
import dev.recaller.memory.CallerMemory;
import dev.recaller.memory.Conversation;
import dev.recaller.memory.MemoryConfiguration;
import dev.recaller.memory.MemoryIdentity;
import java.time.Duration;
import java.util.Iterator;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.SynchronousQueue;

/** Calls of text by withheld numbers, so that no memory is read. */
final class TextCall {

    private static final FlowMemory NO_MEMORY = new FlowMemory() {
        @Override
        public MemoryConfiguration configuration(String organizationId, MemoryConfiguration.Given flow) {
            throw new IllegalStateException("memory is not measured here");
        }

        @Override
        public CallerMemory open(MemoryIdentity identity, Assurance assurance, UUID callId, Duration limit) {
            throw new IllegalStateException("memory is not measured here");
        }

        @Override
        public void note(MemoryIdentity identity, String text) {
            throw new IllegalStateException("memory is not measured here");
        }

        @Override
        public void store(MemoryIdentity identity, Conversation conversation, MemoryConfiguration configuration) {
            throw new IllegalStateException("memory is not measured here");
        }
    };

    private static final FlowRunner RUNNER = new FlowRunner(NO_MEMORY, null, FlowListener.NONE, FlowStore.NONE);

    private TextCall() {}

    static FlowResult run(Flow flow, Line line) throws InterruptedException {
        var context = new FlowContext(UUID.randomUUID(), "bench", null, Map.of(), Assurance.ANONYMOUS);
        return RUNNER.run(flow, context, line);
    }

    /** Hears everything at once and says nothing. */
    static class Deaf implements Line {
        @Override
        public Said say(Iterator<String> sentences) {
            String said = "";
            while (sentences.hasNext()) {
                said = sentences.next();
            }
            return new Said.Whole(said);
        }

        @Override
        public Heard listen(Duration patience) throws InterruptedException {
            return new Heard.HungUp();
        }

        @Override
        public void hangUp() {}
    }

    /** Waits for words. */
    static final class Waiting extends Deaf {
        private final SynchronousQueue<Heard> words = new SynchronousQueue<>();

        @Override
        public Heard listen(Duration patience) throws InterruptedException {
            return words.take();
        }

        /** Returns when the call has taken them. */
        void tell(Heard heard) throws InterruptedException {
            words.put(heard);
        }
    }
}
