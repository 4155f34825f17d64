package dev.recaller.livekit.ffi;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BOOLEAN;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import dev.recaller.livekit.LiveKitException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;

/**
 * The C functions of liblivekit_ffi. The library is never unloaded: its threads outlive every call into it, so the
 * library, the callback and the two names live in the global arena.
 */
@SuppressWarnings("restricted") // native code is this class's purpose; it runs with --enable-native-access
final class NativeLibrary {
    private static final long INVALID_HANDLE = 0;

    private final MethodHandle initialize;
    private final MethodHandle request;
    private final MethodHandle dropHandle;
    private final MethodHandle dispose;

    private NativeLibrary(SymbolLookup symbols) {
        Linker linker = Linker.nativeLinker();
        initialize = linker.downcallHandle(
                symbols.findOrThrow("livekit_ffi_initialize"),
                FunctionDescriptor.ofVoid(ADDRESS, JAVA_BOOLEAN, ADDRESS, ADDRESS));
        request = linker.downcallHandle(
                symbols.findOrThrow("livekit_ffi_request"),
                FunctionDescriptor.of(JAVA_LONG, ADDRESS, JAVA_LONG, ADDRESS, ADDRESS));
        dropHandle = linker.downcallHandle(
                symbols.findOrThrow("livekit_ffi_drop_handle"), FunctionDescriptor.of(JAVA_BOOLEAN, JAVA_LONG));
        dispose = linker.downcallHandle(symbols.findOrThrow("livekit_ffi_dispose"), FunctionDescriptor.ofVoid());
    }

    static NativeLibrary load(Path file) {
        if (!Files.isRegularFile(file)) {
            throw LiveKitException.libraryMissing(file);
        }
        try {
            return new NativeLibrary(SymbolLookup.libraryLookup(file, Arena.global()));
        } catch (RuntimeException | LinkageError e) {
            throw LiveKitException.libraryUnusable(file, e);
        }
    }

    /**
     * Starts the core. {@code events} is called with each encoded event, copied, on many native threads at once; it
     * must not block and must not throw. The core logs to standard error, errors only unless RUST_LOG says more, and
     * nothing to us: its more talkative log lines name rooms and identities, which contain phone numbers.
     */
    void initialize(Consumer<byte[]> events, String name, String version) {
        try {
            MethodHandle onEvent = MethodHandles.lookup()
                    .findStatic(
                            NativeLibrary.class,
                            "onEvent",
                            MethodType.methodType(void.class, Consumer.class, MemorySegment.class, long.class));
            MemorySegment callback = Linker.nativeLinker()
                    .upcallStub(onEvent.bindTo(events), FunctionDescriptor.ofVoid(ADDRESS, JAVA_LONG), Arena.global());
            initialize.invokeExact(
                    callback,
                    false,
                    Arena.global().allocateFrom(name),
                    Arena.global().allocateFrom(version));
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    @SuppressWarnings("unused") // called by the native core
    private static void onEvent(Consumer<byte[]> events, MemorySegment data, long length) {
        events.accept(data.reinterpret(length).toArray(JAVA_BYTE));
    }

    /** Returns the response, copied; the native response is dropped before this returns. */
    byte[] request(byte[] message, String name) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment out = arena.allocate(ADDRESS);
            MemorySegment length = arena.allocate(JAVA_LONG);
            long response = (long)
                    request.invokeExact(arena.allocateFrom(JAVA_BYTE, message), (long) message.length, out, length);
            if (response == INVALID_HANDLE) {
                throw LiveKitException.requestRefused(name);
            }
            try {
                return out.get(ADDRESS, 0).reinterpret(length.get(JAVA_LONG, 0)).toArray(JAVA_BYTE);
            } finally {
                drop(response);
            }
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    /**
     * Sends a request that is in native memory already and whose response says nothing; false if it was refused. The
     * last two segments receive the response's place.
     */
    boolean send(MemorySegment message, long size, MemorySegment out, MemorySegment length) {
        try {
            long response = (long) request.invokeExact(message, size, out, length);
            return response != INVALID_HANDLE && drop(response);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    /** Gives a handle back; false if the core does not know it. */
    boolean drop(long handle) {
        try {
            return (boolean) dropHandle.invokeExact(handle);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    /** Closes what is still open and waits for it. Never from the event callback: it would wait for itself. */
    void dispose() {
        try {
            dispose.invokeExact();
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    /** Copies samples out of the core's memory, which is ours until the frame's handle is dropped. */
    static short[] samples(long address, int count) {
        return MemorySegment.ofAddress(address).reinterpret(2L * count).toArray(JAVA_SHORT);
    }

    /** Copies bytes out of the core's memory, which is ours until the buffer's handle is dropped. */
    static byte[] bytes(long address, long count) {
        return MemorySegment.ofAddress(address).reinterpret(count).toArray(JAVA_BYTE);
    }

    private static RuntimeException unexpected(Throwable e) {
        return switch (e) {
            case RuntimeException unchecked -> unchecked;
            case Error error -> throw error;
            default -> throw new AssertionError("a downcall throws nothing else", e);
        };
    }
}
