package dev.recaller.worker.control;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.BadRequest;
import com.google.rpc.ErrorInfo;
import io.grpc.protobuf.StatusProto;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** Errors as programs read them. */
final class Refusals {

    private Refusals() {}

    /** The code and the reason: {@code NOT_FOUND CALL_UNKNOWN}. */
    static String of(ThrowingCallable call) {
        Throwable thrown = catchThrowable(call);
        assertThat(thrown).as("a refusal").isNotNull();
        return of(thrown);
    }

    static String of(Throwable thrown) {
        var status = status(thrown);
        String code = com.google.rpc.Code.forNumber(status.getCode()).name();
        return unpacked(status, ErrorInfo.class).stream()
                .findFirst()
                .map(info -> code + " " + info.getReason())
                .orElse(code);
    }

    /** What the database says. */
    static String sql(ThrowingCallable statement) {
        Throwable thrown = catchThrowable(statement);
        assertThat(thrown).isNotNull();
        return String.valueOf(thrown.getMessage());
    }

    /** The fields that are wrong. */
    static List<String> fields(ThrowingCallable call) {
        Throwable thrown = catchThrowable(call);
        assertThat(thrown).isNotNull();
        return unpacked(status(thrown), BadRequest.class).stream()
                .flatMap(request -> request.getFieldViolationsList().stream())
                .map(BadRequest.FieldViolation::getField)
                .toList();
    }

    private static com.google.rpc.Status status(Throwable thrown) {
        return requireNonNull(StatusProto.fromThrowable(thrown), thrown.toString());
    }

    private static <M extends com.google.protobuf.Message> List<M> unpacked(
            com.google.rpc.Status status, Class<M> type) {
        List<M> found = new ArrayList<>();
        for (Any detail : status.getDetailsList()) {
            if (detail.is(type)) {
                try {
                    found.add(detail.unpack(type));
                } catch (InvalidProtocolBufferException e) {
                    throw new AssertionError(e);
                }
            }
        }
        return found;
    }
}
