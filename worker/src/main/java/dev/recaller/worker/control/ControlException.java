package dev.recaller.worker.control;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.BadRequest;
import com.google.rpc.ErrorInfo;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.util.StringJoiner;

/** The control API refused, or did not answer. */
public final class ControlException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private ControlException(String message, Throwable cause) {
        super(message, cause);
    }

    /** With everything the server said of it. */
    static ControlException of(StatusRuntimeException failure) {
        var status = StatusProto.fromThrowable(failure);
        String message = failure.getStatus().getDescription();
        var text = new StringJoiner("; ");
        text.add(failure.getStatus().getCode().name());
        if (status != null) {
            for (Any detail : status.getDetailsList()) {
                add(detail, text);
            }
        }
        return new ControlException((message == null ? "no answer" : message) + " (" + text + ")", failure);
    }

    private static void add(Any detail, StringJoiner text) {
        try {
            if (detail.is(ErrorInfo.class)) {
                text.add(detail.unpack(ErrorInfo.class).getReason());
            } else if (detail.is(BadRequest.class)) {
                detail.unpack(BadRequest.class).getFieldViolationsList().stream()
                        .skip(1)
                        .forEach(mistake -> text.add(mistake.getField() + ": " + mistake.getDescription()));
            }
        } catch (InvalidProtocolBufferException e) {
            text.add("a detail that cannot be read");
        }
    }
}
