package dev.recaller.livekit.ffi;

import com.google.protobuf.Message;
import dev.recaller.livekit.ffi.proto.FfiOwnedHandle;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.function.Consumer;

/**
 * The native handles that one owner must give back. An id in here is dropped exactly once: by {@link #drop}, or by
 * {@link #close}, newest first, as children come after their parents. What is owned after the close is dropped at
 * once, so that a late event leaks nothing. Any thread.
 */
public final class Handles implements AutoCloseable {
    private final Ffi ffi;
    private final LinkedHashSet<Long> ids = new LinkedHashSet<>();
    private boolean closed;

    Handles(Ffi ffi) {
        this.ffi = ffi;
    }

    /** Takes ownership of one handle; returns its id for use in requests. */
    public long own(FfiOwnedHandle handle) {
        ffi.countOwned();
        boolean late;
        synchronized (this) {
            late = closed;
            if (!late) {
                ids.add(handle.getId());
            }
        }
        if (late) {
            ffi.drop(handle.getId());
        }
        return handle.getId();
    }

    /** Takes ownership of every handle anywhere in a message. */
    public void ownAll(Message message) {
        forEach(message, this::own);
    }

    /** Gives one handle back before the others; nothing happens if it is not, or no longer, in here. */
    public void drop(long id) {
        boolean owned;
        synchronized (this) {
            owned = ids.remove(id);
        }
        if (owned) {
            ffi.drop(id);
        }
    }

    @Override
    public void close() {
        List<Long> newestFirst;
        synchronized (this) {
            closed = true;
            newestFirst = new ArrayList<>(ids).reversed();
            ids.clear();
        }
        newestFirst.forEach(ffi::drop);
    }

    static void forEach(Message message, Consumer<FfiOwnedHandle> consumer) {
        if (message instanceof FfiOwnedHandle handle) {
            consumer.accept(handle);
            return;
        }
        for (Object value : message.getAllFields().values()) {
            if (value instanceof Message child) {
                forEach(child, consumer);
            } else if (value instanceof List<?> children) {
                for (Object child : children) {
                    if (child instanceof Message childMessage) {
                        forEach(childMessage, consumer);
                    }
                }
            }
        }
    }
}
