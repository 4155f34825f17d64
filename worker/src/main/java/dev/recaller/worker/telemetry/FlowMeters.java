package dev.recaller.worker.telemetry;

import dev.recaller.flow.FlowContext;
import dev.recaller.flow.FlowListener;
import dev.recaller.worker.telemetry.Meters.MemoryOutcome;
import dev.recaller.worker.telemetry.Meters.Recall;
import dev.recaller.worker.telemetry.Meters.Stage;
import java.time.Duration;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/** What flows do, as metrics and log lines. Never what was said: that is personal data. */
public final class FlowMeters implements FlowListener {
    private static final Logger log = LoggerFactory.getLogger(FlowMeters.class);

    private final Meters meters;

    public FlowMeters(Meters meters) {
        this.meters = meters;
    }

    @Override
    public void nodeEntered(FlowContext context, String nodeId, String type) {
        log.debug("at node {} ({})", nodeId, type);
    }

    /** Before anything was said, the phone is still ringing: that is the prefetch. */
    @Override
    public void recalled(FlowContext context, RecallOutcome outcome, Duration took) {
        boolean ringing = context.turns().isEmpty();
        meters.recalled(ringing ? Recall.PREFETCH : Recall.SEARCH, MemoryOutcome.valueOf(outcome.name()), took);
        if (!ringing) {
            meters.turn(Stage.RECALL, took);
        }
        log.info("recall: {} in {} ms", outcome.name().toLowerCase(Locale.ROOT), took.toMillis());
    }

    @Override
    public void stored(FlowContext context, int turns, Duration took) {
        meters.stored(MemoryOutcome.STORED, took);
        try (var _ = inCall(context)) {
            log.info("stored {} turns in {} ms", turns, took.toMillis());
        }
    }

    @Override
    public void storeFailed(FlowContext context, int turns, boolean last, RuntimeException cause) {
        meters.stored(MemoryOutcome.ERROR, Duration.ZERO);
        try (var _ = inCall(context)) {
            if (last) {
                log.error("{} turns are lost: {}", turns, cause.getMessage());
            } else {
                log.warn("{} turns could not be stored, it is tried again: {}", turns, cause.getMessage());
            }
        }
    }

    /** Storing has threads of its own. */
    private static MDC.MDCCloseable inCall(FlowContext context) {
        return MDC.putCloseable(Logging.CALL, context.callId().toString());
    }

    @Override
    public void warning(FlowContext context, String nodeId, String message) {
        log.warn("node {}: {}", nodeId, message);
    }
}
