package dev.recaller.worker.store;

import dev.recaller.worker.store.FlowArchive.Canary;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What calls of an organization run of a flow.
 *
 * @param version of all calls or, beside a canary, of the others
 */
record Active(int version, @Nullable Canary canary) {

    /**
     * The version a call runs: by its id and the flow's alone, so that a worker that goes on with it finds the same, and that
     * of two flows not the same calls are the canaries.
     */
    int version(String flowId, UUID callId) {
        return canary != null && hundredth(flowId + "/" + callId) < canary.percent() ? canary.version() : version;
    }

    /** 0 to 99, each as often: the remainder of 56 bits is uneven by less than 1 in 10^14. */
    private static int hundredth(String text) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            long bits = 0;
            for (int i = 0; i < 7; i++) {
                bits = (bits << 8) | (hash[i] & 0xff);
            }
            return (int) (bits % 100);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
