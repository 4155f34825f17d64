package dev.recaller.worker.telemetry;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.Encoder;
import ch.qos.logback.core.encoder.EncoderBase;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ThreadFactory;
import net.logstash.logback.encoder.LogstashEncoder;
import net.logstash.logback.fieldnames.LogstashFieldNames;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/** Where log lines go: standard error, as text for people or as one JSON object a line for machines. */
public final class Logging {

    /** The id of the call a thread works for, as a key of the MDC. */
    public static final String CALL = "call";

    /** Whose call it is, likewise. */
    public static final String ORGANIZATION = "organization";

    private Logging() {}

    /** Lines of {@code level} and above, ours and others'. */
    public static void start(boolean json, org.slf4j.event.Level level) {
        LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
        context.reset();
        ConsoleAppender<ILoggingEvent> appender = new ConsoleAppender<>();
        appender.setContext(context);
        appender.setName("stderr");
        appender.setTarget("System.err");
        appender.setEncoder(new Masked(json ? json(context) : text(context)));
        appender.start();
        var root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        root.setLevel(Level.convertAnSLF4JLevel(level));
        root.addAppender(appender);
        // These tell each start and stop of their own, and gRPC each header of each request, keys among them.
        for (String chatty : new String[] {"com.zaxxer.hikari", "org.flywaydb", "org.jooq", "io.netty", "io.grpc"}) {
            context.getLogger(chatty).setLevel(Level.WARN);
        }
    }

    /** Makes virtual threads that work for one call: whatever they log names it. */
    public static ThreadFactory threadsOf(String callId) {
        ThreadFactory threads =
                Thread.ofVirtual().name("call-" + callId + "-", 0).factory();
        return task -> threads.newThread(() -> {
            MDC.put(CALL, callId);
            task.run();
        });
    }

    /** As {@link #threadsOf(String)}, when it is known whose call it is. */
    public static ThreadFactory threadsOf(String callId, String organizationId) {
        ThreadFactory threads = threadsOf(callId);
        return task -> threads.newThread(() -> {
            MDC.put(ORGANIZATION, organizationId);
            task.run();
        });
    }

    private static Encoder<ILoggingEvent> text(LoggerContext context) {
        PatternLayoutEncoder encoder = new PatternLayoutEncoder();
        encoder.setContext(context);
        encoder.setPattern("%d{HH:mm:ss.SSS} %-5level %replace([%X{call}] ){'^\\[\\] $',''}%logger{0}: %msg%n");
        encoder.start();
        return encoder;
    }

    private static Encoder<ILoggingEvent> json(LoggerContext context) {
        LogstashEncoder encoder = new LogstashEncoder();
        encoder.setContext(context);
        LogstashFieldNames names = new LogstashFieldNames();
        names.setTimestamp("time");
        names.setLogger("logger");
        names.setThread("thread");
        names.setLevelValue(null);
        names.setVersion(null);
        encoder.setFieldNames(names);
        encoder.start();
        return encoder;
    }

    /** Applies {@link Mask} to whatever another encoder made, arguments and stack traces included. */
    private static final class Masked extends EncoderBase<ILoggingEvent> {

        private final Encoder<ILoggingEvent> encoder;

        Masked(Encoder<ILoggingEvent> encoder) {
            this.encoder = encoder;
        }

        @Override
        public byte[] encode(ILoggingEvent event) {
            return masked(encoder.encode(event));
        }

        @Override
        public byte[] headerBytes() {
            return encoder.headerBytes();
        }

        @Override
        public byte[] footerBytes() {
            return encoder.footerBytes();
        }

        private static byte[] masked(byte[] line) {
            return Mask.apply(new String(line, StandardCharsets.UTF_8)).getBytes(StandardCharsets.UTF_8);
        }
    }
}
