package dev.recaller.memory.jobs;

import com.github.kagkarlsson.scheduler.serializer.Serializer;
import dev.recaller.memory.ExtractionJob;
import org.jspecify.annotations.Nullable;

/** {@code task_data} as JSON; sweeps have none. */
final class JobData implements Serializer {

    @Override
    public byte @Nullable [] serialize(@Nullable Object data) {
        return data == null ? null : ((ExtractionJob) data).json();
    }

    @Override
    public <T> @Nullable T deserialize(Class<T> type, byte @Nullable [] data) {
        return data == null ? null : type.cast(ExtractionJob.read(data));
    }
}
