package dev.recaller.worker.recording;

import static java.util.Objects.requireNonNull;

import java.net.URI;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Where an operator wants recordings to be kept. */
public sealed interface Place {

    /** A folder that all workers see, if there are several. */
    record Folder(Path path) implements Place {
        public Folder {
            requireNonNull(path, "path is null");
        }

        @Override
        public String toString() {
            return path.toString();
        }
    }

    /**
     * A bucket of a storage that speaks S3.
     *
     * @param prefix before every name; empty or with a slash at its end
     */
    record Bucket(URI endpoint, String region, String bucket, String prefix, Keys keys) implements Place {
        public Bucket {
            requireNonNull(endpoint, "endpoint is null");
            requireNonNull(keys, "keys is null");
        }

        @Override
        public String toString() {
            return "s3://" + bucket + "/" + prefix;
        }
    }

    /** What requests to a bucket are signed with. */
    record Keys(String id, String secret, @Nullable String token) {
        @Override
        public String toString() {
            return "Keys";
        }
    }
}
