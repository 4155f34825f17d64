package dev.recaller.worker.command;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;

/**
 * Signals of POSIX, by their names without {@code SIG}. By reflection: the JDK supports {@code sun.misc.Signal} in its module
 * {@code jdk.unsupported}, but compiling against it warns and cannot be told not to.
 */
final class Signals {

    private Signals() {}

    /** Runs the action for each such signal from now on, on a thread of the JVM's; it must return at once. */
    static void on(String name, Runnable action) {
        InvocationHandler running = (_, method, _) -> {
            if (method.getName().equals("handle")) {
                action.run();
            }
            return null;
        };
        try {
            Class<?> handler = handler();
            handle(name, Proxy.newProxyInstance(Signals.class.getClassLoader(), new Class<?>[] {handler}, running));
        } catch (ReflectiveOperationException e) {
            throw unsupported(e);
        }
    }

    /** The signal does from now on what it does without us. */
    static void leave(String name) {
        try {
            handle(name, handler().getField("SIG_DFL").get(null));
        } catch (ReflectiveOperationException e) {
            throw unsupported(e);
        }
    }

    private static void handle(String name, Object handler) throws ReflectiveOperationException {
        Class<?> signal = Class.forName("sun.misc.Signal");
        Method handle = signal.getMethod("handle", signal, handler());
        handle.invoke(null, signal.getConstructor(String.class).newInstance(name), handler);
    }

    private static Class<?> handler() throws ClassNotFoundException {
        return Class.forName("sun.misc.SignalHandler");
    }

    private static IllegalStateException unsupported(ReflectiveOperationException e) {
        return new IllegalStateException("this JVM does not let a program handle signals", e);
    }
}
