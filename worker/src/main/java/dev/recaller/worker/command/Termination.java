package dev.recaller.worker.command;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.List;

/**
 * SIGTERM and SIGINT, told before the JVM begins to shut down. A shutdown hook would be too late for a drain: ONNX Runtime
 * has one of its own that runs at the same time and takes away what models of running calls stand on.
 */
final class Termination {

    /** Of a process that ends because of SIGTERM, by the convention of shells: 128 and the signal's number. */
    static final int EXIT_CODE = 143;

    private static final List<String> SIGNALS = List.of("TERM", "INT");

    private Termination() {}

    /**
     * Has the first of these signals run {@code stop}, which must return at once; a second one ends the process.
     *
     * <p>By reflection: the JDK supports {@code sun.misc.Signal} in its module {@code jdk.unsupported}, but compiling against
     * it warns and cannot be told not to.
     */
    static void handle(Runnable stop) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            Object byDefault = handler.getField("SIG_DFL").get(null);
            var handle = signal.getMethod("handle", signal, handler);
            InvocationHandler stopping = (_, method, arguments) -> {
                if (method.getName().equals("handle")) {
                    handle.invoke(null, arguments[0], byDefault);
                    stop.run();
                }
                return null;
            };
            Object once =
                    Proxy.newProxyInstance(Termination.class.getClassLoader(), new Class<?>[] {handler}, stopping);
            for (String name : SIGNALS) {
                handle.invoke(null, signal.getConstructor(String.class).newInstance(name), once);
            }
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("this JVM does not let a program handle signals", e);
        }
    }
}
