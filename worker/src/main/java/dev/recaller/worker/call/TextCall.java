package dev.recaller.worker.call;

import dev.recaller.flow.EndReason;
import dev.recaller.flow.FlowContext;
import dev.recaller.flow.FlowResult;
import dev.recaller.flow.definition.Flow;
import dev.recaller.flow.definition.MetadataSource;
import dev.recaller.flow.line.Line;
import dev.recaller.flow.line.Transferred;
import dev.recaller.memory.Assurance;
import dev.recaller.worker.caller.Caller;
import dev.recaller.worker.caller.CallerId;
import dev.recaller.worker.store.CallStore;
import dev.recaller.worker.telemetry.Logging;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/** A conversation in text that somebody begins from outside: the same flow and the same memory as on the telephone. */
public final class TextCall {
    private static final Logger log = LoggerFactory.getLogger(TextCall.class);

    /**
     * What it is begun with.
     *
     * @param flow a file or an id; absent: the default
     * @param userId the organization's own id of the caller, which it vouches for
     * @param metadata for the flow, with {@link FlowContext#PHONE_NUMBER}
     * @param variables first values of the flow's, as text
     */
    public record Beginning(
            String organizationId,
            @Nullable String flow,
            @Nullable String userId,
            Map<String, String> metadata,
            Map<String, String> variables) {
        public Beginning {
            metadata = Map.copyOf(metadata);
            variables = Map.copyOf(variables);
        }
    }

    /** Whether it can begin. */
    public sealed interface Prepared {

        record Ready(TextCall call) implements Prepared {}

        /** There is no flow that can run. */
        record NoFlow() implements Prepared {}

        /** What is wrong with the metadata and the variables, by {@code metadata.NAME} and {@code variables.NAME}. */
        record Wrong(Map<String, String> mistakes) implements Prepared {}
    }

    private final TextServices services;
    private final Flow flow;
    private final FlowContext context;
    private final AtomicReference<@Nullable EndReason> outside = new AtomicReference<>();
    private volatile @Nullable Thread running;

    private TextCall(TextServices services, Flow flow, FlowContext context) {
        this.services = services;
        this.flow = flow;
        this.context = context;
    }

    /** Blocks for as long as the database takes. */
    public static Prepared prepare(Beginning beginning, TextServices services) {
        UUID id = services.ids().next();
        Optional<Flow> chosen = services.choice().forCall(beginning.organizationId(), beginning.flow(), id);
        if (chosen.isEmpty()) {
            return new Prepared.NoFlow();
        }
        Flow flow = chosen.get();
        Map<String, String> mistakes = new LinkedHashMap<>();
        Map<String, String> told = new HashMap<>(beginning.metadata());
        String number = told.remove(FlowContext.PHONE_NUMBER);
        Caller caller = CallerId.of(number, flow.configuration().defaultRegion());
        if (caller.kind() == Caller.Kind.INVALID) {
            mistakes.put("metadata." + FlowContext.PHONE_NUMBER, "this is no telephone number");
        }
        told.forEach((name, value) -> {
            if (!flow.configuration().metadata().containsKey(name)) {
                mistakes.put("metadata." + name, "the flow " + flow.id() + " takes no metadata of this name");
            } else if (value.length() > MetadataSource.MAX_LENGTH) {
                mistakes.put("metadata." + name, "more than " + MetadataSource.MAX_LENGTH + " characters");
            }
        });
        Optional.ofNullable(caller.phoneNumber()).ifPresent(it -> told.put(FlowContext.PHONE_NUMBER, it));
        String userId = beginning.userId();
        var context = new FlowContext(
                id, beginning.organizationId(), userId, told, userId == null ? caller.assurance() : Assurance.VERIFIED);
        Given.set(context, flow, beginning.variables())
                .forEach((name, mistake) -> mistakes.put("variables." + name, mistake));
        return mistakes.isEmpty()
                ? new Prepared.Ready(new TextCall(services, flow, context))
                : new Prepared.Wrong(mistakes);
    }

    public UUID id() {
        return context.callId();
    }

    /** Runs it to its end. Never throws what a call can suffer: it is in the reason. */
    public EndReason run(Line line) {
        MDC.put(Logging.CALL, id().toString());
        MDC.put(Logging.ORGANIZATION, context.organizationId());
        running = Thread.currentThread();
        Instant began = services.clock().instant();
        LiveCall live = services.live()
                .begin(
                        new LiveCall.Facts(id(), context.organizationId(), flow.id(), flow.version(), false, began),
                        new Text());
        CallStore.Call row = CallStore.Call.ofText(
                id(), context.organizationId(), flow.id(), flow.version(), retentionDays(), began);
        boolean saved = services.store().save(row);
        EndReason reason = EndReason.FLOW_ERROR;
        try {
            reason = converse(new OperatedLine(line, live.words(), true));
        } finally {
            running = null;
            boolean _ = Thread.interrupted();
            services.store().end(row.ended(services.clock().instant(), reason), saved);
            services.afterCalls().ended(id(), () -> {});
            services.live().end(live, reason);
            log.info("conversation in text ended: {}", reason.label());
            MDC.remove(Logging.CALL);
            MDC.remove(Logging.ORGANIZATION);
        }
        return reason;
    }

    /** Ends it from outside. Any thread. */
    public void end(EndReason reason) {
        if (outside.compareAndSet(null, reason)) {
            Thread thread = running;
            if (thread != null) {
                thread.interrupt();
            }
        }
    }

    private EndReason converse(Line line) {
        try {
            if (outside.get() != null) {
                return endedOutside(EndReason.OPERATOR);
            }
            FlowResult result = services.flows().run(flow, context, line);
            if (result.failure() != null) {
                Conversation.broke(log, result.failure());
            }
            return endedOutside(result.reason());
        } catch (InterruptedException e) {
            return endedOutside(EndReason.WORKER_DRAINING);
        } catch (RuntimeException e) {
            log.error("the conversation in text failed", e);
            return EndReason.FLOW_ERROR;
        }
    }

    private EndReason endedOutside(EndReason otherwise) {
        EndReason reason = outside.get();
        return reason == null ? otherwise : reason;
    }

    private int retentionDays() {
        return CallRow.retentionDays(services.memory(), context.organizationId(), flow);
    }

    private final class Text implements LiveCall.Steering {
        @Override
        public void hangUp() {
            end(EndReason.OPERATOR);
        }

        @Override
        public Transferred transfer(String to, Duration ring) {
            return new Transferred.Failed("a conversation in text has no telephone");
        }
    }
}
