package dev.recaller.worker.control;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.Durations;
import com.google.rpc.BadRequest;
import com.google.rpc.BadRequest.FieldViolation;
import com.google.rpc.ErrorInfo;
import com.google.rpc.RetryInfo;
import dev.recaller.livekit.LiveKitException;
import dev.recaller.memory.MemoryException;
import dev.recaller.sql.DatabaseException;
import io.grpc.Status;
import io.grpc.StatusException;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.net.URI;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers that are errors: a code, a message, and what programs read. None tells what is in the database or in a request. */
final class Failures {
    private static final Logger log = LoggerFactory.getLogger(Failures.class);
    private static final String DOMAIN = "recaller.dev";
    static final String CALL_ELSEWHERE = "CALL_ELSEWHERE";
    /** Of that: the URL of the worker's control API, or nothing. */
    static final String WORKER = "worker";

    private Failures() {}

    static StatusRuntimeException of(Status.Code code, String reason, String message) {
        return failure(code, message, List.of(Any.pack(info(reason, Map.of()))));
    }

    /** Worth another try after this time. */
    static StatusRuntimeException tooMany(String reason, String message, Duration after) {
        return retry(Status.Code.RESOURCE_EXHAUSTED, reason, message, after);
    }

    /** Mistakes in a request, all of them. */
    static StatusRuntimeException invalid(String reason, List<FieldViolation> mistakes) {
        return withMistakes(Status.Code.INVALID_ARGUMENT, reason, mistakes);
    }

    static StatusRuntimeException withMistakes(Status.Code code, String reason, List<FieldViolation> mistakes) {
        FieldViolation first = mistakes.getFirst();
        String more = mistakes.size() == 1 ? "" : " (and " + (mistakes.size() - 1) + " more)";
        return failure(
                code,
                first.getField() + ": " + first.getDescription() + more,
                List.of(
                        Any.pack(info(reason, Map.of())),
                        Any.pack(BadRequest.newBuilder()
                                .addAllFieldViolations(mistakes)
                                .build())));
    }

    /** As things stand it cannot be done. */
    static StatusRuntimeException refused(String reason, String message) {
        return of(Status.Code.FAILED_PRECONDITION, reason, message);
    }

    /** Another worker is to be asked; null: nobody knows where. */
    static StatusRuntimeException elsewhere(@Nullable URI worker) {
        String where = worker == null ? "" : worker.toString();
        return failure(
                Status.Code.FAILED_PRECONDITION,
                "the call goes on in another worker: "
                        + (where.isEmpty() ? "ask there (it does not tell its RECALLER_CONTROL_URL)" : "ask " + where),
                List.of(Any.pack(info(CALL_ELSEWHERE, Map.of(WORKER, where)))));
    }

    static StatusRuntimeException notFound(String reason, String message) {
        return of(Status.Code.NOT_FOUND, reason, message);
    }

    /** What to answer when this was thrown. What nobody foresaw is logged, and the answer tells where to look. */
    static StatusRuntimeException of(Throwable thrown) {
        return switch (thrown) {
            case StatusRuntimeException status
            when isUnreadable(status) ->
                of(Status.Code.INVALID_ARGUMENT, "MESSAGE_UNREADABLE", "this is no message of the method's type");
            case StatusRuntimeException status -> status;
            case StatusException status -> status.getStatus().asRuntimeException(status.getTrailers());
            case MemoryException memory ->
                switch (memory.code()) {
                    case NOT_FOUND -> notFound("MEMORY_UNKNOWN", "there is no such memory");
                    case TIMEOUT, UNAVAILABLE -> database();
                };
            case DatabaseException refused when refused.code() == DatabaseException.Code.REFUSED -> defect(thrown);
            case DatabaseException _ -> database();
            case LiveKitException liveKit -> {
                log.warn("LiveKit's server did not do what the control API asked: {}", liveKit.getMessage());
                yield retry(
                        Status.Code.UNAVAILABLE,
                        "LIVEKIT",
                        "LiveKit's server does not do it now: the worker's log tells more",
                        Duration.ofSeconds(1));
            }
            case InterruptedException _ ->
                of(Status.Code.CANCELLED, "CANCELLED", "the request ended before its answer");
            default -> defect(thrown);
        };
    }

    private static boolean isUnreadable(StatusRuntimeException status) {
        return status.getStatus().getCode() == Status.Code.INTERNAL
                && status.getCause() instanceof InvalidProtocolBufferException;
    }

    /** For a statement that failed. */
    static StatusRuntimeException database(SQLException failed) {
        log.warn("the database did not answer the control API: {}", failed.getMessage());
        return database();
    }

    private static StatusRuntimeException database() {
        return retry(
                Status.Code.UNAVAILABLE, "DATABASE", "the database does not answer: ask again", Duration.ofSeconds(1));
    }

    private static StatusRuntimeException defect(Throwable thrown) {
        String id = UUID.randomUUID().toString();
        log.error("a request of the control API failed, {}", id, thrown);
        return failure(
                Status.Code.INTERNAL,
                "this is our mistake: the worker's log has it as " + id,
                List.of(Any.pack(info("DEFECT", Map.of("id", id)))));
    }

    private static StatusRuntimeException retry(Status.Code code, String reason, String message, Duration after) {
        return failure(
                code,
                message,
                List.of(
                        Any.pack(info(reason, Map.of())),
                        Any.pack(RetryInfo.newBuilder()
                                .setRetryDelay(Durations.fromMillis(after.toMillis()))
                                .build())));
    }

    private static ErrorInfo info(String reason, Map<String, String> metadata) {
        return ErrorInfo.newBuilder()
                .setDomain(DOMAIN)
                .setReason(reason)
                .putAllMetadata(metadata)
                .build();
    }

    private static StatusRuntimeException failure(Status.Code code, String message, List<Any> details) {
        return StatusProto.toStatusRuntimeException(com.google.rpc.Status.newBuilder()
                .setCode(code.value())
                .setMessage(message)
                .addAllDetails(details)
                .build());
    }
}
