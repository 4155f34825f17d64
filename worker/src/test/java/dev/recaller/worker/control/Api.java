package dev.recaller.worker.control;

import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.Descriptors.MethodDescriptor;
import com.google.protobuf.Descriptors.ServiceDescriptor;
import com.google.protobuf.DynamicMessage;
import dev.recaller.worker.control.v1.CallsOuterClass;
import dev.recaller.worker.control.v1.FlowsOuterClass;
import dev.recaller.worker.control.v1.MemoriesOuterClass;
import dev.recaller.worker.control.v1.Worker;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Every method of the API, as its published descriptors have them, and a client of bytes. */
final class Api {

    record Method(MethodDescriptor descriptor) {

        String name() {
            return descriptor.getService().getFullName() + "/" + descriptor.getName();
        }

        DynamicMessage.Builder request() {
            return DynamicMessage.newBuilder(descriptor.getInputType());
        }

        private io.grpc.MethodDescriptor<byte[], byte[]> grpc() {
            MethodType type = descriptor.isClientStreaming()
                    ? descriptor.isServerStreaming() ? MethodType.BIDI_STREAMING : MethodType.CLIENT_STREAMING
                    : descriptor.isServerStreaming() ? MethodType.SERVER_STREAMING : MethodType.UNARY;
            return io.grpc.MethodDescriptor.<byte[], byte[]>newBuilder()
                    .setType(type)
                    .setFullMethodName(name())
                    .setRequestMarshaller(new Bytes())
                    .setResponseMarshaller(new Bytes())
                    .build();
        }
    }

    /**
     * What came of a request.
     *
     * @param failure absent: it was answered to the end, or still was when we had enough
     */
    record Outcome(List<byte[]> answers, @Nullable StatusRuntimeException failure) {}

    private Api() {}

    static List<Method> methods() {
        List<Method> methods = new ArrayList<>();
        for (FileDescriptor file : List.of(
                CallsOuterClass.getDescriptor(),
                MemoriesOuterClass.getDescriptor(),
                FlowsOuterClass.getDescriptor(),
                Worker.getDescriptor())) {
            for (ServiceDescriptor service : file.getServices()) {
                service.getMethods().forEach(method -> methods.add(new Method(method)));
            }
        }
        return methods;
    }

    /** Sends these bytes as the request; a stream of answers is read for as long as the patience lasts. */
    static Outcome ask(Channel channel, Method method, byte[] request, long patienceMs) throws InterruptedException {
        List<byte[]> answers = new ArrayList<>();
        var failure = new AtomicReference<@Nullable StatusRuntimeException>();
        var over = new CountDownLatch(1);
        ClientCall<byte[], byte[]> call = channel.newCall(method.grpc(), CallOptions.DEFAULT);
        StreamObserver<byte[]> reading = new StreamObserver<>() {
            @Override
            public void onNext(byte[] answer) {
                synchronized (answers) {
                    answers.add(answer);
                }
            }

            @Override
            public void onError(Throwable thrown) {
                failure.set((StatusRuntimeException) thrown);
                over.countDown();
            }

            @Override
            public void onCompleted() {
                over.countDown();
            }
        };
        if (method.descriptor().isClientStreaming()) {
            StreamObserver<byte[]> out = method.descriptor().isServerStreaming()
                    ? ClientCalls.asyncBidiStreamingCall(call, reading)
                    : ClientCalls.asyncClientStreamingCall(call, reading);
            out.onNext(request);
            out.onCompleted();
        } else if (method.descriptor().isServerStreaming()) {
            ClientCalls.asyncServerStreamingCall(call, request, reading);
        } else {
            ClientCalls.asyncUnaryCall(call, request, reading);
        }
        if (!over.await(patienceMs, TimeUnit.MILLISECONDS)) {
            call.cancel("that is enough", null);
            over.await(5, TimeUnit.SECONDS);
            failure.set(null);
        }
        synchronized (answers) {
            return new Outcome(List.copyOf(answers), failure.get());
        }
    }

    private static final class Bytes implements io.grpc.MethodDescriptor.Marshaller<byte[]> {
        @Override
        public InputStream stream(byte[] value) {
            return new ByteArrayInputStream(value);
        }

        @Override
        public byte[] parse(InputStream stream) {
            try {
                return stream.readAllBytes();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
