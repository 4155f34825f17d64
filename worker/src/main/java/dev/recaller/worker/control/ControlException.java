package dev.recaller.worker.control;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.BadRequest;
import com.google.rpc.ErrorInfo;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;

/** The control API refused, or did not answer. */
public final class ControlException extends RuntimeException {

    private static final long serialVersionUID = 1;

    /**
     * Something that is wrong in a request.
     *
     * @param field where: a field of the request, a JSON pointer, a line of a file
     */
    public record Mistake(String field, String message) {}

    private final String reason;
    private final transient List<Mistake> mistakes;

    private ControlException(String message, String reason, List<Mistake> mistakes, Throwable cause) {
        super(message, cause);
        this.reason = reason;
        this.mistakes = List.copyOf(mistakes);
    }

    /** With everything the server said of it. */
    static ControlException of(StatusRuntimeException failure) {
        String reason = "";
        List<Mistake> mistakes = new ArrayList<>();
        var status = StatusProto.fromThrowable(failure);
        try {
            for (Any detail : status == null ? List.<Any>of() : status.getDetailsList()) {
                if (detail.is(ErrorInfo.class)) {
                    reason = detail.unpack(ErrorInfo.class).getReason();
                } else if (detail.is(BadRequest.class)) {
                    detail.unpack(BadRequest.class)
                            .getFieldViolationsList()
                            .forEach(it -> mistakes.add(new Mistake(it.getField(), it.getDescription())));
                }
            }
        } catch (InvalidProtocolBufferException e) {
            failure.addSuppressed(e);
        }
        return new ControlException(message(failure, reason, mistakes), reason, mistakes, failure);
    }

    private static String message(StatusRuntimeException failure, String reason, List<Mistake> mistakes) {
        var text = new StringJoiner("; ");
        if (mistakes.isEmpty()) {
            String said = failure.getStatus().getDescription();
            text.add(said == null ? "no answer" : said);
        }
        mistakes.forEach(mistake -> text.add(mistake.field() + ": " + mistake.message()));
        String code = failure.getStatus().getCode().name();
        return text + " (" + (reason.isEmpty() ? code : code + " " + reason) + ")";
    }

    /** As {@code access.proto} and the methods name it, for programs; empty when it is not our server that says so. */
    public String reason() {
        return reason;
    }

    /** All that is wrong with the request; empty when something else is. */
    public List<Mistake> mistakes() {
        return mistakes;
    }
}
