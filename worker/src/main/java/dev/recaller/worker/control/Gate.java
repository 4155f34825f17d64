package dev.recaller.worker.control;

import com.google.protobuf.Descriptors.MethodDescriptor;
import dev.recaller.worker.control.v1.Access;
import dev.recaller.worker.control.v1.Role;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.ProtoMethodDescriptorSupplier;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What every request passes: a key that holds, with the role the method names in the published {@code .proto}, within the
 * key's rate and the server's deadline. What is let through and what is not stands in the audit of the key's organization.
 */
final class Gate implements ServerInterceptor {

    static final Metadata.Key<String> AUTHORIZATION =
            Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);

    private static final double REQUESTS_A_SECOND = 50;

    private final Keyring keyring;
    private final Journal journal;
    private final Deadlines deadlines;
    private final RateLimit rate;

    Gate(Keyring keyring, Journal journal, Deadlines deadlines, LongSupplier nanoTime) {
        this.keyring = keyring;
        this.journal = journal;
        this.deadlines = deadlines;
        rate = new RateLimit(REQUESTS_A_SECOND, nanoTime);
    }

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        var method = call.getMethodDescriptor();
        Request request;
        try {
            switch (keyring.proof(headers.get(AUTHORIZATION))) {
                case Keyring.Proof.Proved(var asking) -> request = new Request(asking);
                case Keyring.Proof.Nothing(var why, var whose, var answer) -> {
                    journal.denied(why, whose, method.getFullMethodName());
                    return refused(call, answer);
                }
            }
        } catch (RuntimeException e) {
            return refused(call, Failures.of(e));
        }
        var guarded = new GuardedCall<>(call, status -> journal.note(request, method.getFullMethodName(), status));
        try {
            check(request.asking(), needed(method.getSchemaDescriptor()));
        } catch (StatusRuntimeException e) {
            return refused(guarded, e);
        }
        Context context = Context.current().withValue(Request.KEY, request);
        var listener = new GuardedListener<>(Contexts.interceptCall(context, guarded, headers, next), guarded, context);
        deadlines.watch(listener, method.getType());
        return listener;
    }

    private void check(Asking asking, Role needed) {
        if (!asking.may(needed)) {
            throw Failures.of(
                    Status.Code.PERMISSION_DENIED,
                    "ROLE_TOO_SMALL",
                    "the key has the role " + asking.role() + ", this needs " + needed);
        }
        if (!rate.take(asking.actor())) {
            throw Failures.tooMany("RATE_LIMIT", "this key asks too often", Duration.ofSeconds(1));
        }
    }

    /** As the method's option says. */
    private static Role needed(@Nullable Object schema) {
        return schema instanceof ProtoMethodDescriptorSupplier supplier
                ? needed(supplier.getMethodDescriptor())
                : Role.ROLE_UNSPECIFIED;
    }

    static Role needed(MethodDescriptor method) {
        return method.getOptions().getExtension(Access.role);
    }

    private static <Q, A> ServerCall.Listener<Q> refused(ServerCall<Q, A> call, StatusRuntimeException why) {
        call.close(why.getStatus(), why.getTrailers() == null ? new Metadata() : why.getTrailers());
        return new ServerCall.Listener<>() {};
    }
}
