package dev.recaller.worker.control;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.BadRequest;
import com.google.rpc.ErrorInfo;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

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
    private final @Nullable URI elsewhere;

    private ControlException(
            String message, String reason, List<Mistake> mistakes, @Nullable URI elsewhere, Throwable cause) {
        super(message, cause);
        this.reason = reason;
        this.elsewhere = elsewhere;
        this.mistakes = List.copyOf(mistakes);
    }

    /** With everything the server said of it. */
    static ControlException of(StatusRuntimeException failure) {
        String reason = "";
        URI elsewhere = null;
        List<Mistake> mistakes = new ArrayList<>();
        var status = StatusProto.fromThrowable(failure);
        try {
            for (Any detail : status == null ? List.<Any>of() : status.getDetailsList()) {
                if (detail.is(ErrorInfo.class)) {
                    ErrorInfo info = detail.unpack(ErrorInfo.class);
                    reason = info.getReason();
                    String worker = info.getMetadataOrDefault(Failures.WORKER, "");
                    elsewhere = worker.isEmpty() ? null : URI.create(worker);
                } else if (detail.is(BadRequest.class)) {
                    detail.unpack(BadRequest.class)
                            .getFieldViolationsList()
                            .forEach(it -> mistakes.add(new Mistake(it.getField(), it.getDescription())));
                }
            }
        } catch (InvalidProtocolBufferException e) {
            failure.addSuppressed(e);
        }
        return new ControlException(message(failure, reason, mistakes), reason, mistakes, elsewhere, failure);
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

    /** Which worker's control API is to be asked instead, where the call goes on in another one that tells. */
    public Optional<URI> elsewhere() {
        return Optional.ofNullable(elsewhere);
    }

    /** All that is wrong with the request; empty when something else is. */
    public List<Mistake> mistakes() {
        return mistakes;
    }
}
